#include <gtest/gtest.h>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

class ChannelCalls : public ApiTest {};

const std::string reason = R"({"reason":"额度用完"})";

TEST_F(ChannelCalls, ListTellsHowEachGoes) {
  fakes_.channels.paused = ports::ChannelPause{{"210102000000", "021533"}, now, "额度用完"};
  const boost::json::value one = json(ask(get("/channels"))).at("channels").at(0);
  EXPECT_EQ(one.at("channel").as_string(), "sms");
  EXPECT_EQ(one.at("state").as_string(), "PAUSED");
  EXPECT_EQ(one.at("paused").at("by").as_string(), "210102000000/021533");
  EXPECT_EQ(one.at("paused").at("reason").as_string(), "额度用完");
  EXPECT_EQ(one.at("lanesOpen").to_number<int>(), 1);
  EXPECT_EQ(one.at("waiting").to_number<int>(), 17);
  EXPECT_DOUBLE_EQ(one.at("oldestSeconds").to_number<double>(), 1.5);
  EXPECT_EQ(one.at("inFlight").to_number<int>(), 3);
  EXPECT_DOUBLE_EQ(one.at("sendsPerSecond").to_number<double>(), 2.5);
  EXPECT_EQ(one.at("quota").at("sends").to_number<int>(), 300);
  EXPECT_DOUBLE_EQ(one.at("quota").at("perSeconds").to_number<double>(), 60);
  EXPECT_EQ(one.at("retired").to_number<int>(), 2);
  EXPECT_TRUE(one.at("doubtful").as_bool());
  fakes_.channels.paused.reset();
  EXPECT_EQ(json(ask(get("/channels"))).at("channels").at(0).at("state").as_string(), "IMPAIRED");
}

TEST_F(ChannelCalls, PausedAndResumedEachOnce) {
  Request request = post("/channels/sms:pause", reason);
  request.idempotency_key = "once";
  const Response first = ask(request);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(json(first).at("state").as_string(), "PAUSED");
  EXPECT_EQ(fakes_.channels.paused->reason, "额度用完");
  EXPECT_EQ(ask(request).body, first.body);
  EXPECT_EQ(fakes_.channels.decisions, 1);
  EXPECT_EQ(status(post("/channels/sms:pause", reason)), 409);
  EXPECT_EQ(status(post("/channels/sms:resume", "")), 200);
  EXPECT_EQ(status(post("/channels/sms:resume", "")), 409);
}

TEST_F(ChannelCalls, WhatItIsAboutComesBeforeAWrongBody) {
  EXPECT_EQ(status(post("/channels/pigeon:pause", "{")), 404);
  EXPECT_EQ(status(post("/channels/sms:pause", "{")), 400);
  EXPECT_EQ(paths(ask(post("/channels/sms:pause", "{}"))), std::vector<std::string>{"reason"});
  EXPECT_EQ(paths(ask(post("/channels/sms:test", "{}"))), std::vector<std::string>{"recipientId"});
  EXPECT_EQ(status(post("/channels/pigeon:test", "{}")), 404);
  fakes_.channels.paused.emplace();
  EXPECT_EQ(status(post("/channels/sms:pause", "{}")), 409);
  EXPECT_EQ(status(post("/channels/sms:pause", reason, officer({core::Role::releaser}))), 403);
}

TEST_F(ChannelCalls, TestTellsWhatCameOfIt) {
  const boost::json::value result = json(ask(post("/channels/sms:test", R"({"recipientId":"station-9"})")));
  EXPECT_EQ(fakes_.channels.tested.recipient.value, "station-9");
  EXPECT_EQ(fakes_.channels.tested.address, "");
  EXPECT_EQ(result.at("outcome").as_string(), "ACCEPTED");
  EXPECT_FALSE(result.at("addressDead").as_bool());
  EXPECT_DOUBLE_EQ(result.at("seconds").to_number<double>(), 0.25);
  EXPECT_EQ(fakes_.channels.test_key, "");
  Request once = post("/channels/sms:test", R"({"recipientId":"station-9","address":"13800138001"})");
  once.idempotency_key = "once";
  ask(once);
  EXPECT_EQ(fakes_.channels.tested.address, "13800138001");
  EXPECT_TRUE(fakes_.channels.test_key.ends_with("/channels/sms:test once")) << fakes_.channels.test_key;
}

TEST_F(ChannelCalls, OutboxIsPagedAndNarrowed) {
  const boost::json::value list = json(ask(get("/outbox?page_size=7&channel=sms&alert=" + alert_id)));
  EXPECT_EQ(fakes_.channels.page.size, 7U);
  EXPECT_EQ(fakes_.channels.filter.channel, core::ChannelKind::sms);
  EXPECT_EQ(fakes_.channels.filter.alert.value, alert_id);
  const boost::json::value& row = list.at("rows").at(0);
  EXPECT_EQ(row.at("id").as_string(), "40");
  EXPECT_EQ(row.at("recipientId").as_string(), "station-9");
  EXPECT_EQ(row.at("state").as_string(), "REJECTED");
  EXPECT_EQ(row.at("revision").to_number<int>(), 2);
  EXPECT_TRUE(row.at("inForce").as_bool());
  const std::string token(list.at("nextPageToken").as_string());
  EXPECT_EQ(status(get("/outbox?page_token=" + token)), 200);
  EXPECT_EQ(fakes_.channels.page.token, "40");
  EXPECT_FALSE(fakes_.channels.filter.channel);
  EXPECT_EQ(paths(ask(get("/outbox?channel=pigeon"))), std::vector<std::string>{"channel"});
}

TEST_F(ChannelCalls, RequeuedOnlyWhatIsInForce) {
  EXPECT_EQ(status(post("/outbox/40:requeue", "")), 200);
  EXPECT_EQ(status(post("/outbox/41:requeue", "")), 404);
  fakes_.channels.in_force = false;
  EXPECT_EQ(status(post("/outbox/40:requeue", "")), 409);
}

}  // namespace
}  // namespace tuanyuan::http::test
