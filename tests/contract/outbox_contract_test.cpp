#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using core::ChannelKind;
using core::DeliveryState;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""h;

class Outbox : public LedgerContract {
 protected:
  std::vector<core::Delivery> claim(core::Instant now = noon, std::size_t limit = 100,
                                    ChannelKind channel = ChannelKind::mqtt) {
    return read(ledger_->claim(channel, now, now + 60s, limit));
  }
  std::vector<std::uint64_t> claim_ids(core::Instant now = noon, std::size_t limit = 100) {
    std::vector<std::uint64_t> ids;
    for (const core::Delivery& row : claim(now, limit)) {
      ids.push_back(row.id);
    }
    return ids;
  }
  void update(ports::DeliveryUpdate changed) {
    ports::Commit made;
    made.delivery_updates.push_back(changed);
    commit(made);
  }
  void supersede(core::AlertId alert, core::Version before, core::Audience audience = core::Audience::police) {
    ports::Commit made;
    made.supersede.push_back({std::move(alert), audience, before});
    commit(made);
  }
  ports::Ledger::Backlog backlog(ChannelKind channel = ChannelKind::mqtt) {
    return read(ledger_->backlog(channel));
  }
};

using Ids = std::vector<std::uint64_t>;

TEST_P(Outbox, CommittedThenNumberedInOrderAndNeverTwice) {
  const auto first = commit(deliveries_only({delivery(alert_id(1), 5), delivery(alert_id(1), 3)})).delivery_ids;
  ASSERT_EQ(first.size(), 2U);
  EXPECT_LT(first[0], first[1]);
  const auto second = commit(deliveries_only({delivery(alert_id(1), 4)})).delivery_ids;
  EXPECT_LT(first[1], second.at(0));
}

TEST_P(Outbox, ClaimedThenTheMostUrgentFirstAndThenTheOldest) {
  const auto ids =
      commit(deliveries_only({delivery(alert_id(1), 5), delivery(alert_id(1), -3), delivery(alert_id(1), 5),
                              delivery(alert_id(1), INT64_MAX), delivery(alert_id(1), INT64_MIN)}))
          .delivery_ids;
  EXPECT_EQ(claim_ids(), (Ids{ids[4], ids[1], ids[0], ids[2], ids[3]}));
}

TEST_P(Outbox, ClaimedThenAsItWasCommittedAndReadyToBeHanded) {
  core::Delivery row = delivery(alert_id(1), 42, {7, 3});
  row.kind = core::NoticeKind::close;
  row.status = core::Status::actual;
  row.audience = core::Audience::public_;
  row.parcel = core::Parcel::photo_clear;
  row.channel = ChannelKind::webhook;
  row.target = core::Division{210102};
  row.attempts = 2;
  row.maybe_sent = true;
  row.concerns = core::RecipientId("station-1");
  row.awaits = core::AnswerKind::confirmed;
  row.endpoint = UINT64_MAX - 1;
  commit(deliveries_only({row}));
  const auto claimed = claim(noon, 1, ChannelKind::webhook);
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_NE(claimed[0].id, 0U);
  EXPECT_EQ(claimed[0].alert_id, row.alert_id);
  EXPECT_EQ(claimed[0].version, row.version);
  EXPECT_EQ(claimed[0].kind, row.kind);
  EXPECT_EQ(claimed[0].status, row.status);
  EXPECT_EQ(claimed[0].audience, row.audience);
  EXPECT_EQ(claimed[0].concerns, row.concerns);
  EXPECT_EQ(claimed[0].awaits, row.awaits);
  EXPECT_EQ(claimed[0].endpoint, row.endpoint);
  EXPECT_EQ(claimed[0].parcel, row.parcel);
  EXPECT_EQ(claimed[0].channel, row.channel);
  EXPECT_EQ(claimed[0].target, row.target);
  EXPECT_EQ(claimed[0].urgency, row.urgency);
  EXPECT_EQ(claimed[0].not_before, row.not_before);
  EXPECT_EQ(claimed[0].expires_at, row.expires_at);
  EXPECT_EQ(claimed[0].attempts, 2U);
  EXPECT_TRUE(claimed[0].maybe_sent);
  EXPECT_EQ(claimed[0].state, DeliveryState::queued) << "so that core::advance takes it";
}

