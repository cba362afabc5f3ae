#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <string>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

class JournalCalls : public ApiTest {
 protected:
  /// The next piece of a stream; "(end)" at its end.
  std::string next(const Response& response) {
    std::optional<std::string> text;
    boost::asio::co_spawn(
        context_, response.source->next(),
        [&text](std::exception_ptr, std::optional<std::string> piece) { text = piece.value_or("(end)"); });
    clock_.run_until([&text] { return text.has_value(); }, std::chrono::hours(1));
    return text.value();
  }
};

TEST_F(JournalCalls, TheJournalThenFromASequenceNumberByPages) {
  for (int i = 0; i < 5; ++i) {
    fakes_.journal.write("alert.released", alert_id, {{"radiusKm", "100"}});
  }
  const boost::json::value first = json(ask(get("/journal?after=1&page_size=2")));
  ASSERT_EQ(first.at("entries").as_array().size(), 2U);
  const boost::json::value& entry = first.at("entries").at(0);
  EXPECT_EQ(entry.at("sequence").as_string(), "2");
  EXPECT_EQ(entry.at("actor").as_string(), "210102000000/021533");
  EXPECT_EQ(entry.at("type").as_string(), "alert.released");
  EXPECT_EQ(entry.at("subject").as_string(), alert_id);
  EXPECT_EQ(entry.at("detail").at("radiusKm").as_string(), "100");
  const std::string token(first.at("nextPageToken").as_string());
  const boost::json::value second = json(ask(get("/journal?page_size=3&page_token=" + token)));
  EXPECT_EQ(second.at("entries").at(0).at("sequence").as_string(), "4");
  EXPECT_EQ(second.at("entries").as_array().size(), 2U);
  EXPECT_EQ(second.at("nextPageToken").as_string(), "");
}

TEST_F(JournalCalls, LinesKeptApartForAnswersThenStillNameTheAlert) {
  fakes_.journal.write("acknowledgement", alert_id + "/answers",
                       {{"alertId", alert_id}, {"counts", "RECEIVED=2"}});
  EXPECT_EQ(json(ask(get("/journal"))).at("entries").at(0).at("subject").as_string(), alert_id);
}

TEST_F(JournalCalls, ABadSequenceThen422WithItsParameter) {
  EXPECT_EQ(paths(ask(get("/journal?after=x"))), std::vector<std::string>{"after"});
  EXPECT_EQ(paths(ask(get("/events?last_event_id=-1"))), std::vector<std::string>{"Last-Event-ID"});
}

TEST_F(JournalCalls, EventsWithoutAnIdThenBeginNow) {
  fakes_.journal.write("alert.released", alert_id);
  const Response response = ask(get("/events"));
  EXPECT_EQ(response.content_type, "text/event-stream");
  EXPECT_EQ(next(response), "retry: 3000\n\n");
  fakes_.journal.write("alert.updated", alert_id, {{"revision", "2"}, {"step", "0"}});
  const std::string event = next(response);
  EXPECT_TRUE(event.starts_with("id: 2\nevent: alert.updated\ndata: {")) << event;
  EXPECT_TRUE(event.ends_with("}\n\n"));
  const boost::json::value data = boost::json::parse(event.substr(event.find('{')));
  EXPECT_EQ(data.at("alertId").as_string(), alert_id);
  EXPECT_EQ(data.at("revision").as_int64(), 2);
}

TEST_F(JournalCalls, EventsWithAnIdThenGoOnAfterIt) {
  for (int i = 0; i < 3; ++i) {
    fakes_.journal.write("alert.released", alert_id);
  }
  Request by_field = get("/events?last_event_id=0");
  by_field.last_event_id = "2";
  const Response field_first = ask(by_field);
  next(field_first);
  EXPECT_TRUE(next(field_first).starts_with("id: 3\n"));
  const Response by_query = ask(get("/events?last_event_id=1"));
  next(by_query);
  EXPECT_TRUE(next(by_query).starts_with("id: 2\n"));
}

TEST_F(JournalCalls, SilenceThenAComment) {
  const Response response = ask(get("/events"));
  next(response);
  const auto before = clock_.steady_now();
  EXPECT_EQ(next(response), ": \n\n");
  EXPECT_EQ(clock_.steady_now() - before, Limits().heartbeat_ms);
}

TEST_F(JournalCalls, WhatNobodySeesThenIsPassedOverAndNotAskedForTwice) {
  fakes_.journal.hidden_type = "acknowledgement";
  const Response response = ask(get("/events"));
  next(response);
  fakes_.journal.write("acknowledgement", alert_id);
  fakes_.journal.write("acknowledgement", alert_id);
  EXPECT_EQ(next(response), ": \n\n");
  EXPECT_EQ(fakes_.journal.asked_after, (std::vector<core::Sequence>{0, 2}));
}

TEST_F(JournalCalls, AJournalThatCannotBeReadThenTheStreamEnds) {
  const Response response = ask(get("/events"));
  next(response);
  fakes_.journal.broken = true;
  EXPECT_EQ(next(response), "(end)");
}

TEST_F(JournalCalls, ACertificateThatRunsOutThenTheStreamEnds) {
  Identity short_lived = everything();
  short_lived.not_after = now + std::chrono::seconds(20);
  const Response response = ask(get("/events", short_lived));
  next(response);
  EXPECT_EQ(next(response), ": \n\n");
  EXPECT_EQ(next(response), ": \n\n");
  EXPECT_EQ(next(response), "(end)");
}

TEST_F(JournalCalls, TooManyStreamsOfOneCallerThen503AndAnotherStillHasRoom) {
  std::vector<Response> open;
  for (std::size_t i = 0; i < Limits().event_streams_per_caller_max; ++i) {
    open.push_back(ask(get("/events", recipient("greedy"))));
    EXPECT_EQ(open.back().status, 200);
  }
  EXPECT_EQ(status(get("/events", recipient("greedy"))), 503);
  EXPECT_EQ(status(get("/events", recipient("modest"))), 200);
  open.pop_back();
  EXPECT_EQ(status(get("/events", recipient("greedy"))), 200);
}

TEST_F(JournalCalls, KeysThenInThreeEncodings) {
  Request request = get("/keys", recipient());
  EXPECT_EQ(json(ask(request)).at("keys").at(0).at("keyId").as_string(), "k1");
  request.accept = "application/jwk-set+json";
  const Response jwk = ask(request);
  EXPECT_EQ(jwk.content_type, "application/jwk-set+json");
  EXPECT_EQ(json(jwk).at("keys").at(0).at("kid").as_string(), "k1");
  request.accept = "application/x-protobuf, application/json;q=0.5";
  EXPECT_EQ(ask(request).content_type, "application/x-protobuf");
}

}  // namespace
}  // namespace tuanyuan::http::test
