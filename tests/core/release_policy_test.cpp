#include "core/release_policy.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::minutes;

const Instant submitted = from_epoch_ms(1'795'000'000'000);

TEST(MayRelease, ModeOfficerAndTimeThenAllowedOrNot) {
  struct Row {
    ReleaseMode mode;
    const char* officer;
    bool break_glass;
    minutes later;
    bool allowed;
  };
  const Row rows[] = {
      {ReleaseMode::certified, "021533", false, minutes(0), true},
      {ReleaseMode::certified, "021533", true, minutes(0), true},
      {ReleaseMode::two_person, "021534", false, minutes(0), true},
      {ReleaseMode::two_person, "021533", false, minutes(0), false},
      {ReleaseMode::two_person, "021533", false, minutes(60), false},
      {ReleaseMode::two_person, "021533", true, minutes(14), false},
      {ReleaseMode::two_person, "021533", true, minutes(15), true},
  };
  CaseState state;
  state.submitted_by = Actor{"210102000000", "021533"};
  state.submitted_at = submitted;
  for (const Row& row : rows) {
    ReleasePolicy policy;
    policy.mode = row.mode;
    Caller officer;
    officer.unit = "210102000000";
    officer.officer = row.officer;
    const Result<void> may = may_release(policy, officer, state, row.break_glass, submitted + row.later);
    EXPECT_EQ(may.has_value(), row.allowed) << row.officer << ' ' << row.break_glass << ' ' << row.later.count();
    if (!may) {
      EXPECT_EQ(may.error().code, Errc::forbidden);
    }
  }
}

TEST(MayRelease, SameNumberOfAnotherUnitThenAnotherOfficer) {
  ReleasePolicy policy;
  policy.mode = ReleaseMode::two_person;
  CaseState state;
  state.submitted_by = Actor{"210102000000", "021533"};
  Caller officer;
  officer.unit = "210100000000";
  officer.officer = "021533";
  EXPECT_TRUE(may_release(policy, officer, state, false, submitted));
}

}  // namespace
}  // namespace tuanyuan::core