TEST_P(Outbox, TargetIsARecipientThenItComesBack) {
  commit(deliveries_only({delivery(alert_id(1), 1)}));
  EXPECT_EQ(claim().at(0).target, core::Target(core::RecipientId("station-1")));
}

TEST_P(Outbox, NotDueThenNotClaimedBefore) {
  core::Delivery later = delivery(alert_id(1), 1);
  later.not_before = noon + 30s;
  commit(deliveries_only({later}));
  EXPECT_TRUE(claim(noon + 29s).empty());
  EXPECT_EQ(claim(noon + 30s).size(), 1U);
}

TEST_P(Outbox, OtherChannelThenNotClaimed) {
  commit(deliveries_only({delivery(alert_id(1), 1)}));
  EXPECT_TRUE(claim(noon, 10, ChannelKind::sms).empty());
  EXPECT_EQ(backlog(ChannelKind::sms).rows, 0U);
}

TEST_P(Outbox, LimitedThenTheRestStays) {
  const auto ids =
      commit(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2), delivery(alert_id(1), 3)}))
          .delivery_ids;
  EXPECT_EQ(claim_ids(noon, 2), (Ids{ids[0], ids[1]}));
  EXPECT_EQ(claim_ids(noon, 2), (Ids{ids[2]}));
}

TEST_P(Outbox, CommittedAsSettledThenNeverClaimed) {
  core::Delivery settled = delivery(alert_id(1), 1);
  settled.state = DeliveryState::expired;
  commit(deliveries_only({settled}));
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(backlog().rows, 0U);
}

// Leases.

TEST_P(Outbox, LeasedThenNobodyElseIsGivenIt) {
  commit(deliveries_only({delivery(alert_id(1), 1)}));
  EXPECT_EQ(claim().size(), 1U);
  EXPECT_TRUE(claim().empty());
  EXPECT_TRUE(claim(noon + 59s).empty());
}

TEST_P(Outbox, LeaseRanOutThenGivenAgainAndMarkedAsMaybeSent) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  EXPECT_FALSE(claim().at(0).maybe_sent);
  const auto again = claim(noon + 60s);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].id, ids[0]);
  EXPECT_TRUE(again[0].maybe_sent);
  EXPECT_EQ(again[0].state, DeliveryState::queued);
  EXPECT_TRUE(claim(noon + 61s).empty()) << "leased anew";
}

TEST_P(Outbox, OpenedAgainThenEarlierLeasesAreVoid) {
  commit(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2)}));
  EXPECT_EQ(claim(noon, 1).size(), 1U);
  reopen();
  const auto again = claim(noon + 1s);
  ASSERT_EQ(again.size(), 2U);
  EXPECT_TRUE(again[0].maybe_sent);
  EXPECT_FALSE(again[1].maybe_sent);
}

// What a row waits for is a time by the wall clock that stamped it. Where that ran ahead, the time may be hours
// away by the clock that was put right since.
TEST_P(Outbox, OpenedAgainThenWhatIsQueuedIsDueWhateverTheFormerClockSaid) {
  core::Delivery ahead = delivery(alert_id(1), 1);
  ahead.not_before = noon + 2h;
  const auto ids = commit(deliveries_only({ahead, delivery(alert_id(1), 2)})).delivery_ids;
  EXPECT_EQ(claim_ids(), (Ids{ids[1]}));
  update({ids[1], DeliveryState::queued, 3, true, noon + 3h});
  EXPECT_TRUE(claim().empty());
  reopen();
  EXPECT_EQ(backlog().rows, 2U);
  const auto again = claim();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[1].attempts, 3U);
  EXPECT_TRUE(again[1].maybe_sent);
}

