#include <gtest/gtest.h>

#include <string>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

using AnswerCalls = ApiTest;

const std::string to_alert = "/alerts/" + alert_id;

TEST_F(AnswerCalls, AStationsOwnAnswerThenItsIdAndTheAlertsAreFilledIn) {
  const Response response =
      ask(post(to_alert + "/acknowledgements", R"({"revision":1,"kind":"CONFIRMED"})", recipient("hospital-1")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(fakes_.answers.answer.recipient_id.value, "hospital-1");
  EXPECT_EQ(fakes_.answers.answer.alert_id.value, alert_id);
  EXPECT_EQ(fakes_.answers.answer.kind, core::AnswerKind::confirmed);
  const boost::json::value receipt = json(response);
  EXPECT_EQ(receipt.at("result").as_string(), "RECORDED");
  EXPECT_EQ(receipt.at("kind").as_string(), "CONFIRMED");
  EXPECT_EQ(receipt.at("recipientId").as_string(), "hospital-1");
}

TEST_F(AnswerCalls, AnAnswerForAMemberThenIsTheDesksToJudge) {
  const std::string body = R"({"recipientId":"hospital-2","revision":1,"kind":"RECEIVED"})";
  EXPECT_EQ(status(post(to_alert + "/acknowledgements", body, recipient("hospital-1"))), 200);
  EXPECT_EQ(fakes_.answers.answer.recipient_id.value, "hospital-2");
  fakes_.answers.refuse_with = "not-yours";
  EXPECT_EQ(status(post(to_alert + "/acknowledgements", body, recipient("hospital-1"))), 403);
}

TEST_F(AnswerCalls, AnOfficerByTelephoneThenHasToNameTheRecipient) {
  const Identity submitter = officer({core::Role::submitter});
  EXPECT_EQ(paths(ask(post(to_alert + "/acknowledgements", R"({"revision":1,"kind":"RECEIVED"})", submitter))),
            std::vector<std::string>{"recipientId"});
  EXPECT_EQ(status(post(to_alert + "/acknowledgements",
                        R"({"revision":1,"kind":"RECEIVED","recipientId":"hospital-1"})", submitter)),
            200);
  EXPECT_EQ(fakes_.answers.caller.officer, "021533");
}

TEST_F(AnswerCalls, ABadAnswerThenEveryPathAtOnce) {
  const Response response = ask(post(to_alert + "/acknowledgements", R"({"alertId":"another","kind":"UNABLE"})",
                                     officer({core::Role::releaser})));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(paths(response), (std::vector<std::string>{"alertId", "recipientId", "reason"}));
}

TEST_F(AnswerCalls, ARefusingReceiptThenAProblemWithItsPath) {
  const auto problem = [this](const std::string& reason) {
    fakes_.answers.refuse_with = reason;
    return ask(post(to_alert + "/acknowledgements", R"({"revision":9,"kind":"RECEIVED"})", recipient()));
  };
  EXPECT_EQ(problem("unknown-alert").status, 404);
  EXPECT_EQ(problem("not-yours").status, 403);
  EXPECT_EQ(paths(problem("unknown-revision")), std::vector<std::string>{"revision"});
  EXPECT_EQ(paths(problem("unknown-recipient")), std::vector<std::string>{"recipientId"});
  EXPECT_EQ(problem("something-new").status, 422);
}

const std::string sighting_body = R"({"sightingId":"0192a000-0000-7000-8000-000000000003",
  "seenAt":"2026-11-02T22:00:00Z","description":"在候车室"})";

