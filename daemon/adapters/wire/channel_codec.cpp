#include <algorithm>
#include <chrono>
#include <utility>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/field_errors.hpp"
#include "adapters/wire/times.hpp"
#include "adapters/wire/view_codec.hpp"
#include "core/reason.hpp"

namespace tuanyuan::wire {
namespace {

using Seconds = std::chrono::duration<double>;

v1::ChannelAnswer::State state_of(const ports::ChannelView& view) {
  if (view.paused) {
    return v1::ChannelAnswer::PAUSED;
  }
  if (!view.up) {
    return v1::ChannelAnswer::DOWN;
  }
  return view.lanes_open != 0 ? v1::ChannelAnswer::IMPAIRED : v1::ChannelAnswer::UP;
}

v1::ChannelQuota quota_of(const core::RatePolicy& policy) {
  v1::ChannelQuota quota;
  quota.set_sends(policy.sends);
  quota.set_per_seconds(Seconds(policy.per).count());
  return quota;
}

std::uint32_t counted(std::uint64_t rows) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, UINT32_MAX));
}

}  // namespace

v1::ChannelAnswer to_proto(const ports::ChannelView& view) {
  v1::ChannelAnswer message;
  message.set_channel(to_proto(view.channel));
  message.set_state(state_of(view));
  if (view.paused) {
    message.mutable_paused()->set_by(core::to_string(view.paused->by));
    *message.mutable_paused()->mutable_since() = to_proto(view.paused->since);
    message.mutable_paused()->set_reason(view.paused->reason);
  }
  message.set_lanes_open(view.lanes_open);
  if (view.next_try) {
    *message.mutable_next_try() = to_proto(*view.next_try);
  }
  message.set_waiting(counted(view.waiting));
  message.set_oldest_seconds(Seconds(view.oldest_age).count());
  message.set_in_flight(view.in_flight);
  message.set_in_flight_max(view.in_flight_max);
  message.set_sends_per_second(view.sends_per_second);
  if (view.quota.sends != 0) {
    *message.mutable_quota() = quota_of(view.quota);
  }
  if (view.lane_quota.sends != 0) {
    *message.mutable_lane_quota() = quota_of(view.lane_quota);
  }
  message.set_retired(view.retired);
  message.set_doubtful(view.doubtful);
  return message;
}

v1::ChannelList to_proto(const std::vector<ports::ChannelView>& views) {
  v1::ChannelList message;
  for (const ports::ChannelView& view : views) {
    *message.add_channels() = to_proto(view);
  }
  return message;
}

v1::TestAnswer to_proto(const ports::ChannelTest& test) {
  v1::TestAnswer message;
  message.set_outcome(static_cast<v1::TestAnswer::Outcome>(static_cast<int>(test.outcome) + 1));
  message.set_address_dead(test.address_dead);
  message.set_seconds(Seconds(core::Duration(test.took_ms)).count());
  return message;
}

v1::OutboxRow to_proto(const ports::OutboxView& view) {
  const core::Delivery& delivery = view.delivery;
  v1::OutboxRow message;
  message.set_id(std::to_string(delivery.id));
  message.set_alert_id(delivery.alert_id.value);
  message.set_revision(delivery.version.revision);
  message.set_step(delivery.version.step);
  message.set_kind(to_proto(delivery.kind));
  message.set_status(to_proto(delivery.status));
  message.set_audience(to_proto(delivery.audience));
  message.set_channel(to_proto(delivery.channel));
  if (const auto* recipient = std::get_if<core::RecipientId>(&delivery.target)) {
    message.set_recipient_id(recipient->value);
  } else {
    message.set_division(core::to_string(std::get<core::Division>(delivery.target)));
  }
  if (delivery.state == core::DeliveryState::rejected) {
    message.set_state(v1::OutboxRow::REJECTED);
  } else if (delivery.state == core::DeliveryState::expired) {
    message.set_state(v1::OutboxRow::EXPIRED);
  }
  message.set_attempts(delivery.attempts);
  message.set_maybe_sent(delivery.maybe_sent);
  if (view.died_at != core::Instant{}) {
    *message.mutable_died_at() = to_proto(view.died_at);
  }
  message.set_in_force(view.in_force);
  return message;
}

v1::OutboxList to_proto(const ports::Listed<ports::OutboxView>& list) {
  v1::OutboxList message;
  for (const ports::OutboxView& view : list.items) {
    *message.add_rows() = to_proto(view);
  }
  message.set_next_page_token(list.next_token);
  return message;
}

core::Result<std::string> from_proto(const v1::PauseRequest& request) {
  if (const core::Result<void> checked = core::validate_reason(request.reason(), true); !checked) {
    return checked.error();
  }
  return std::string(request.reason());
}

core::Result<ports::TestOptions> from_proto(const v1::TestRequest& request) {
  FieldErrors errors;
  errors.need(!request.recipient_id().empty(), "recipientId");
  ports::TestOptions options;
  options.recipient = core::RecipientId(request.recipient_id());
  options.address = request.address();
  return errors.result(std::move(options));
}

}  // namespace tuanyuan::wire