TEST_P(Outbox, OpenedAgainThenWhatIsSettledStaysSettled) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::accepted, 1, true, noon + 2h});
  supersede(alert_id(1), {2, 0});
  update({ids[1], DeliveryState::queued, 1, true, noon + 2h});
  reopen();
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(backlog().rows, 0U);
}

TEST_P(Outbox, MoreUrgentThanWhatComesToBeDueThenGivenBeforeIt) {
  core::Delivery later = delivery(alert_id(1), 1);
  later.not_before = noon + 30s;
  const auto waits = commit(deliveries_only({later})).delivery_ids;
  EXPECT_TRUE(claim().empty());
  core::Delivery urgent = delivery(alert_id(1), 2);
  urgent.urgency = later.urgency - 1;
  const auto fresh = commit(deliveries_only({urgent})).delivery_ids;
  EXPECT_EQ(claim_ids(noon + 30s), (Ids{fresh[0], waits[0]}));
}

TEST_P(Outbox, HeldBackAgainAndAgainThenGivenEachTimeWhenItIsDue) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::accepted, 1, false, noon});
  for (auto due = noon + 1s; due < noon + 5s; due += 1s) {
    update({ids[1], DeliveryState::queued, 0, false, due});
    EXPECT_TRUE(claim(due - std::chrono::milliseconds(1)).empty());
    EXPECT_EQ(claim_ids(due), (Ids{ids[1]}));
  }
}

// Outcomes.

TEST_P(Outbox, AcceptedThenSettled) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::accepted, 1, false, noon});
  EXPECT_EQ(backlog().rows, 0U);
  EXPECT_TRUE(claim(noon + 24h).empty());
}

TEST_P(Outbox, QueuedForRetryThenGivenAgainWhenDueWithItsAttempts) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::queued, 1, true, noon + 5s});
  EXPECT_TRUE(claim(noon + 4s).empty());
  const auto again = claim(noon + 5s);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].attempts, 1U);
  EXPECT_TRUE(again[0].maybe_sent);
  EXPECT_EQ(again[0].not_before, noon + 5s);
}

TEST_P(Outbox, OnceMaybeSentThenNeverSurelyUnsent) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::queued, 1, true, noon});
  claim();
  update({ids[0], DeliveryState::queued, 2, false, noon});
  EXPECT_TRUE(claim().at(0).maybe_sent);
}

TEST_P(Outbox, SettledThenALaterOutcomeDoesNotReopenIt) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::accepted, 1, false, noon});
  update({ids[0], DeliveryState::queued, 2, false, noon});
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(backlog().rows, 0U);
}

TEST_P(Outbox, ManyOutcomesAtOnceThenEachRowHasItsOwn) {
  std::vector<core::Delivery> rows;
  for (int urgency = 1; urgency <= 6; ++urgency) {
    rows.push_back(delivery(alert_id(1), urgency));
  }
  const auto ids = commit(deliveries_only(rows)).delivery_ids;
  claim();
  const auto outcome = [&ids](std::size_t which, DeliveryState state, std::uint32_t attempts = 1) {
    ports::DeliveryUpdate update;
    update.id = ids[which];
    update.state = state;
    update.attempts = attempts;
    update.not_before = noon;
    return update;
  };
  ports::Commit many;  // in no order, with a gap, and one that fares otherwise among those that fare alike
  many.delivery_updates = {outcome(5, DeliveryState::accepted), outcome(0, DeliveryState::accepted),
                           outcome(2, DeliveryState::queued, 3), outcome(1, DeliveryState::accepted),
                           outcome(3, DeliveryState::accepted)};
  commit(many);
  const auto again = claim(noon + 1s);
  ASSERT_EQ(again.size(), 1U) << "the fifth is held still, all others are settled";
  EXPECT_EQ(again[0].id, ids[2]);
  EXPECT_EQ(again[0].attempts, 3U);
  EXPECT_EQ(backlog().rows, 2U);
}