TEST_F(AnswerCalls, ASightingThenGoesInUnderItsConnection) {
  const Response response = ask(post(to_alert + "/sightings", sighting_body, recipient("hospital-1")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json(response).at("sightingId").as_string(), sighting_id);
  EXPECT_EQ(fakes_.answers.connection.value, "hospital-1");
  EXPECT_EQ(fakes_.answers.reported.recipient_id.value, "hospital-1");
  EXPECT_EQ(fakes_.answers.reported.description, "在候车室");
}

TEST_F(AnswerCalls, ASightingOfAnUnknownAlertThen404) {
  EXPECT_EQ(status(post("/alerts/" + unknown_id + "/sightings", sighting_body, recipient())), 404);
}

TEST_F(AnswerCalls, ARepeatedSightingUnderOneKeyThenTheSameAnswerWithoutTheDesk) {
  Request request = post(to_alert + "/sightings", sighting_body, recipient());
  request.idempotency_key = "s-1";
  const Response first = ask(request);
  const Response second = ask(request);
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(fakes_.answers.sighted, 1);
  request.body += " ";
  EXPECT_EQ(status(request), 409);
  Request of_another = post(to_alert + "/sightings", sighting_body, recipient("hospital-2"));
  of_another.idempotency_key = "s-1";
  EXPECT_EQ(status(of_another), 200);
  EXPECT_EQ(fakes_.answers.sighted, 2);
}

TEST_F(AnswerCalls, ARepeatedAnswerUnderOneKeyThenTheSameReceipt) {
  Request request = post(to_alert + "/acknowledgements", R"({"revision":1,"kind":"RECEIVED"})", recipient());
  request.idempotency_key = "a-1";
  const Response first = ask(request);
  fakes_.answers.refuse_with = "unknown-revision";  // the desk is not asked again
  EXPECT_EQ(ask(request).body, first.body);
  request.body = R"({"revision":1,"kind":"DISPLAYED"})";
  EXPECT_EQ(status(request), 409);
}

TEST_F(AnswerCalls, ARefusalUnderAKeyThenMayBeTriedAgain) {
  Request request = post(to_alert + "/acknowledgements", R"({"revision":1,"kind":"RECEIVED"})", recipient());
  request.idempotency_key = "a-1";
  fakes_.answers.refuse_with = "unknown-revision";
  EXPECT_EQ(status(request), 422);
  fakes_.answers.refuse_with = "";
  EXPECT_EQ(status(request), 200);
}

TEST_F(AnswerCalls, SightingsThenPage) {
  for (const char* id : {"a", "b", "c"}) {
    ports::SightingView view;
    view.sighting.sighting_id = core::SightingId(id);
    fakes_.answers.known.push_back(std::move(view));
  }
  const boost::json::value first = json(ask(get(to_alert + "/sightings?page_size=2")));
  EXPECT_EQ(first.at("sightings").as_array().size(), 2U);
  const std::string token(first.at("nextPageToken").as_string());
  const boost::json::value second = json(ask(get(to_alert + "/sightings?page_size=2&page_token=" + token)));
  EXPECT_EQ(second.at("sightings").as_array().size(), 1U);
  EXPECT_EQ(second.at("sightings").at(0).at("sightingId").as_string(), "c");
  EXPECT_EQ(second.at("nextPageToken").as_string(), "");
}

TEST_F(AnswerCalls, AssessingThenTheDesksView) {
  const Response response =
      ask(post("/sightings/" + sighting_id + ":assess", R"({"assessment":"CREDIBLE","note":"同一件衣服"})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json(response).at("assessment").as_string(), "CREDIBLE");
  EXPECT_EQ(json(response).at("note").as_string(), "同一件衣服");
  EXPECT_EQ(json(response).at("assessedBy").as_string(), unit + "/021533");
  EXPECT_EQ(status(post("/sightings/" + unknown_id + ":assess", "{}")), 404);
  EXPECT_EQ(paths(ask(post("/sightings/" + sighting_id + ":assess",
                           R"({"assessment":"CREDIBLE","note":")" + std::string(3'000, 'a') + R"("})"))),
            std::vector<std::string>{"note"});
  EXPECT_EQ(status(post("/sightings/" + unknown_id + ":assess", R"({"assessment":"CREDIBLE"})")), 404);
  EXPECT_EQ(paths(ask(post("/sightings/" + sighting_id + ":assess", "{}"))),
            std::vector<std::string>{"assessment"});
  EXPECT_EQ(status(post("/sightings/" + sighting_id + ":assess", R"({"assessment":"UNASSESSED"})")), 422);
}

}  // namespace
}  // namespace tuanyuan::http::test
