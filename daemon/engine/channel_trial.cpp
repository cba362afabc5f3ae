#include <utility>

#include "engine/channel_service.hpp"

// The test of a channel: something that says of itself that it is one, by the real way.
namespace tuanyuan::engine {
namespace {

core::NoticeText text(std::string language, std::string headline, std::string body) {
  core::NoticeText made;
  made.language = std::move(language);
  made.headline = std::move(headline);
  made.speech = body;
  made.body = std::move(body);
  return made;
}

core::Notice test_notice(core::AlertId id, core::Audience audience, std::string issuer, core::Instant now) {
  core::Notice notice;
  notice.alert_id = std::move(id);
  notice.version = core::Version{1, 0};
  notice.status = core::Status::exercise;
  notice.audience = audience;
  notice.issued_at = now;
  notice.expires_at = now + test_lasts;
  notice.issuer = std::move(issuer);
  notice.texts.push_back(text("zh-CN", "【演练】渠道测试", "【演练】这是一条渠道测试消息，无需处理。"));
  notice.texts.push_back(
      text("en", "[EXERCISE] Channel test", "[EXERCISE] This is a test of the channel. Nothing has to be done."));
  return notice;
}

const core::RecipientId& target_of(const ports::Dispatch& dispatch) {
  return std::get<core::RecipientId>(dispatch.delivery.target);
}

core::Refusal no_endpoint() {
  std::vector<core::FieldError> fields;
  fields.emplace_back(
      "recipientId", core::Text("该接收方没有此渠道的可用地址", "has no endpoint of this channel that is in use"));
  return core::Refusal(std::move(fields));
}

}  // namespace

/// A retired address too: whoever tests it wants to know whether it still is dead, and it is used again if not.
ChannelService::Answer<ports::Dispatch> ChannelService::test_dispatch(Line line,
                                                                      ports::TestOptions options) const {
  const std::optional<core::Ordinal> ordinal = world_.directory.find(options.recipient.value);
  std::vector<core::Ordinal> one;
  if (!ordinal) {
    co_return no_endpoint();
  }
  one.push_back(*ordinal);
  const auto rows = co_await world_.tools.ledger.recipients(std::move(one));
  if (!rows || rows->empty()) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  const core::Recipient& entry = rows->front().recipient;
  const auto endpoint =
      std::find_if(entry.endpoints.begin(), entry.endpoints.end(), [&](const core::Endpoint& each) {
        return each.channel == line.kind() && (options.address.empty() || each.address == options.address);
      });
  if (endpoint == entry.endpoints.end()) {
    co_return no_endpoint();
  }
  ports::Dispatch dispatch;
  dispatch.endpoint = *endpoint;
  dispatch.languages = entry.languages;
  dispatch.delivery.audience = entry.audience;
  dispatch.delivery.target = entry.id;
  dispatch.delivery.channel = line.kind();
  dispatch.delivery.endpoint = core::endpoint_key(*endpoint);
  dispatch.delivery.version = core::Version{1, 0};
  dispatch.delivery.attempts = 1;
  co_return std::move(dispatch);
}

ChannelService::Answer<ports::ChannelTest> ChannelService::test(core::Caller caller, std::string channel,
                                                                ports::TestOptions options) {
  const Line* found = find(channel);
  if (found == nullptr) {
    co_return core::Refusal(core::Errc::not_found);
  }
  if (found->frame == nullptr) {
    co_return core::Refusal(core::Errc::conflict, core::Text("MQTT 由系统每分钟自检，无需手动测试",
                                                             "MQTT is tested by the canary every minute"));
  }
  const Line line = *found;
  core::Result<ports::Dispatch> dispatch = co_await test_dispatch(line, std::move(options));
  if (!dispatch) {
    co_return dispatch.error();
  }
  const core::Audience audience = dispatch->delivery.audience;
  if (audience == core::Audience::public_ && !world_.settings.exercises_reach_public) {
    co_return core::Refusal(core::Errc::conflict,
                            core::Text("演练消息不得发给公众接收方", "nothing of an exercise goes to the public"));
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::AlertId id(world_.tools.entropy.uuid(now));
  const core::Notice notice = test_notice(id, audience, caller.unit, now);
  core::Result<core::SignedCopy> copy = world_.tools.notary.sign(notice, now);
  if (!copy) {
    co_return copy.error();
  }
  dispatch->copy = std::make_shared<const core::SignedCopy>(std::move(*copy));
  dispatch->expires_at = notice.expires_at;
  dispatch->delivery.expires_at = notice.expires_at;
  dispatch->delivery.alert_id = std::move(id);
  const core::Endpoint endpoint = dispatch->endpoint;
  const std::optional<core::Ordinal> tested = world_.directory.find(target_of(*dispatch).value);
  const ports::Clock::Steady begun = world_.tools.clock.steady_now();
  const ports::SendResult sent = co_await line.frame->wire().send(std::move(*dispatch));
  const auto took = std::chrono::duration_cast<core::Duration>(world_.tools.clock.steady_now() - begun);
  ports::ChannelTest result;
  result.outcome = sent.outcome;
  result.address_dead = sent.address_dead;
  result.took_ms = static_cast<std::uint32_t>(took.count());
  world_.tools.log.info("channel.tested", {{"channel", channel},
                                           {"outcome", std::string(core::to_string(sent.outcome))},
                                           {"by", core::to_string(caller.actor())}});
  if (tested && sent.outcome == core::DeliveryOutcome::accepted) {
    core::Actor by = caller.actor();
    co_await retirements_.revive(*tested, endpoint, std::move(by));
  }
  co_return result;
}

}  // namespace tuanyuan::engine
