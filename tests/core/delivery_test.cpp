#include "core/delivery.hpp"

#include <gtest/gtest.h>

#include "core/backoff.hpp"

namespace tuanyuan::core {
namespace {

const Instant noon = from_epoch_ms(1'795'000'000'000);
constexpr std::uint64_t random_bits = 0x123456789ABCDEF0U;

Delivery queued() {
  Delivery delivery;
  delivery.not_before = noon;
  delivery.expires_at = noon + std::chrono::hours(1);
  return delivery;
}

Delivery handed() {
  return advance(queued(), Handed{}, noon, random_bits);
}

Delivery answered(DeliveryOutcome outcome, Duration retry_after = Duration(0)) {
  return advance(handed(), Answered{outcome, retry_after}, noon, random_bits);
}

TEST(Delivery, OutcomesLeadWhereTheyShould) {
  struct Row {
    DeliveryOutcome outcome;
    DeliveryState state;
    bool maybe_sent;
  };
  for (const Row& row : {Row{DeliveryOutcome::accepted, DeliveryState::accepted, false},
                         Row{DeliveryOutcome::rejected, DeliveryState::rejected, false},
                         Row{DeliveryOutcome::retry, DeliveryState::queued, false},
                         Row{DeliveryOutcome::unknown, DeliveryState::queued, true}}) {
    SCOPED_TRACE(to_string(row.outcome));
    const Delivery delivery = answered(row.outcome);
    EXPECT_EQ(delivery.state, row.state);
    EXPECT_EQ(delivery.maybe_sent, row.maybe_sent);
    EXPECT_EQ(delivery.attempts, 1U);
  }
}

TEST(Delivery, RetryWaitsAndDoubles) {
  Delivery delivery = queued();
  Duration before{0};
  for (int round = 0; round < 4; ++round) {
    delivery.not_before = noon;
    delivery = advance(delivery, Handed{}, noon, 0);
    delivery = advance(delivery, Answered{DeliveryOutcome::retry, Duration(0)}, noon, UINT64_MAX);
    const Duration wait = delivery.not_before - noon;
    EXPECT_GT(wait, before);
    EXPECT_LE(wait, delivery_backoff.longest);
    before = wait;
  }
}

TEST(Delivery, HeldBackThenItIsNoAttemptAndComesBackWhenThereIsRoom) {
  Delivery delivery = queued();
  delivery.attempts = 7;
  for (int round = 0; round < 3; ++round) {
    delivery = advance(delivery, Handed{}, noon, UINT64_MAX);
    delivery = advance(delivery, Answered{DeliveryOutcome::held, std::chrono::seconds(4)}, noon, UINT64_MAX);
    EXPECT_EQ(delivery.state, DeliveryState::queued);
    EXPECT_EQ(delivery.attempts, 7U);
    EXPECT_FALSE(delivery.maybe_sent);
    EXPECT_EQ(delivery.not_before, noon + std::chrono::seconds(4));
  }
  EXPECT_EQ(answered(DeliveryOutcome::held).not_before, noon + held_wait_min);
}

TEST(Delivery, WhatTheOtherSideAsksForIsHonoured) {
  EXPECT_GE(answered(DeliveryOutcome::retry, std::chrono::minutes(30)).not_before,
            noon + std::chrono::minutes(30));
}

TEST(Delivery, SupersededInFlightMayHaveBeenSent) {
  EXPECT_FALSE(advance(queued(), Superseded{}, noon, 0).maybe_sent);
  const Delivery delivery = advance(handed(), Superseded{}, noon, 0);
  EXPECT_EQ(delivery.state, DeliveryState::superseded);
  EXPECT_TRUE(delivery.maybe_sent);
}

TEST(Delivery, SettledStaysSettled) {
  for (DeliveryOutcome outcome : {DeliveryOutcome::accepted, DeliveryOutcome::rejected}) {
    const Delivery settled = answered(outcome);
    EXPECT_EQ(advance(settled, Superseded{}, noon, 0).state, settled.state);
    EXPECT_EQ(advance(settled, Handed{}, noon, 0).attempts, settled.attempts);
    EXPECT_EQ(advance(settled, Answered{DeliveryOutcome::retry, Duration(0)}, noon, 0).state, settled.state);
  }
}

TEST(Delivery, IsDueFromItsTimeAndExpiresAtItsEnd) {
  const Delivery delivery = queued();
  EXPECT_FALSE(is_due(delivery, noon - Duration(1)));
  EXPECT_TRUE(is_due(delivery, noon));
  EXPECT_FALSE(is_expired(delivery, noon));
  EXPECT_TRUE(is_expired(delivery, noon + std::chrono::hours(1)));
}

TEST(Delivery, RecallNeverExpires) {
  Delivery recall = queued();
  recall.kind = NoticeKind::close;
  EXPECT_FALSE(is_expired(recall, noon + std::chrono::hours(10'000)));
}

}  // namespace
}  // namespace tuanyuan::core
