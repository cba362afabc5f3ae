#include "core/widening.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant lost = from_epoch_ms(1'795'000'000'000);
const RingPolicy rings;

CaseState active(double radius_km) {
  CaseState state;
  state.alert_state = AlertState::active;
  state.last_seen_at = lost;
  state.radius_km = radius_km;
  return state;
}

TEST(Widening, RadiusIsTheOneThatTheHoursSinceTheLossDemand) {
  struct Row {
    Duration since_loss;
    double has;
    std::optional<double> due;
  };
  const Row rows[] = {
      {minutes(59), 100, std::nullopt},
      {minutes(61), 100, 200},
      {minutes(121), 200, 300},
      {minutes(181), 300, 500},
      {hours(50), 100, 500},  // no step that time has overtaken
      {hours(50), 500, std::nullopt},
      {minutes(61), 300, std::nullopt},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(due_radius_km(rings, active(row.has), lost + row.since_loss), row.due)
        << row.since_loss.count() << " ms, " << row.has << " km";
  }
}

TEST(Widening, CircleThatAnOfficerChoseOrHoldsStays) {
  CaseState chosen = active(50);
  chosen.radius_chosen = true;
  CaseState held = active(100);
  held.circle_held = true;
  CaseState ended = active(100);
  ended.alert_state = AlertState::closed;
  for (const CaseState& state : {chosen, held, ended}) {
    EXPECT_FALSE(due_radius_km(rings, state, lost + hours(9)));
    EXPECT_FALSE(next_radius_at(rings, state, lost + hours(9)));
  }
}

TEST(Widening, NextIsAtTheEndOfTheStageOrNowIfItIsOverdue) {
  EXPECT_EQ(next_radius_at(rings, active(100), lost + minutes(30)), lost + hours(1) + Duration(1));
  EXPECT_EQ(next_radius_at(rings, active(100), lost + minutes(90)), lost + minutes(90));
  EXPECT_EQ(next_radius_at(rings, active(300), lost + minutes(30)), lost + hours(3) + Duration(1));
  EXPECT_FALSE(next_radius_at(rings, active(500), lost + hours(4)));
}

TEST(Renewal, IsDueBeforeTheDisplayEndsAndNotForEver) {
  const DisplayPolicy policy;
  CaseState state = active(100);
  state.released_at = lost;
  state.expires_at = lost + hours(24);
  EXPECT_EQ(renewal_at(policy, state), lost + hours(23));
  state.expires_at = lost + hours(72);
  EXPECT_FALSE(renewal_at(policy, state));
  state.expires_at = lost + hours(24);
  state.alert_state = AlertState::closed;
  EXPECT_FALSE(renewal_at(policy, state));
}

TEST(Renewal, OfAShortDisplayIsNotDueAtOnce) {
  DisplayPolicy policy;
  policy.shown = minutes(20);
  CaseState state = active(100);
  state.released_at = lost;
  state.expires_at = lost + minutes(20);
  EXPECT_EQ(renewal_at(policy, state), lost + minutes(15));
}

}  // namespace
}  // namespace tuanyuan::core
