#include "core/ring.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;

const Instant lost = from_epoch_ms(1'780'000'000'000);

TEST(RingRadius, TimeSinceLastSeenThenAsTuanyuanHasIt) {
  struct Row {
    Duration elapsed;
    double radius_km;
  };
  const Row rows[] = {{-5min, 100},    {0min, 100}, {1h, 100},       {1h + 1ms, 200}, {2h, 200},
                      {2h + 1ms, 300}, {3h, 300},   {3h + 1ms, 500}, {24h * 30, 500}};
  for (const Row& row : rows) {
    EXPECT_EQ(radius_km_at(RingPolicy{}, lost, lost + row.elapsed), row.radius_km) << row.elapsed.count();
  }
}

TEST(NextWidening, EachStageThenTheMomentTheRadiusGrows) {
  const RingPolicy policy = RingPolicy{};
  Instant now = lost;
  int widenings = 0;
  while (const auto next = next_widening(policy, lost, now)) {
    ASSERT_GT(*next, now);
    EXPECT_EQ(radius_km_at(policy, lost, *next - 1ms), radius_km_at(policy, lost, now));
    EXPECT_GT(radius_km_at(policy, lost, *next), radius_km_at(policy, lost, now));
    now = *next;
    ++widenings;
  }
  EXPECT_EQ(widenings, 3);
}

TEST(RingName, DistanceThenNarrowestRingAround) {
  const RingPolicy policy = RingPolicy{};
  EXPECT_EQ(ring_name(policy, 0), "100");
  EXPECT_EQ(ring_name(policy, 100), "100");
  EXPECT_EQ(ring_name(policy, 100.001), "200");
  EXPECT_EQ(ring_name(policy, 299), "300");
  EXPECT_EQ(ring_name(policy, 500), "500");
  EXPECT_EQ(ring_name(policy, 501), "beyond");
  EXPECT_EQ(ring_name(policy, std::nullopt), "coverage");
  EXPECT_EQ(ring_name({{{std::nullopt, 2.5}}}, 1), "2.5");
  EXPECT_EQ(ring_names(policy), (std::vector<std::string>{"100", "200", "300", "500", "beyond", "coverage"}));
}

TEST(RingPolicy, ShapeThenValidOrNot) {
  EXPECT_TRUE(is_valid(RingPolicy{}));
  EXPECT_TRUE(is_valid({{{std::nullopt, 50}}}));
  EXPECT_FALSE(is_valid(RingPolicy{.stages = {}}));
  EXPECT_FALSE(is_valid({{{1h, 100}}})) << "no last stage";
  EXPECT_FALSE(is_valid({{{std::nullopt, 100}, {std::nullopt, 200}}})) << "endless before the last";
  EXPECT_FALSE(is_valid({{{2h, 100}, {1h, 200}, {std::nullopt, 300}}})) << "times shrink";
  EXPECT_FALSE(is_valid({{{1h, 200}, {std::nullopt, 100}}})) << "radii shrink";
  EXPECT_FALSE(is_valid({{{std::nullopt, 0}}}));
  EXPECT_FALSE(is_valid({{{std::nullopt, 1e9}}}));
}

}  // namespace
}  // namespace tuanyuan::core