TEST_P(Outbox, TwoOutcomesOfOneRowAtOnceThenTheLaterCounts) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2)})).delivery_ids;
  claim();
  ports::Commit twice;
  twice.delivery_updates.resize(3);
  twice.delivery_updates[0].id = ids[0];
  twice.delivery_updates[1].id = ids[1];
  twice.delivery_updates[2].id = ids[0];
  twice.delivery_updates[2].state = DeliveryState::accepted;
  commit(twice);
  EXPECT_EQ(claim_ids(), (Ids{ids[1]}));
}

TEST_P(Outbox, UnknownIdThenNothingHappens) {
  update({4711, DeliveryState::accepted, 1, false, noon});
  EXPECT_EQ(backlog().rows, 0U);
}

// Superseding.

TEST_P(Outbox, SupersededThenOlderQueuedOnesOfThatAlertAreNotGiven) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1, {1, 0}), delivery(alert_id(1), 2, {1, 9}),
                                           delivery(alert_id(1), 3, {2, 0}), delivery(alert_id(1), 4, {2, 1}),
                                           delivery(alert_id(2), 5, {1, 0})}))
                       .delivery_ids;
  supersede(alert_id(1), {2, 1});
  EXPECT_EQ(claim_ids(), (Ids{ids[3], ids[4]}));
}

TEST_P(Outbox, SupersededForOneAudienceThenTheOthersStay) {
  core::Delivery partner = delivery(alert_id(1), 2);
  partner.audience = core::Audience::partner;
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1), partner})).delivery_ids;
  supersede(alert_id(1), {2, 0}, core::Audience::partner);
  EXPECT_EQ(claim_ids(), (Ids{ids[0]}));
}

TEST_P(Outbox, SupersededInTheCommitOfTheNewerThenTheNewerStays) {
  commit(deliveries_only({delivery(alert_id(1), 1, {1, 0})}));
  ports::Commit newer = deliveries_only({delivery(alert_id(1), 1, {2, 0})});
  newer.supersede.push_back({alert_id(1), core::Audience::police, {2, 0}});
  const auto ids = commit(newer).delivery_ids;
  EXPECT_EQ(claim_ids(), ids);
}

TEST_P(Outbox, SupersededWhileInFlightThenItsRetryIsNotGiven) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  claim();
  supersede(alert_id(1), {2, 0});
  EXPECT_EQ(backlog().rows, 1U) << "its outcome is still to come";
  update({ids[0], DeliveryState::queued, 1, true, noon});
  EXPECT_TRUE(claim(noon + 24h).empty());
  EXPECT_EQ(backlog().rows, 0U);
}

TEST_P(Outbox, SupersededWhileInFlightAndItsLeaseRanOutThenNotGiven) {
  commit(deliveries_only({delivery(alert_id(1), 1)}));
  claim();
  supersede(alert_id(1), {2, 0});
  EXPECT_TRUE(claim(noon + 61s).empty());
  EXPECT_EQ(backlog().rows, 0U);
}

// The backlog.

TEST_P(Outbox, NothingUnsettledThenNoBacklog) {
  EXPECT_EQ(backlog().rows, 0U);
}

TEST_P(Outbox, QueuedAndInFlightThenCountedWithTheOldest) {
  core::Delivery later = delivery(alert_id(1), 2);
  later.not_before = noon + 30s;
  commit(deliveries_only({delivery(alert_id(1), 1), later}));
  EXPECT_EQ(backlog().rows, 2U);
  EXPECT_EQ(backlog().oldest, noon);
  claim();
  EXPECT_EQ(backlog().rows, 2U);
  EXPECT_EQ(backlog().oldest, noon);
}

TEST_P(Outbox, RetriedThenItsAgeStillCountsFromItsCommitment) {
  const auto ids = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  claim();
  update({ids[0], DeliveryState::queued, 1, false, noon + 300s});
  EXPECT_EQ(backlog().oldest, noon);
}

INSTANTIATE_TEST_SUITE_P(Ledger, Outbox, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
