#include <gmock/gmock.h>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

/// Decides while what is in force is being read: at its first read of the ledger, its second and so on.
class DecidedMeanwhile : public EngineTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(AtEachRead, DecidedMeanwhile, ::testing::Range(1, 8));

TEST_P(DecidedMeanwhile, ThenWhatWasReadDoesNotPassForWhatIsInForce) {
  const auto alert = released();
  restart();
  int reads = 0;
  memory->faults.read_fails = [&] {
    if (++reads == GetParam()) {
      boost::asio::co_spawn(
          context, engine->cases().close(releaser, alert.id, found(), ports::Idempotency()),
          [](std::exception_ptr, core::Result<ports::AlertView> closed) { ASSERT_TRUE(closed); });
    }
    return false;
  };
  const ports::RetainedInForce all = run(engine->retained().in_force());
  for (const ports::Dispatch& dispatch : all.dispatches) {
    if (dispatch.copy) {
      EXPECT_EQ(codec.decode_notice(dispatch.copy->protobuf)->version, dispatch.delivery.version);
    }
  }
  EXPECT_TRUE(!all.complete || !all.dispatches.empty());
}

/// One read of the ledger fails: the first, the second and so on.
class OneReadFails : public EngineTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(AtEachRead, OneReadFails, ::testing::Range(1, 8));

TEST_P(OneReadFails, ThenWhatIsMissingDoesNotPassForAll) {
  const auto alert = released();
  restart();
  const std::size_t everything = run(engine->retained().in_force()).dispatches.size();
  restart();
  int reads = 0;
  memory->faults.read_fails = [&reads] { return ++reads == GetParam(); };
  const ports::RetainedInForce all = run(engine->retained().in_force());
  EXPECT_TRUE(!all.complete || all.dispatches.size() == everything);
}

TEST_F(EngineTest, RetainedTruthJudgesWhatABrokerHolds) {
  const auto alert = released();
  ports::RetainedSeen seen;
  seen.alert_id = alert.id;
  seen.audience = core::Audience::partner;
  seen.target = core::Division{210102};
  seen.version = core::Version{1, 0};
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::in_order);
  seen.version.reset();
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::behind);
  seen.version = core::Version{1, 0};
  seen.target = core::Division{440102};
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::stranger);
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), ports::Idempotency())));
  seen.target = core::Division{210102};
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::behind) << "older than the recall";
  const auto right = run(engine->retained().in_force_at(seen));
  ASSERT_TRUE(right && *right);
  EXPECT_EQ((*right)->delivery.kind, core::NoticeKind::close);
  EXPECT_FALSE(run(engine->retained().in_force()).dispatches.empty());
}

TEST_F(EngineTest, WhatCannotBeReadIsNotTakenForNotRetained) {
  const auto alert = released();
  restart();
  ports::RetainedSeen seen;
  seen.alert_id = alert.id;
  seen.audience = core::Audience::police;
  seen.target = core::Division{210102};
  memory->faults.read_fails = [] { return true; };
  EXPECT_FALSE(run(engine->retained().in_force()).complete);
  EXPECT_FALSE(run(engine->retained().in_force_at(seen)));
  memory->faults.read_fails = nullptr;
  EXPECT_TRUE(run(engine->retained().in_force()).complete);
  EXPECT_TRUE(run(engine->retained().in_force_at(seen)));
}

TEST_F(EngineTest, WhatIsRetainedIsInForceUntilTheNextDecision) {
  const auto alert = released();
  const std::vector<ports::Dispatch> before = run(engine->retained().in_force()).dispatches;
  ASSERT_FALSE(before.empty());
  for (const ports::Dispatch& dispatch : before) {
    EXPECT_TRUE(engine->retained().still_in_force(dispatch.delivery));
  }
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), ports::Idempotency())));
  for (const ports::Dispatch& dispatch : before) {
    EXPECT_FALSE(engine->retained().still_in_force(dispatch.delivery));
  }
}

}  // namespace
}  // namespace tuanyuan::engine
