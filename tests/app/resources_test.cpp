#include "app/resources.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tuanyuan::app {
namespace {

TEST(DescriptorShares, MoreOrFewerThanAllWantThenSharedAndNoneTwice) {
  struct Row {
    std::size_t files;
    std::size_t gateways_wanted;
    std::size_t idle_wanted;
    std::size_t clients;
    std::size_t gateways;
    std::size_t idle;
  };
  constexpr Row rows[] = {
      {65'536, 384, 1'024, 64'000, 384, 1'024},  // all have what they want
      {1'024, 384, 1'024, 452, 384, 60},         // what is idle only saves time
      {256, 384, 1'024, 74, 48, 6},              // half of what clients can spare
      {256, 0, 0, 128, 0, 0},                    // no gateway
      {160, 0, 0, 32, 0, 0},                     // the least
      {176, 384, 1'024, 32, 16, 0},
      {164, 4, 1'024, 32, 4, 0},
  };
  for (const Row& row : rows) {
    const DescriptorShares shares = share_descriptors(row.files, row.gateways_wanted, row.idle_wanted);
    EXPECT_EQ(shares.clients, row.clients) << row.files;
    EXPECT_EQ(shares.gateways, row.gateways) << row.files;
    EXPECT_EQ(shares.idle, row.idle) << row.files;
    EXPECT_EQ(shares.clients + shares.gateways + shares.idle + descriptors_reserved, row.files);
  }
}

TEST(DescriptorShares, TooFewToStartThenTheOperatorIsToldHowManyItTakes) {
  const auto told = [](std::size_t files, std::size_t gateways) -> std::string {
    try {
      share_descriptors(files, gateways, 0);
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
    return "";
  };
  EXPECT_EQ(told(159, 0),
            "the limit on open files is 159; it has to be 160 at least (LimitNOFILE of the unit, ulimit -n)");
  EXPECT_NE(told(175, 384).find("176 at least"), std::string::npos);
}

}  // namespace
}  // namespace tuanyuan::app
