#include "tools/station/rotation.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tuanyuan::station {
namespace {

using namespace std::chrono_literals;

class RotationTest : public testing::Test {
 protected:
  /// Whose turn it is now, put in place, with the number of its language after the first; "-" for what stays as it
  /// is, "" for nothing at all. Before it what cannot be drawn, each with a "!".
  std::string turn() {
    std::string said;
    for (int tries = 0; tries < 20; ++tries) {
      const auto wanted = rotation.wanted(now);
      if (!wanted) {
        return said + "-";
      }
      const std::string language = wanted->language > 0 ? std::to_string(wanted->language) : "";
      const std::string name = wanted->alert ? wanted->alert->value + language : "";
      if (!broken.contains(name)) {
        rotation.placed(*wanted, now);
        return said + name;
      }
      rotation.failed(*wanted, now);
      said += name + "! ";
    }
    return said + "and so on without end";
  }

  Rotation rotation{10s};
  std::set<std::string> broken;
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

TEST_F(RotationTest, OneOfSeveralCannotBeDrawnThenTheOthersTakeTurnsAndItIsTriedOnceARound) {
  rotation.put(a);
  rotation.put(b);
  rotation.put(c);
  broken = {"b"};
  for (const char* next : {"a", "b! c", "a", "b! c", "a"}) {
    EXPECT_EQ(turn(), next);
    EXPECT_EQ(turn(), "-");
    now += 10s;
  }
  broken.clear();
  EXPECT_EQ(turn(), "b");
}

TEST_F(RotationTest, OneLanguageCannotBeDrawnThenTheOthersAreShown) {
  rotation.put(a, 3);
  broken = {"a", "a2"};
  EXPECT_EQ(turn(), "a! a1");
  now += 10s;
  EXPECT_EQ(turn(), "a2! a! a1") << "there is nothing else";
  EXPECT_EQ(turn(), "-");
  EXPECT_EQ(rotation.turn_over(), now + 10s);
  rotation.put(b);
  now += 10s;
  EXPECT_EQ(turn(), "b");
  now += 10s;
  EXPECT_EQ(turn(), "a2! a! a1");
}

TEST_F(RotationTest, AloneAndCannotBeDrawnThenTriedOnceATurn) {
  rotation.put(a, 2);
  broken = {"a", "a1"};
  EXPECT_EQ(turn(), "a! a1! -");
  EXPECT_EQ(turn(), "-");
  EXPECT_EQ(rotation.turn_over(), now + 10s);
  now += 10s;
  EXPECT_EQ(turn(), "a! a1! -");
  now += 10s;
  broken = {"a"};
  EXPECT_EQ(turn(), "a! a1");
}

TEST_F(RotationTest, ShownOneIsRemovedAndTheOtherCannotBeDrawnThenNothing) {
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  rotation.put(b);
  rotation.remove(a);
  broken = {"b"};
  EXPECT_EQ(turn(), "b! ");
  EXPECT_EQ(turn(), "-");
  EXPECT_EQ(rotation.turn_over(), now + 10s);
  now += 10s;
  broken.clear();
  EXPECT_EQ(turn(), "b");
}

TEST_F(RotationTest, NewRevisionCannotBeDrawnThenTheOldOneGoesAllTheSame) {
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  broken = {"a"};
  rotation.put(a, 1, 2);
  EXPECT_EQ(turn(), "a! ");
  rotation.put(b);
  EXPECT_EQ(turn(), "b");
}

TEST_F(RotationTest, ChangeOfTheSameRevisionCannotBeDrawnThenWhatIsThereStaysUntilItCan) {
  rotation.put(a);
  EXPECT_EQ(turn(), "a");
  now += 1s;
  broken = {"a"};
  rotation.put(a);
  EXPECT_EQ(turn(), "a! -");
  EXPECT_EQ(rotation.turn_over(), now + 10s);
  now += 10s;
  broken.clear();
  EXPECT_EQ(turn(), "a");
  EXPECT_EQ(turn(), "-");
  EXPECT_FALSE(rotation.turn_over());
}

TEST_F(RotationTest, PutAnewWhileItRestsThenTriedAtOnce) {
  rotation.put(a);
  broken = {"a"};
  EXPECT_EQ(turn(), "a! -");
  rotation.put(a);
  broken.clear();
  EXPECT_EQ(turn(), "a");
}

TEST_F(RotationTest, FailedAfterItHasChangedThenNothingOfThatIsHeldAgainstIt) {
  rotation.put(a);
  const auto wanted = rotation.wanted(now);
  rotation.put(a);
  rotation.failed(*wanted, now);
  EXPECT_EQ(turn(), "a");
}

/// Whoever waits for turn_over() neither waits for ever nor goes round without a pause, and what is no longer in
/// force is gone at once.
TEST_F(RotationTest, WhateverHappensThenItSettlesAndKnowsWhenToLookAgain) {
  std::mt19937 random(1);
  const std::vector<std::string> faces = {"a", "a1", "a2", "b", "b1", "c", "c1", "c2"};
  const std::vector<core::AlertId> alerts = {a, b, c};
  const auto one_of = [&](const auto& all) { return all[random() % all.size()]; };
  for (int i = 0; i < 20'000; ++i) {
    const core::AlertId alert = one_of(alerts);
    switch (random() % 5) {
      case 0:
        rotation.put(alert, 1 + random() % 3, 1 + random() % 2);
        break;
      case 1:
        rotation.remove(alert);
        break;
      case 2:
        broken.insert(one_of(faces));
        break;
      case 3:
        broken.erase(one_of(faces));
        break;
      default:
        now += std::chrono::seconds(random() % 12);
    }
    std::string said;
    do {
      said = turn();
      ASSERT_EQ(said.find("without end"), std::string::npos) << said;
    } while (!said.ends_with("-"));
    const auto& there = rotation.in_place();
    EXPECT_FALSE(rotation.is_current(Rotation::Turn()) && there.alert);
    const auto again = rotation.turn_over();
    EXPECT_TRUE(!again || *again > now);
  }
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
