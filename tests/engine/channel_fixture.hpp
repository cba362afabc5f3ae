#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {

/// "near" is told by its webhook, then by text message.
class ChannelDeskTest : public ClockTest {
 protected:
  ChannelDeskTest() {
    begin_again();
    put("near", {{core::ChannelKind::webhook, "https://near.example", "whsec_"},
                 {core::ChannelKind::sms, "13800138000", ""}});
  }
  void begin_again() {
    restart();
    GatewayLimits limits;
    limits.rate = webhook_rate;
    limits.lane_rate = lane_rate;
    engine->add_gateway(webhooks, limits);
    engine->add_gateway(messages, GatewayLimits());
  }
  void put(const std::string& name, std::vector<core::Endpoint> endpoints) {
    core::Recipient made = near();
    made.id = core::RecipientId(name);
    made.endpoints = std::move(endpoints);
    ASSERT_TRUE(run(engine->recipients().put(keeper, made, {})));
  }
  /// Of the province in which all of them are.
  void put_hub(std::vector<core::Endpoint> endpoints) {
    core::Recipient hub = near();
    hub.id = core::RecipientId("province");
    hub.position.reset();
    hub.coverage = {core::DivisionPrefix{"21"}};
    hub.endpoints = std::move(endpoints);
    ASSERT_TRUE(run(engine->recipients().put(keeper, hub, {})));
  }
  ports::ChannelDesk& desk() { return engine->channels(); }
  core::Result<ports::ChannelView> pause(const std::string& name, const std::string& key = {}) {
    return run(desk().pause(keeper, name, "额度用完", ports::Idempotency(key, "body")));
  }
  core::Result<ports::ChannelView> resume(const std::string& name) { return run(desk().resume(keeper, name, {})); }
  ports::ChannelView of(core::ChannelKind kind) {
    for (const ports::ChannelView& each : *run(desk().channels(keeper))) {
      if (each.channel == kind) {
        return each;
      }
    }
    ADD_FAILURE();
    return {};
  }
  static ports::TestOptions to_test(const std::string& who) {
    ports::TestOptions options;
    options.recipient = core::RecipientId(who);
    return options;
  }
  std::vector<std::string> types() {
    std::vector<std::string> all;
    for (const ports::RecordedEntry& each : store->journal(0, "", 1'000)) {
      const std::string type(core::type_name(each.entry.body));
      if (type.starts_with("channel.") || type.starts_with("delivery.") || type.starts_with("endpoint.")) {
        all.push_back(type);
      }
    }
    return all;
  }
  ports::Listed<ports::OutboxView> outbox(ports::OutboxFilter filter = {}, ports::Page page = {}) {
    return *run(desk().outbox(keeper, std::move(filter), std::move(page)));
  }
  static std::vector<std::string> to(const test::RecordingChannel& gateway) {
    std::vector<std::string> all;
    for (const ports::Dispatch& dispatch : gateway.sent) {
      all.push_back(std::get<core::RecipientId>(dispatch.delivery.target).value);
    }
    return all;
  }

  core::RatePolicy webhook_rate;
  core::RatePolicy lane_rate;
  test::RecordingChannel webhooks{core::ChannelKind::webhook};
  test::RecordingChannel messages{core::ChannelKind::sms};
  core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  core::Caller elsewhere = test::officer("440000000000", {core::Role::operator_});
};

}  // namespace tuanyuan::engine
