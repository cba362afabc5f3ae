#include "adapters/push/places.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <map>

#include "runtime/loop.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;

class PlacesTest : public testing::Test {
 protected:
  boost::asio::awaitable<void> take(int who, std::chrono::milliseconds wait) {
    Places::Place place = co_await places_.take(loop_.clock, loop_.clock.steady_now() + wait);
    if (place) {
      came_.push_back(who);
      held_[who] = std::move(place);
    } else {
      sent_away_.push_back(who);
    }
  }
  void come(int who, std::chrono::milliseconds wait = 1h) {
    loop_.start(take(who, wait));
    loop_.clock.settle();
  }
  void leave(int who) {
    held_.erase(who);
    loop_.clock.settle();
  }

  test::Loop loop_;
  Places places_{loop_.context.get_executor(), 1, 2};
  std::vector<int> came_;
  std::vector<int> sent_away_;
  std::map<int, Places::Place> held_;
};

TEST_F(PlacesTest, MoreThanPlacesThenOneAfterTheOtherInTheirOrder) {
  come(1);
  come(2);
  EXPECT_FALSE(places_.is_full());
  come(3);
  EXPECT_TRUE(places_.is_full());
  EXPECT_EQ(came_, std::vector({1}));
  leave(1);
  EXPECT_EQ(came_, std::vector({1, 2}));
  EXPECT_EQ(places_.taken(), 1U);
  leave(2);
  leave(3);
  EXPECT_EQ(came_, std::vector({1, 2, 3}));
  EXPECT_EQ(places_.taken(), 0U);
}

TEST_F(PlacesTest, NoneFreeInTimeThenNoneAndTheNextIsCalledInstead) {
  come(1);
  come(2, 1s);
  come(3);
  loop_.clock.run_for(2s);
  EXPECT_EQ(sent_away_, std::vector({2}));
  leave(1);
  EXPECT_EQ(came_, std::vector({1, 3}));
}

TEST_F(PlacesTest, CancelledWhileWaitingThenNotCalled) {
  come(1);
  boost::asio::cancellation_signal stop;
  bool ended = false;
  boost::asio::co_spawn(
      loop_.context, take(2, 1h),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; }));
  loop_.clock.settle();
  stop.emit(boost::asio::cancellation_type::terminal);
  loop_.clock.settle();
  EXPECT_TRUE(ended);
  leave(1);
  EXPECT_EQ(came_, std::vector({1}));
  EXPECT_EQ(places_.taken(), 0U);
}

TEST_F(PlacesTest, OnePlaceGivenUpForAnotherThenFreeAgain) {
  come(1);
  held_[1] = Places::Place();
  EXPECT_EQ(places_.taken(), 0U);
}

}  // namespace
}  // namespace tuanyuan::push
