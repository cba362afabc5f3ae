#include "core/delivery.hpp"

#include <algorithm>

#include "core/backoff.hpp"
#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<DeliveryState, 6> state_names{
    {"queued", "in_flight", "accepted", "rejected", "superseded", "expired"}};
constexpr Names<DeliveryOutcome, 5> outcome_names{{"accepted", "rejected", "retry", "unknown", "held"}};

Delivery on(Delivery delivery, const Handed&, Instant, std::uint64_t) {
  if (delivery.state == DeliveryState::queued) {
    delivery.state = DeliveryState::in_flight;
    ++delivery.attempts;
  }
  return delivery;
}

Delivery retried(Delivery delivery, Duration at_least, Instant now, std::uint64_t random) {
  const Duration wait = std::max(at_least, backoff_delay(delivery_backoff, delivery.attempts, random));
  delivery.state = DeliveryState::queued;
  delivery.not_before = now + wait;
  return delivery;
}

/// The waits of those that did fail have nothing to do with it, and it makes none of them longer.
Delivery held(Delivery delivery, Duration wait, Instant now) {
  --delivery.attempts;
  delivery.state = DeliveryState::queued;
  delivery.not_before = now + std::max(wait, held_wait_min);
  return delivery;
}

Delivery on(Delivery delivery, const Answered& answer, Instant now, std::uint64_t random) {
  if (delivery.state != DeliveryState::in_flight) {
    return delivery;  // an answer that came after it was superseded changes nothing
  }
  switch (answer.outcome) {
    case DeliveryOutcome::accepted:
      delivery.state = DeliveryState::accepted;
      return delivery;
    case DeliveryOutcome::rejected:
      delivery.state = DeliveryState::rejected;
      return delivery;
    case DeliveryOutcome::unknown:
      delivery.maybe_sent = true;
      return retried(std::move(delivery), answer.retry_after, now, random);
    case DeliveryOutcome::retry:
      return retried(std::move(delivery), answer.retry_after, now, random);
    case DeliveryOutcome::held:
      return held(std::move(delivery), answer.retry_after, now);
  }
  return delivery;
}

Delivery on(Delivery delivery, const Superseded&, Instant, std::uint64_t) {
  if (!is_settled(delivery.state)) {
    delivery.maybe_sent = delivery.maybe_sent || delivery.state == DeliveryState::in_flight;
    delivery.state = DeliveryState::superseded;
  }
  return delivery;
}

}  // namespace

std::string_view to_string(DeliveryState state) {
  return state_names[state];
}
std::string_view to_string(DeliveryOutcome outcome) {
  return outcome_names[outcome];
}

Delivery advance(Delivery delivery, const DeliveryEvent& event, Instant now, std::uint64_t random) {
  return std::visit([&](const auto& happened) { return on(std::move(delivery), happened, now, random); }, event);
}

bool is_due(const Delivery& delivery, Instant now) {
  return delivery.state == DeliveryState::queued && delivery.not_before <= now;
}

bool is_expired(const Delivery& delivery, Instant now) {
  return delivery.state == DeliveryState::queued && !is_recall(delivery.kind) && delivery.expires_at <= now;
}

}  // namespace tuanyuan::core
