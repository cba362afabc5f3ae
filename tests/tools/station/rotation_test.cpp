#include "tools/station/rotation.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace tuanyuan::station {
namespace {

using namespace std::chrono_literals;

class RotationTest : public testing::Test {
 protected:
  /// Whose turn it is now, put in place, with the number of its language after the first; "-" for what stays as it
  /// is, "" for nothing at all.
  std::string turn() {
    const auto wanted = rotation.wanted(now);
    if (!wanted) {
      return "-";
    }
    rotation.placed(*wanted, now);
    const std::string language = wanted->language > 0 ? std::to_string(wanted->language) : "";
    return wanted->alert ? wanted->alert->value + language : "";
  }

  Rotation rotation{10s};
  Rotation::Steady now{100s};
  const core::AlertId a{"a"};
  const core::AlertId b{"b"};
  const core::AlertId c{"c"};
};

TEST_F(RotationTest, NothingToShowThenNothingWanted) {
  EXPECT_EQ(turn(), "-");
  EXPECT_FALSE(rotation.turn_over());
}

TEST_F(RotationTest, OneThenShownAtOnceAndStays) {
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  now += 1h;
  EXPECT_EQ(turn(), "-");
  EXPECT_FALSE(rotation.turn_over());
  rotation.remove(a);
  EXPECT_EQ(turn(), "");
  EXPECT_EQ(turn(), "-");
}

TEST_F(RotationTest, SeveralThenEachForItsTurn) {
  rotation.put(a);
  rotation.put(b);
  rotation.put(c);
  EXPECT_EQ(turn(), "a");
  EXPECT_EQ(turn(), "-");
  EXPECT_EQ(rotation.turn_over(), now + 10s);
  for (const char* next : {"b", "c", "a", "b"}) {
    now += 9s;
    EXPECT_EQ(turn(), "-");
    now += 1s;
    EXPECT_EQ(turn(), next);
  }
}

TEST_F(RotationTest, LanguagesThenEachForItsTurnBeforeTheNextNotice) {
  rotation.put(a, 2);
  EXPECT_EQ(turn(), "a");
  EXPECT_EQ(rotation.turn_over(), now + 10s) << "though it is alone";
  for (const char* next : {"a1", "a", "a1"}) {
    now += 10s;
    EXPECT_EQ(turn(), next);
    EXPECT_EQ(turn(), "-");
  }
  now += 10s;
  EXPECT_EQ(turn(), "a");
  rotation.put(b, 3);
  EXPECT_EQ(turn(), "b") << "a has been read, so at once";
  for (const char* next : {"b1", "b2", "a1", "b", "b1"}) {
    now += 9s;
    EXPECT_EQ(turn(), "-");
    now += 1s;
    EXPECT_EQ(turn(), next);
  }
}

TEST_F(RotationTest, NewOneWhileTheFirstLanguageIsReadThenTheSecondAfterIt) {
  rotation.put(a, 2);
  EXPECT_EQ(turn(), "a");
  now += 5s;
  rotation.put(b);
  EXPECT_EQ(turn(), "-");
  now += 5s;
  EXPECT_EQ(turn(), "b");
  for (const char* next : {"a1", "b", "a", "a1"}) {
    now += 10s;
    EXPECT_EQ(turn(), next);
  }
}

TEST_F(RotationTest, ChangeInASecondLanguageThenPaintedAnewInThatWithinItsTurn) {
  rotation.put(a, 2);
  EXPECT_EQ(turn(), "a");
  now += 10s;
  EXPECT_EQ(turn(), "a1");
  now += 9s;
  rotation.put(a, 2);
  EXPECT_EQ(turn(), "a1");
  now += 1s;
  EXPECT_EQ(turn(), "a");
}

TEST_F(RotationTest, NewRevisionInASecondLanguageThenFromTheFirstForAWholeTurn) {
  rotation.put(a, 2);
  EXPECT_EQ(turn(), "a");
  now += 10s;
  EXPECT_EQ(turn(), "a1");
  now += 9s;
  rotation.put(a, 2, 2);
  EXPECT_EQ(turn(), "a");
  now += 9s;
  EXPECT_EQ(turn(), "-");
  now += 1s;
  EXPECT_EQ(turn(), "a1");
}

TEST_F(RotationTest, FewerLanguagesThanBeforeThenFromTheFirst) {
  rotation.put(a, 3);
  for (const char* next : {"a", "a1", "a2"}) {
    EXPECT_EQ(turn(), next);
    now += 10s;
  }
  rotation.put(a, 2);
  EXPECT_EQ(turn(), "a");
}

/// A new one comes with every turn, or goes.
TEST_F(RotationTest, OthersComeAndGoThenEachStillHasAllItsLanguages) {
  rotation.put(a, 2);
  rotation.put(b, 2);
  rotation.put(c, 2);
  std::map<std::string, int> turns;
  for (int i = 0; i < 60; ++i) {
    const core::AlertId other("x" + std::to_string(i / 2));
    if (i % 2 == 0) {
      rotation.put(other);
    } else {
      rotation.remove(other);
    }
    turns[turn()] += 1;
    now += 10s;
  }
  for (const char* each : {"a", "a1", "b", "b1", "c", "c1"}) {
    EXPECT_GE(turns[each], 5) << each;
  }
}

TEST_F(RotationTest, NewOneThenAtOnceUnlessAnotherNewOneHasItsFirstTurn) {
  rotation.put(b);
  EXPECT_EQ(turn(), "b");
  now += 1s;
  rotation.put(a);
  EXPECT_EQ(turn(), "-") << "b has not been read yet";
  now += 9s;
  EXPECT_EQ(turn(), "a");
  now += 10s;
  EXPECT_EQ(turn(), "b");
  now += 1s;
  rotation.put(c);
  EXPECT_EQ(turn(), "c") << "b has had a turn before";
}

TEST_F(RotationTest, ChangeOfWhatIsShownThenShownAnew) {
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  const Rotation::Turn old = rotation.in_place();
  rotation.put(a);
  EXPECT_FALSE(rotation.is_current(old));
  EXPECT_EQ(turn(), "a");
  EXPECT_EQ(turn(), "-");
}

TEST_F(RotationTest, ChangeOfTheSameRevisionThenPaintedAnewWithinItsTurn) {
  rotation.put(a);
  rotation.put(b);
  EXPECT_EQ(turn(), "a");
  now += 9s;
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  now += 1s;
  EXPECT_EQ(turn(), "b");
}

TEST_F(RotationTest, NewRevisionThenPaintedAnewForAWholeTurn) {
  rotation.put(a);
  rotation.put(b);
  EXPECT_EQ(turn(), "a");
  now += 9s;
  rotation.put(a, 1, 2);
  EXPECT_EQ(turn(), "a");
  now += 9s;
  EXPECT_EQ(turn(), "-");
  now += 1s;
  EXPECT_EQ(turn(), "b");
}

TEST_F(RotationTest, NewRevisionOfOneThatHadItsTurnThenNoNewOneTakesFromIt) {
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  now += 1h;
  rotation.put(a, 1, 2);
  EXPECT_EQ(turn(), "a");
  now += 1s;
  rotation.put(b);
  EXPECT_EQ(turn(), "-") << "the revision has not been read yet";
  now += 9s;
  EXPECT_EQ(turn(), "b");
}

TEST_F(RotationTest, ShownOneIsRemovedThenTheNextAtOnce) {
  rotation.put(a);
  rotation.put(b);
  EXPECT_EQ(turn(), "a");
  rotation.remove(a);
  EXPECT_EQ(turn(), "b");
  EXPECT_EQ(turn(), "-");
}

TEST_F(RotationTest, RemovedWhileItWasMadeThenNotCurrent) {
  rotation.put(a);
  const auto wanted = rotation.wanted(now);
  rotation.remove(a);
  EXPECT_FALSE(rotation.is_current(*wanted));
  EXPECT_EQ(turn(), "-");
}

}  // namespace
}  // namespace tuanyuan::station
