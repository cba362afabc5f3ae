#include "core/geo.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tuanyuan::core {
namespace {

constexpr double metre_km = 0.001;

struct Sample {
  const char* name;
  Position wgs84;
  Position shifted;
};

// The sample points that the eviltransform project publishes with its conversions.
constexpr Sample gcj02_samples[] = {
    {"Shanghai", {31.1774276, 121.5272106}, {31.17530398364597, 121.531541859215}},
    {"Shenzhen", {22.543847, 113.912316}, {22.540796131694766, 113.9171764808363}},
    {"Beijing", {39.911954, 116.377817}, {39.91334545536069, 116.38404722455657}},
};

// The sample point of gcoord's documentation.
constexpr Sample bd09_samples[] = {
    {"Beijing", {39.914266, 116.403988}, {39.92196580126834, 116.41661560068297}},
};

TEST(Gcj02, PublishedSamplesThenSameWithinAMetre) {
  for (const Sample& sample : gcj02_samples) {
    EXPECT_LT(distance_km(to_gcj02(sample.wgs84), sample.shifted), metre_km) << sample.name;
    EXPECT_LT(distance_km(to_wgs84(sample.shifted, Crs::gcj02), sample.wgs84), metre_km) << sample.name;
  }
}

TEST(Bd09, PublishedSamplesThenSameWithinAMetre) {
  for (const Sample& sample : bd09_samples) {
    EXPECT_LT(distance_km(to_bd09(sample.wgs84), sample.shifted), metre_km) << sample.name;
    EXPECT_LT(distance_km(to_wgs84(sample.shifted, Crs::bd09), sample.wgs84), metre_km) << sample.name;
  }
}

TEST(ShiftedSystems, AnywhereInChinaThenRoundTripWithinAMetre) {
  std::mt19937_64 random(20240518);
  std::uniform_real_distribution<double> latitude(18.0, 53.5);
  std::uniform_real_distribution<double> longitude(73.5, 135.0);
  for (int round = 0; round < 20'000; ++round) {
    const Position place{latitude(random), longitude(random)};
    ASSERT_LT(distance_km(to_wgs84(to_gcj02(place), Crs::gcj02), place), metre_km);
    ASSERT_LT(distance_km(to_wgs84(to_bd09(place), Crs::bd09), place), metre_km);
  }
}

TEST(ShiftedSystems, InBeijingThenShiftedByTheKnownDistances) {
  const Position beijing{39.914266, 116.403988};
  EXPECT_NEAR(distance_km(beijing, to_gcj02(beijing)), 0.55, 0.05);
  EXPECT_NEAR(distance_km(beijing, to_bd09(beijing)), 1.4, 0.1);
}

TEST(ShiftedSystems, OutsideChinasBoxThenUnchanged) {
  for (const Position place : {Position{48.8566, 2.3522}, Position{-33.87, 151.21}, Position{35.68, 139.69}}) {
    EXPECT_EQ(to_gcj02(place), place);
    EXPECT_EQ(to_bd09(place), place);
    EXPECT_EQ(to_wgs84(place, Crs::gcj02), place);
    EXPECT_EQ(to_wgs84(place, Crs::bd09), place);
  }
}

TEST(UnshiftedSystems, AnyPlaceThenUnchanged) {
  const Position beijing{39.914266, 116.403988};
  EXPECT_EQ(to_wgs84(beijing, Crs::wgs84), beijing);
  EXPECT_EQ(to_wgs84(beijing, Crs::cgcs2000), beijing);
}

TEST(Distance, KnownPairsThenGreatCircle) {
  const Position pole{90, 0};
  EXPECT_DOUBLE_EQ(distance_km({40, 116}, {40, 116}), 0);
  EXPECT_NEAR(distance_km({0, 0}, {0, 1}), 111.195, 0.001);           // a degree of the mean sphere's equator
  EXPECT_NEAR(distance_km({0, 179.5}, {0, -179.5}), 111.195, 0.001);  // over the date line
  EXPECT_NEAR(distance_km({-90, 12}, pole), 20015.11, 0.01);
  EXPECT_NEAR(distance_km({39.9042, 116.4074}, {31.2304, 121.4737}), 1067.3, 1.0);  // Beijing, Shanghai
}

TEST(Circle, PlaceOnEitherSideOfTheEdgeThenCoveredOrNot) {
  const Circle circle{{0, 0}, 111.2, false};
  EXPECT_TRUE(covers(circle, {0, 1}));
  EXPECT_FALSE(covers(circle, {0, 1.001}));
}

TEST(Rounded, PublicStepThenTwoDecimals) {
  EXPECT_EQ(rounded({39.914266, 116.403988}, 0.01), (Position{39.91, 116.4}));
  EXPECT_EQ(rounded({39.915, -116.406}, 0.01), (Position{39.92, -116.41}));
}

}  // namespace
}  // namespace tuanyuan::core
