#include "runtime/wall_watch.hpp"

#include <gtest/gtest.h>
#include "runtime/virtual_clock.hpp"

namespace tuanyuan::runtime {
namespace {

using std::chrono::seconds;

TEST(WallWatch, OnlyWhatSetsItBackByMoreThanItDrifts) {
  struct Row {
    seconds stepped;
    bool set_back;
  };
  boost::asio::io_context context{1};
  VirtualClock clock(context, core::from_epoch_ms(1'795'000'000'000));
  WallWatch watch(clock);
  for (const Row& row : {Row{seconds(0), false}, Row{seconds(3'600), false}, Row{seconds(-9), false},
                         Row{seconds(-11), true}, Row{seconds(0), false}, Row{seconds(-86'400), true}}) {
    clock.run_for(seconds(60));
    clock.step_wall(row.stepped);
    EXPECT_EQ(watch.set_back(), row.set_back) << row.stepped.count();
  }
}

}  // namespace
}  // namespace tuanyuan::runtime
