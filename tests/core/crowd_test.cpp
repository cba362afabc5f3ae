#include "core/crowd.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant start{Duration(1'000'000)};

/// With so many on their way since `start`.
Crowd crowd(std::size_t under_way, std::size_t share = 3) {
  Crowd made(share);
  for (std::size_t each = 0; each < under_way; ++each) {
    made.enter();
    made.sent(start);
  }
  return made;
}

void end_one(Crowd& crowd, Duration after) {
  crowd.answered(start, start + after);
  crowd.leave();
}

TEST(Crowd, NothingIsKnownOfItThenItHasItsShare) {
  EXPECT_TRUE(crowd(0).has_room(start));
  EXPECT_TRUE(crowd(2).has_room(start));
  EXPECT_FALSE(crowd(3).has_room(start));
  EXPECT_EQ(crowd(3).slow_from(), start + quick_send_max);
}

TEST(Crowd, QuickThenAsManyAsThereAre) {
  Crowd quick = crowd(3);
  end_one(quick, milliseconds(100));
  for (int each = 0; each < 100; ++each) {
    EXPECT_TRUE(quick.has_room(start + milliseconds(100)));
    quick.enter();
  }
}

TEST(Crowd, SlowThenNoMoreThanItsShareAndAPauseAsLongAsOneTakes) {
  Crowd slow = crowd(4);
  end_one(slow, seconds(3));
  EXPECT_FALSE(slow.has_room(start + seconds(3)));
  EXPECT_LE(slow.slow_from(), start);
  EXPECT_EQ(slow.pause(), seconds(3));
  end_one(slow, seconds(100));
  EXPECT_EQ(slow.pause(), crowd_pause_max);
  EXPECT_TRUE(slow.has_room(start + seconds(100))) << "two of three are on their way";
}

TEST(Crowd, OneHangsThenItIsQuickNoLonger) {
  Crowd hanging = crowd(4);
  end_one(hanging, milliseconds(100));
  EXPECT_TRUE(hanging.has_room(start + quick_send_max));
  EXPECT_FALSE(hanging.has_room(start + quick_send_max + Duration(1)));
}

TEST(Crowd, WellAgainThenItIsQuickSoon) {
  Crowd well = crowd(4);
  end_one(well, seconds(2));
  for (int each = 0; each < 8; ++each) {
    well.answered(start, start + milliseconds(10));
  }
  EXPECT_TRUE(well.has_room(start + milliseconds(10)));
}

}  // namespace
}  // namespace tuanyuan::core
