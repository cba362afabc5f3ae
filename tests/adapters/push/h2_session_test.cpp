#include "adapters/push/h2_session.hpp"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <algorithm>

#include "support/h2_peer.hpp"

// Against a server in memory. Nothing here takes time.
namespace tuanyuan::push {
namespace {

using How = H2Session::How;

class H2SessionTest : public testing::Test {
 protected:
  /// Until neither side has anything more to say.
  bool exchange() {
    for (;;) {
      const std::string out = session_.take_output();
      const std::string in = out.empty() || peer_.receive(out) ? peer_.take_output() : "";
      if (out.empty() && in.empty()) {
        return true;
      }
      if (!in.empty() && !session_.receive(in)) {
        return false;
      }
    }
  }
  void say_settings(std::uint32_t streams_max = 0) {
    peer_.settings(streams_max);
    ASSERT_TRUE(exchange());
  }
  /// Past the one request that has to be answered first.
  void open_up(std::uint32_t streams_max = 0) {
    say_settings(streams_max);
    const auto probe = submit();
    ASSERT_TRUE(exchange());
    peer_.answer(probe, 200);
    ASSERT_TRUE(exchange());
    ASSERT_EQ(session_.take_ended().size(), 1U);
    peer_.requests.clear();
  }
  static HttpRequest request(const std::string& body = "hello") {
    HttpRequest made;
    made.url = parse_url("https://gateway.example/3/device/abc?x=1").value();
    made.fields = {{"Authorization", "bearer secret"}, {"apns-id", "1"}, {"X-Other", "z"}};
    made.body = body;
    return made;
  }
  H2Session::StreamId submit(const std::string& body = "hello") {
    return session_.submit(std::make_shared<HttpRequest>(request(body)));
  }
  /// The only one that has ended.
  H2Session::Ended ended() {
    std::vector<H2Session::Ended> all = session_.take_ended();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? H2Session::Ended() : std::move(all.front());
  }

