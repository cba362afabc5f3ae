#include <sstream>
#include <utility>

#include "engine/channel_service.hpp"
#include "engine/idempotency.hpp"

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

/// As the record of its key has it: "0 0 250".
std::string to_text(const ports::ChannelTest& test) {
  return std::to_string(static_cast<int>(test.outcome)) + (test.address_dead ? " 1 " : " 0 ") +
         std::to_string(test.took_ms);
}

ports::ChannelTest test_of(const std::string& text) {
  ports::ChannelTest test;
  int outcome = static_cast<int>(test.outcome);
  std::istringstream(text) >> outcome >> test.address_dead >> test.took_ms;
  test.outcome = static_cast<core::DeliveryOutcome>(outcome);
  return test;
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

core::Result<void> ChannelService::compose_test(ports::Dispatch& dispatch, const core::Caller& caller) const {
  const core::Audience audience = dispatch.delivery.audience;
  if (audience == core::Audience::public_ && !world_.settings.exercises_reach_public) {
    return core::Refusal(core::Errc::conflict,
                         core::Text("演练消息不得发给公众接收方", "nothing of an exercise goes to the public"));
  }
  const core::Instant now = world_.tools.clock.wall_now();
  const core::Notice notice =
      test_notice(core::AlertId(world_.tools.entropy.uuid(now)), audience, caller.unit, now);
  core::Result<core::SignedCopy> copy = world_.tools.notary.sign(notice, now);
  if (!copy) {
    return copy.error();
  }
  dispatch.copy = std::make_shared<const core::SignedCopy>(std::move(*copy));
  dispatch.expires_at = notice.expires_at;
  dispatch.delivery.expires_at = notice.expires_at;
  dispatch.delivery.alert_id = notice.alert_id;
  return {};
}

boost::asio::awaitable<ports::ChannelTest> ChannelService::send_test(Line line, ports::Dispatch dispatch,
                                                                     core::Actor by) {
  const core::RecipientId whose = target_of(dispatch);
  const std::optional<core::Ordinal> tested = world_.directory.find(whose.value);
  const ports::Clock::Steady begun = world_.tools.clock.steady_now();
  const ports::SendResult sent = co_await line.frame->wire().send(dispatch);
  const auto took = std::chrono::duration_cast<core::Duration>(world_.tools.clock.steady_now() - begun);
  line.frame->tested(whose, dispatch.endpoint, sent);
  ports::ChannelTest result;
  result.outcome = sent.outcome;
  result.address_dead = sent.address_dead;
  result.took_ms = static_cast<std::uint32_t>(took.count());
  world_.tools.log.info("channel.tested", {{"channel", std::string(core::to_string(line.kind()))},
                                           {"outcome", std::string(core::to_string(sent.outcome))},
                                           {"by", core::to_string(by)}});
  if (tested && sent.outcome == core::DeliveryOutcome::accepted) {
    co_await retirements_.revive(*tested, dispatch.endpoint, std::move(by));
  }
  co_return result;
}

/// Answered when it is written, so that a repetition gets the same answer, after a restart too, and rings nobody
/// again. What cannot be written was sent all the same, and is sent once more to who asks again.
ChannelService::Answer<ports::ChannelTest> ChannelService::keep(ports::ChannelTest tested,
                                                                ports::Idempotency once) {
  if (once.key.empty()) {
    co_return tested;
  }
  ports::Commit commit;
  remember(commit, once, Pauses::subject, 0, world_.tools.clock.wall_now());
  commit.idempotency->answer = to_text(tested);
  const ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return refusal_of(result);
  }
  co_return tested;
}

ChannelService::Answer<ports::ChannelTest> ChannelService::test(core::Caller caller, std::string channel,
                                                                ports::TestOptions options,
                                                                ports::Idempotency once) {
  const Line* found = find(channel);
  if (found == nullptr) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const Line line = *found;
  const core::Result<std::optional<ports::IdempotencyRecord>> repeated = co_await earlier(world_, once);
  if (!repeated) {
    co_return repeated.error();
  }
  if (*repeated) {
    co_return test_of((*repeated)->answer);
  }
  if (line.frame == nullptr) {
    co_return core::Refusal(core::Errc::conflict, core::Text("MQTT 由系统每分钟自检，无需手动测试",
                                                             "MQTT is tested by the canary every minute"));
  }
  core::Result<ports::Dispatch> dispatch = co_await test_dispatch(line, std::move(options));
  if (!dispatch) {
    co_return dispatch.error();
  }
  const core::Result<void> composed = compose_test(*dispatch, caller);
  if (!composed) {
    co_return composed.error();
  }
  core::Actor by = caller.actor();
  ports::ChannelTest tested = co_await send_test(line, std::move(*dispatch), std::move(by));
  co_return co_await keep(std::move(tested), std::move(once));
}

}  // namespace tuanyuan::engine
