#include "app/canary.hpp"

#include <memory>

namespace tuanyuan::app {
namespace {

core::Notice notice_of(const core::AlertId& id, const std::string& unit, core::Instant now) {
  core::Notice notice;
  notice.alert_id = id;
  notice.version = core::Version{1, 0};
  notice.status = core::Status::exercise;
  notice.audience = core::Audience::police;
  notice.issued_at = now;
  notice.expires_at = now + std::chrono::minutes(5);
  notice.issuer = unit;
  core::NoticeText text;
  text.language = "zh-CN";
  text.headline = "【演练】链路自检";
  text.body = "【演练】系统自检通知，无需处理。";
  text.speech = "【演练】系统自检通知，无需处理。";
  notice.texts.push_back(std::move(text));
  return notice;
}

}  // namespace

std::string CanaryKeeper::wrong() const {
  return came_back_.value_or(true) ? std::string() : std::string("the last canary did not come back");
}

boost::asio::awaitable<bool> CanaryKeeper::fly() {
  const core::Instant now = tools_.clock.wall_now();
  const core::AlertId id(tools_.entropy.uuid(now));
  core::Result<core::SignedCopy> copy = tools_.notary.sign(notice_of(id, unit_, now), now);
  if (!copy) {
    co_return false;
  }
  auto shared = std::make_shared<const core::SignedCopy>(std::move(*copy));
  // The bytes that come back have to be the bytes that were signed and sent.
  mqtt::Canary::Verify verify = [shared](std::string_view arrived) { return arrived == shared->protobuf; };
  std::shared_ptr<const core::SignedCopy> sent = shared;
  co_return co_await broker_.canary().fly(id, std::move(sent), std::move(verify));
}

boost::asio::awaitable<void> CanaryKeeper::keep() {
  for (;;) {
    const ports::Clock::Steady next = tools_.clock.steady_now() + interval_;
    if (broker_.is_up()) {
      const bool came_back = co_await fly();
      if (came_back) {
        const std::chrono::duration<double> now = tools_.clock.wall_now().time_since_epoch();
        tools_.metrics.set("tuanyuan_canary_success_timestamp_seconds", {}, now.count());
      } else if (came_back_.value_or(true)) {
        tools_.log.warning("canary.lost");
      }
      came_back_ = came_back;
      co_await tools_.clock.sleep_until(next);
    } else {
      co_await tools_.clock.sleep_until(tools_.clock.steady_now() + std::chrono::seconds(1));
    }
  }
}

}  // namespace tuanyuan::app
