#include "engine/running.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::engine {
namespace {

using ports::Clock;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Running, SinceItStartedOrWentOn) {
  const Clock::Steady start = Clock::Steady(seconds(1000));
  struct {
    Clock::Steady::duration after;
    bool stood_still;
    Clock::Steady::duration since;
  } const rows[] = {
      {seconds(1), false, seconds(0)},
      {seconds(121), false, seconds(0)},  // 120 s: a slow tick
      {seconds(242), true, seconds(242)},
      {seconds(243), false, seconds(242)},
      {minutes(60), true, minutes(60)},
  };
  Running running;
  running.begin(start);
  for (const auto& row : rows) {
    EXPECT_EQ(running.note(start + row.after), row.stood_still) << row.after.count();
    EXPECT_EQ(running.since(), start + row.since) << row.after.count();
  }
}

}  // namespace
}  // namespace tuanyuan::engine