  H2SessionLimits limits_{.streams_max = 10, .answer_head_bytes_max = 4096, .answer_body_bytes_max = 64};
  H2Session session_{limits_};
  test::H2Peer peer_;
};

TEST_F(H2SessionTest, NoSettingsYetThenNoRoom) {
  EXPECT_EQ(session_.room(), 0U);
  EXPECT_FALSE(session_.is_ready());
  say_settings();
  EXPECT_TRUE(session_.is_ready());
}

TEST_F(H2SessionTest, NothingAnsweredYetThenRoomForOne) {
  say_settings(1000);
  EXPECT_EQ(session_.room(), 1U);
  const auto probe = submit();
  EXPECT_EQ(session_.room(), 0U);
  exchange();
  peer_.answer(probe, 403);
  exchange();
  EXPECT_EQ(session_.room(), 10U);  // its own limit, which is below the other side's
}

TEST_F(H2SessionTest, TheOtherSideAllowsLessThenThatCounts) {
  open_up(3);
  EXPECT_EQ(session_.room(), 3U);
  submit();
  EXPECT_EQ(session_.room(), 2U);
  peer_.settings(1);
  exchange();
  EXPECT_EQ(session_.room(), 0U);
  peer_.settings(5);
  exchange();
  EXPECT_EQ(session_.room(), 4U);
}

TEST_F(H2SessionTest, ARequestThenItArrivesWhole) {
  open_up();
  const std::string body(100'000, 'b');  // beyond the windows that a stream and a connection begin with
  submit(body);
  exchange();
  ASSERT_EQ(peer_.requests.size(), 1U);
  const auto& fields = peer_.requests[0].fields;
  EXPECT_EQ(fields.at(":method"), "POST");
  EXPECT_EQ(fields.at(":scheme"), "https");
  EXPECT_EQ(fields.at(":authority"), "gateway.example");
  EXPECT_EQ(fields.at(":path"), "/3/device/abc?x=1");
  EXPECT_EQ(fields.at("x-other"), "z");
  EXPECT_EQ(fields.at("content-length"), "100000");
  EXPECT_EQ(peer_.requests[0].body, body);
}

TEST_F(H2SessionTest, WhatManyShareThenItArrivesWithItsOwnWhereverTheFramesEnd) {
  open_up();
  for (const std::size_t shared : {1U, 16'384U, 50'000U}) {  // within a frame, at the end of one, over several
    for (const std::size_t own : {0U, 1U, 16'384U}) {
      auto made = std::make_shared<HttpRequest>(request(std::string(own, 'o')));
      HttpShared part;
      part.fields = {{"X-Shared", "too"}};
      part.body = std::string(shared, 's');
      made->shared = std::make_shared<const HttpShared>(std::move(part));
      const H2Session::StreamId stream = session_.submit(std::move(made));
      exchange();
      EXPECT_EQ(peer_.requests.back().body, std::string(shared, 's') + std::string(own, 'o'));
      EXPECT_EQ(peer_.requests.back().fields.at("content-length"), std::to_string(shared + own));
      EXPECT_EQ(peer_.requests.back().fields.at("x-shared"), "too");
      EXPECT_EQ(peer_.requests.back().fields.at("x-other"), "z");
      peer_.answer(stream, 200);
      exchange();
    }
  }
}

TEST_F(H2SessionTest, PathAndAuthorizationThenNeverInATableAndWhatComesOnceOnlyTheFirstTime) {
  say_settings();
  const auto first = submit();
  exchange();
  peer_.answer(first, 200);
  exchange();
  submit();
  exchange();
  ASSERT_EQ(peer_.requests.size(), 2U);
  const auto never = [this](std::size_t which, const std::string& name) {
    const auto& names = peer_.requests[which].never_indexed;
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const std::size_t which : {0U, 1U}) {
    EXPECT_TRUE(never(which, "authorization"));
    EXPECT_TRUE(never(which, ":path"));
    EXPECT_FALSE(never(which, "x-other"));
  }
  EXPECT_FALSE(never(0, "apns-id"));
  EXPECT_TRUE(never(1, "apns-id"));
}

TEST_F(H2SessionTest, AnAnswerThenAnswered) {
  open_up();
  const auto stream = submit();
  exchange();
  peer_.answer(stream, 429, {{"retry-after", "7"}, {"content-type", "application/json"}}, "{}");
  exchange();
  const H2Session::Ended end = ended();
  EXPECT_EQ(end.stream, stream);
  EXPECT_EQ(end.how, How::answered);
  EXPECT_EQ(end.answer.status, 429);
  EXPECT_EQ(end.answer.retry_after, "7");
  EXPECT_EQ(end.answer.body, "{}");
  EXPECT_EQ(session_.streams(), 0U);
}

TEST_F(H2SessionTest, InterimAnswersThenPassedOverButNotForEver) {
  open_up();
  const auto patient = submit();
  exchange();
  peer_.interim(patient, 103);
  peer_.answer(patient, 200);
  exchange();
  EXPECT_EQ(ended().answer.status, 200);
  const auto endless = submit();
  exchange();
  for (std::size_t count = 0; count < interim_answers_max + 2; ++count) {
    peer_.interim(endless, 103);
  }
  exchange();
  EXPECT_EQ(ended().how, How::broken);
}

TEST_F(H2SessionTest, ABodyThatIsTooLargeThenCutAndTheStatusCounts) {
  open_up();
  const auto stream = submit();
  exchange();
  peer_.answer(stream, 200, {}, std::string(1000, 'x'));
  exchange();
  const H2Session::Ended end = ended();
  EXPECT_EQ(end.how, How::answered);
  EXPECT_TRUE(end.answer.body_cut);
  EXPECT_EQ(end.answer.body, std::string(64, 'x'));
}

TEST_F(H2SessionTest, AHeadThatIsTooLargeThenNoAnswerAndTheOthersGoOn) {
  open_up();
  const auto large = submit();
  const auto other = submit();
  exchange();
  peer_.answer(large, 200, {{"x", std::string(5000, 'y')}});
  peer_.answer(other, 200);
  EXPECT_TRUE(exchange());
  const auto all = session_.take_ended();
  ASSERT_EQ(all.size(), 2U);
  for (const auto& end : all) {
    EXPECT_EQ(end.how, end.stream == large ? How::broken : How::answered);
  }
}

TEST_F(H2SessionTest, AnAnswerBeforeTheWholeRequestIsReadThenItCounts) {
  say_settings();
  const auto stream = submit(std::string(1'000'000, 'b'));
  // The request cannot end before the other side makes room; it does not, and answers.
  const std::string out = session_.take_output();
  ASSERT_TRUE(peer_.receive(out.substr(0, 300)));
  peer_.answer(stream, 413, {}, "too large");
  session_.receive(peer_.take_output());
  static_cast<void>(session_.take_output());
  const H2Session::Ended end = ended();
  EXPECT_EQ(end.how, How::answered);
  EXPECT_EQ(end.answer.status, 413);
}

TEST_F(H2SessionTest, RefusedThenNotProcessedAndBrokenOffThenItMayHaveBeen) {
  open_up();
  const auto refused = submit();
  const auto broken = submit();
  const auto half = submit();
  exchange();
  peer_.reset(refused, NGHTTP2_REFUSED_STREAM);
  peer_.reset(broken, NGHTTP2_INTERNAL_ERROR);
  peer_.answer_head(half, 200);
  exchange();
  peer_.reset(half, NGHTTP2_INTERNAL_ERROR);
  exchange();
  const auto all = session_.take_ended();
  ASSERT_EQ(all.size(), 3U);
  for (const auto& end : all) {
    EXPECT_EQ(end.how, end.stream == refused ? How::not_processed : How::broken) << end.stream;
  }
  EXPECT_FALSE(session_.is_draining());
}

TEST_F(H2SessionTest, GoawayThenStreamsAboveItsLastWereNotLookedAtAndTheOthersFinish) {
  open_up();
  const auto seen = submit();
  const auto unseen = submit();
  exchange();
  peer_.goaway(seen, NGHTTP2_NO_ERROR, R"({"reason":"Shutdown"})");
  EXPECT_TRUE(exchange());
  EXPECT_EQ(session_.room(), 0U);
  EXPECT_TRUE(session_.is_draining());
  EXPECT_EQ(session_.farewell(), "Shutdown");
  const H2Session::Ended end = ended();
  EXPECT_EQ(end.stream, unseen);
  EXPECT_EQ(end.how, How::not_processed);
  peer_.answer(seen, 200);
  exchange();
  EXPECT_EQ(ended().how, How::answered);
}

TEST_F(H2SessionTest, GoawayBeforeARequestHasLeftThenItWasNotSent) {
  open_up();
  const auto stream = submit();
  peer_.goaway(1, NGHTTP2_NO_ERROR);
  session_.receive(peer_.take_output());
  static_cast<void>(session_.take_output());
  std::vector<H2Session::Ended> all = session_.take_ended();
  if (all.empty()) {
    all = session_.abandon();
  }
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].stream, stream);
  EXPECT_EQ(all[0].how, How::not_processed);
}

TEST_F(H2SessionTest, TheConnectionEndsThenWhatHasLeftIsUnknownAndTheRestWasNotSent) {
  open_up();
  const auto left = submit();
  exchange();
  const auto kept = submit();
  EXPECT_TRUE(session_.has_left(left));
  EXPECT_FALSE(session_.has_left(kept));
  const auto all = session_.abandon();
  ASSERT_EQ(all.size(), 2U);
  for (const auto& end : all) {
    EXPECT_EQ(end.how, end.stream == left ? How::broken : How::not_processed);
  }
  EXPECT_EQ(session_.room(), 0U);
  EXPECT_TRUE(session_.abandon().empty());
}

TEST_F(H2SessionTest, ResetThenTheOtherSideHearsOfItAndNobodyElse) {
  open_up(2);
  const auto stream = submit();
  exchange();
  session_.reset(stream);
  session_.reset(stream);
  exchange();
  EXPECT_EQ(peer_.resets.at(stream), NGHTTP2_CANCEL);
  EXPECT_TRUE(session_.take_ended().empty());
  EXPECT_EQ(session_.room(), 2U);
}

TEST_F(H2SessionTest, ResetBeforeItHasLeftThenNothingLeaves) {
  open_up();
  const auto stream = submit();
  session_.reset(stream);
  exchange();
  EXPECT_TRUE(peer_.requests.empty());
  EXPECT_TRUE(session_.take_ended().empty());
}

TEST_F(H2SessionTest, PingThenAwaitedUntilItIsAnswered) {
  say_settings();
  EXPECT_FALSE(session_.awaits_ping());
  session_.ping();
  session_.ping();
  EXPECT_TRUE(session_.awaits_ping());
  exchange();
  EXPECT_FALSE(session_.awaits_ping());
  EXPECT_EQ(peer_.pings, 1U);
}

TEST_F(H2SessionTest, NotHttp2ThenTheConnectionIsAtItsEnd) {
  EXPECT_FALSE(session_.receive("HTTP/1.1 400 Bad Request\r\n\r\n and more of it than one frame's head"));
}

TEST_F(H2SessionTest, APushIsPromisedThenTheConnectionIsAtItsEnd) {
  open_up();
  const auto stream = submit();
  exchange();
  // PUSH_PROMISE of stream 2, with a block that says :status 200.
  std::string frame = {0, 0, 5, 5, 4, 0, 0, 0, static_cast<char>(stream), 0, 0, 0, 2, static_cast<char>(0x88)};
  session_.receive(frame);
  static_cast<void>(session_.take_output());
  EXPECT_FALSE(session_.receive(""));
}

TEST(GoawayReason, OnlyAPlainWordThenIt) {
  EXPECT_EQ(goaway_reason(R"({"reason":"IdleTimeout"})"), "IdleTimeout");
  EXPECT_EQ(goaway_reason(R"({ "reason" : "BadCertificate" })"), "BadCertificate");
  for (const char* other : {"", "reason", R"({"reason":)", R"({"reason":"no end)", R"({"reason":"two words"})",
                            R"({"reason":5})", R"({"reason":"<b>"})"}) {
    EXPECT_EQ(goaway_reason(other), "") << other;
  }
  EXPECT_EQ(goaway_reason(R"({"reason":")" + std::string(65, 'a') + R"("})"), "");
}

}  // namespace
}  // namespace tuanyuan::push
