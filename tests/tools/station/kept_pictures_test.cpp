#include "tools/station/kept_pictures.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tuanyuan::station {
namespace {

const core::AlertId a("a");
const core::AlertId b("b");

Rotation::Turn turn(const core::AlertId& alert, std::uint64_t edition = 1, std::size_t language = 0) {
  return {alert, edition, language, 1};
}

KeptPictures::Picture picture(std::size_t bytes) {
  return std::make_shared<const drawing::DisplayPicture>(drawing::DisplayPicture{std::string(bytes, 'x'), true});
}

TEST(KeptPictures, KeptThenFoundForThatEditionAndLanguageAlone) {
  KeptPictures kept(100);
  const auto made = picture(10);
  kept.keep(turn(a, 7, 1), made);
  EXPECT_EQ(kept.find(turn(a, 7, 1)), made);
  EXPECT_EQ(kept.find(turn(a, 7, 0)), nullptr);
  EXPECT_EQ(kept.find(turn(a, 8, 1)), nullptr);
  EXPECT_EQ(kept.find(turn(b, 7, 1)), nullptr);
  EXPECT_EQ(kept.find(Rotation::Turn()), nullptr);
}

TEST(KeptPictures, DroppedThenNothingOfThatAlertIsInMemoryAnyMore) {
  KeptPictures kept(100);
  auto made = picture(10);
  const std::weak_ptr<const drawing::DisplayPicture> first = made;
  kept.keep(turn(a, 1, 0), std::move(made));
  kept.keep(turn(a, 1, 1), picture(10));
  kept.keep(turn(a, 2, 0), picture(10));
  kept.keep(turn(b), picture(10));
  EXPECT_EQ(kept.bytes(), 40U);
  kept.drop(a);
  EXPECT_TRUE(first.expired());
  EXPECT_EQ(kept.bytes(), 10U);
  EXPECT_NE(kept.find(turn(b)), nullptr);
}

TEST(KeptPictures, NoRoomThenNotKeptAndTheOthersStay) {
  KeptPictures kept(100);
  kept.keep(turn(a), picture(60));
  kept.keep(turn(b), picture(41));
  EXPECT_NE(kept.find(turn(a)), nullptr);
  EXPECT_EQ(kept.find(turn(b)), nullptr);
  kept.keep(turn(b), picture(40));
  EXPECT_NE(kept.find(turn(b)), nullptr);
  EXPECT_EQ(kept.bytes(), 100U);
}

TEST(KeptPictures, KeptAgainThenOnce) {
  KeptPictures kept(100);
  kept.keep(turn(a), picture(60));
  kept.keep(turn(a), picture(70));
  EXPECT_EQ(kept.bytes(), 70U);
  kept.keep(turn(a), picture(101));
  EXPECT_EQ(kept.find(turn(a)), nullptr) << "not the one before it either";
}

}  // namespace
}  // namespace tuanyuan::station
