#include "runtime/paced_clock.hpp"

#include <gtest/gtest.h>
#include "runtime/virtual_clock.hpp"

namespace tuanyuan::runtime {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const core::Instant noon = core::from_epoch_ms(1'795'000'000'000);

TEST(PacedClock, GoesWithTheWallAndForwardWithItAndNeverBack) {
  boost::asio::io_context context{1};
  VirtualClock clock(context, noon);
  PacedClock paced(clock);
  clock.run_for(seconds(5));
  EXPECT_EQ(paced.now(), noon + seconds(5));
  clock.step_wall(hours(1));
  EXPECT_EQ(paced.now(), noon + hours(1) + seconds(5));
  clock.step_wall(-hours(3));
  EXPECT_EQ(paced.now(), noon + hours(1) + seconds(5));
  clock.run_for(seconds(7));
  EXPECT_EQ(paced.now(), noon + hours(1) + seconds(12));
}

TEST(PacedClock, PartsOfAMillisecondAddUp) {
  boost::asio::io_context context{1};
  VirtualClock clock(context, noon);
  PacedClock paced(clock);
  clock.step_wall(-hours(1));
  for (int times = 0; times < 10; ++times) {
    clock.run_for(std::chrono::microseconds(300));
    paced.now();
  }
  EXPECT_EQ(paced.now(), noon + std::chrono::milliseconds(3));
}

}  // namespace
}  // namespace tuanyuan::runtime
