#include "core/tally.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

class TallyOfFour : public ::testing::Test {
 protected:
  TallyOfFour() {
    for (Ordinal ordinal = 1; ordinal <= 5; ++ordinal) {
      Recipient recipient;
      recipient.id = RecipientId("r" + std::to_string(ordinal));
      recipient.category = ordinal % 2 == 0 ? Category::airport : Category::hospital;
      recipient.division = Division{ordinal < 3 ? 210102U : 210103U};
      recipient.position = Position{41.8, 123.4};
      directory.put(ordinal, recipient);
    }
    tally.expect(1, RecipientSet::bitmapOf(4, 1U, 2U, 3U, 4U));
    tally.place_in_ring("100", RecipientSet::bitmapOf(4, 1U, 2U, 3U, 4U));
  }
  Board board(std::uint32_t content, std::uint32_t recall) const {
    Board made;
    tally.fill(made, directory, all(content, recall));
    return made;
  }
  static Standings all(std::uint32_t content, std::uint32_t recall) {
    Standings standings;
    standings.fill(Standing{content, recall});
    return standings;
  }
  RecipientSet silent(const Standings& standings) const {
    return tally.silent(Tally::Now(tally, directory, standings), RecipientSet());
  }

  Directory directory;
  Tally tally;
};

TEST_F(TallyOfFour, AnswersImplyThoseBeforeThem) {
  tally.answer(1, AnswerKind::acting, AnswerSource::station, 1);
  tally.answer(1, AnswerKind::displayed, AnswerSource::station, 2);
  const TallyRow total = board(1, 0).total;
  EXPECT_EQ(total.expected, 4U);
  EXPECT_EQ(total.count(AnswerKind::received), 2U);
  EXPECT_EQ(total.count(AnswerKind::displayed), 2U);
  EXPECT_EQ(total.count(AnswerKind::confirmed), 1U);
  EXPECT_EQ(total.count(AnswerKind::acting), 1U);
  EXPECT_EQ(total.count(AnswerKind::removed), 0U);
}

TEST_F(TallyOfFour, WhoIsPlacedAgainStandsInOneRing) {
  tally.place_in_ring("200", RecipientSet::bitmapOf(3, 2U, 3U, 4U));
  EXPECT_EQ(board(1, 0).by_ring.at("100").expected, 1U);
  EXPECT_EQ(board(1, 0).by_ring.at("200").expected, 3U);
  tally.place_in_ring("200", RecipientSet::bitmapOf(1, 1U));
  EXPECT_FALSE(board(1, 0).by_ring.contains("100"));
}

TEST_F(TallyOfFour, RepeatsCountOnce) {
  for (int times = 0; times < 3; ++times) {
    tally.answer(1, AnswerKind::received, AnswerSource::station, 1);
  }
  EXPECT_EQ(board(1, 0).total.count(AnswerKind::received), 1U);
}

TEST_F(TallyOfFour, OthersAreOnlyUnexpected) {
  tally.answer(1, AnswerKind::confirmed, AnswerSource::station, 5);
  const Board made = board(1, 0);
  EXPECT_EQ(made.unexpected, 1U);
  EXPECT_EQ(made.total.count(AnswerKind::confirmed), 0U);
}

TEST_F(TallyOfFour, CountsAreOfTheLatestContentAndRemovedOfTheRecall) {
  tally.answer(1, AnswerKind::confirmed, AnswerSource::station, 1);
  tally.answer(2, AnswerKind::received, AnswerSource::station, 2);
  tally.answer(3, AnswerKind::removed, AnswerSource::station, 3);
  const TallyRow total = board(2, 3).total;
  EXPECT_EQ(total.count(AnswerKind::confirmed), 0U);
  EXPECT_EQ(total.count(AnswerKind::received), 1U);
  EXPECT_EQ(total.count(AnswerKind::removed), 1U);
  EXPECT_EQ(board(2, 3).by_revision.at("1").count(AnswerKind::confirmed), 1U);
}

TEST_F(TallyOfFour, BreaksDownByCategoryDivisionAndRing) {
  tally.answer(1, AnswerKind::received, AnswerSource::station, 2);
  const Board made = board(1, 0);
  EXPECT_EQ(made.by_category.at("airport").expected, 2U);
  EXPECT_EQ(made.by_category.at("airport").count(AnswerKind::received), 1U);
  EXPECT_EQ(made.by_category.at("hospital").count(AnswerKind::received), 0U);
  EXPECT_EQ(made.by_division.at("210102").expected, 2U);
  EXPECT_EQ(made.by_ring.at("100").count(AnswerKind::received), 1U);
}

TEST_F(TallyOfFour, SilentIsWhoHasNotReceivedAndWhoIsUnableWithoutHavingConfirmed) {
  const Unable broken{UnableReason::equipment, Instant()};
  for (const Ordinal who : {1U, 2U, 4U}) {
    tally.answer(1, AnswerKind::received, AnswerSource::station, who);
  }
  tally.answer(1, AnswerKind::unable, AnswerSource::station, 2, broken);
  tally.answer(1, AnswerKind::unable, AnswerSource::station, 3, broken);
  EXPECT_EQ(silent(all(1, 0)), RecipientSet::bitmapOf(2, 2U, 3U));
  tally.answer(1, AnswerKind::confirmed, AnswerSource::station, 2);
  EXPECT_EQ(silent(all(1, 0)), RecipientSet::bitmapOf(1, 3U));
}

TEST_F(TallyOfFour, WhoHasReceivedAndWasRemindedIsSilentUntilItConfirms) {
  for (const Ordinal who : {1U, 2U, 3U, 4U}) {
    tally.answer(1, AnswerKind::received, AnswerSource::station, who);
  }
  const Tally::Now now(tally, directory, all(1, 0));
  EXPECT_EQ(tally.silent(now, RecipientSet::bitmapOf(2, 1U, 5U)), RecipientSet::bitmapOf(1, 1U));
  tally.answer(1, AnswerKind::acting, AnswerSource::station, 1);
  const Tally::Now then(tally, directory, all(1, 0));
  EXPECT_EQ(tally.silent(then, RecipientSet::bitmapOf(2, 1U, 5U)), RecipientSet());
}

TEST_F(TallyOfFour, WhomItDoesNotConcernIsNotSilentButStillHasToTakeItDown) {
  tally.answer(1, AnswerKind::unable, AnswerSource::station, 2, {UnableReason::not_concerned, Instant()});
  EXPECT_EQ(silent(all(1, 0)), RecipientSet::bitmapOf(3, 1U, 3U, 4U));
  EXPECT_TRUE(tally.is_settled(1, AnswerKind::received, 2));
  EXPECT_TRUE(tally.is_settled(1, AnswerKind::confirmed, 2));
  EXPECT_FALSE(tally.is_settled(1, AnswerKind::removed, 2));
  EXPECT_EQ(silent(all(1, 2)), RecipientSet::bitmapOf(4, 1U, 2U, 3U, 4U));
}

TEST_F(TallyOfFour, AReasonIsOfOneRevisionAndTheFirstOfRepeatsCounts) {
  const Instant at = from_epoch_ms(5);
  tally.answer(1, AnswerKind::unable, AnswerSource::station, 2, {UnableReason::equipment, at});
  tally.answer(1, AnswerKind::unable, AnswerSource::station, 2, {UnableReason::not_concerned, at});
  ASSERT_TRUE(tally.unable(1, 2));
  EXPECT_EQ(tally.unable(1, 2)->reason, UnableReason::equipment);
  EXPECT_EQ(tally.unable(1, 2)->at, at);
  EXPECT_FALSE(tally.is_settled(1, AnswerKind::received, 2));
  EXPECT_FALSE(tally.unable(2, 2)) << "of the next revision it has said nothing";
  EXPECT_FALSE(tally.unable(1, 1));
}

TEST_F(TallyOfFour, EachAudienceIsAskedForWhatItHas) {
  Recipient police;
  police.id = RecipientId("r1");
  police.audience = Audience::police;
  police.division = Division{210102};
  directory.put(1, police);
  tally.answer(1, AnswerKind::received, AnswerSource::station, 1);
  tally.answer(1, AnswerKind::received, AnswerSource::station, 2);
  tally.answer(2, AnswerKind::removed, AnswerSource::station, 3);
  Standings standings = all(1, 0);
  standings[static_cast<std::size_t>(Audience::partner)] = Standing{1, 2};  // suspended for the partners
  EXPECT_EQ(silent(standings), RecipientSet::bitmapOf(2, 2U, 4U));
  Board made;
  tally.fill(made, directory, standings);
  EXPECT_EQ(made.total.count(AnswerKind::removed), 1U);
  EXPECT_EQ(made.total.count(AnswerKind::received), 2U);
}

TEST_F(TallyOfFour, WhomTheCircleLeftBehindOwesRemoval) {
  tally.answer(1, AnswerKind::received, AnswerSource::station, 1);
  tally.answer(1, AnswerKind::received, AnswerSource::station, 2);
  tally.set_outside(RecipientSet::bitmapOf(2, 1U, 3U));
  EXPECT_EQ(silent(all(1, 0)), RecipientSet::bitmapOf(3, 1U, 3U, 4U));
  tally.answer(1, AnswerKind::removed, AnswerSource::station, 1);
  EXPECT_EQ(silent(all(1, 0)), RecipientSet::bitmapOf(2, 3U, 4U));
}

TEST_F(TallyOfFour, AfterARecallSilentIsWhoDidNotRemove) {
  tally.answer(1, AnswerKind::confirmed, AnswerSource::station, 1);
  tally.answer(2, AnswerKind::removed, AnswerSource::station, 2);
  EXPECT_EQ(silent(all(1, 2)), RecipientSet::bitmapOf(3, 1U, 3U, 4U));
}

TEST_F(TallyOfFour, TelephoneIsAChannelOfItsOwn) {
  tally.answer(1, AnswerKind::confirmed, AnswerSource::officer, 3);
  tally.answer(1, AnswerKind::received, AnswerSource::station, 1);
  const Board made = board(1, 0);
  EXPECT_EQ(made.by_channel.at("telephone").count(AnswerKind::confirmed), 1U);
  EXPECT_EQ(made.by_channel.at("mqtt").expected, 4U);
  EXPECT_EQ(made.by_channel.at("mqtt").count(AnswerKind::received), 1U);
}

TEST_F(TallyOfFour, EachChannelCountsWhoAnsweredByIt) {
  const RecipientsByWay ways{{ChannelKind::webhook, RecipientSet::bitmapOf(3, 1U, 2U, 5U)},
                             {ChannelKind::voice, RecipientSet::bitmapOf(1, 5U)}};
  const auto by = [](ChannelKind channel) { return CameBy(AnswerSource::gateway, channel); };
  tally.answer(1, AnswerKind::received, by(ChannelKind::webhook), 1);
  tally.answer(1, AnswerKind::confirmed, AnswerSource::officer, 1);
  tally.answer(1, AnswerKind::received, by(ChannelKind::sms), 2);
  tally.answer(1, AnswerKind::received, by(ChannelKind::webhook), 2);
  tally.answer(1, AnswerKind::received, AnswerSource::station, 3);
  tally.answer(1, AnswerKind::confirmed, by(ChannelKind::sms), 5);
  Board made;
  tally.fill(made, directory, all(1, 0), ways);
  const auto row = [&made](const char* name) { return made.by_channel.at(name); };
  EXPECT_EQ(row("webhook").expected, 2U) << "the fifth is not expected";
  EXPECT_EQ(row("webhook").count(AnswerKind::received), 1U);
  EXPECT_EQ(row("webhook").count(AnswerKind::confirmed), 0U);
  EXPECT_EQ(row("sms").expected, 0U);
  EXPECT_EQ(row("sms").count(AnswerKind::received), 1U) << "the first answer counts, and only of the expected";
  EXPECT_EQ(row("telephone").count(AnswerKind::received), 0U);
  EXPECT_EQ(row("telephone").count(AnswerKind::confirmed), 1U);
  EXPECT_EQ(row("mqtt").expected, 2U);
  EXPECT_EQ(row("mqtt").count(AnswerKind::received), 1U) << "it does not say by which: by its usual one";
  EXPECT_FALSE(made.by_channel.contains("voice")) << "it reaches nobody who is expected";
}

TEST_F(TallyOfFour, AnsweredByAnotherChannelInAnotherRevisionThenThisOneCounts) {
  tally.answer(1, AnswerKind::received, {AnswerSource::gateway, ChannelKind::sms}, 1);
  tally.answer(2, AnswerKind::received, {AnswerSource::station, ChannelKind::mqtt}, 1);
  tally.answer(2, AnswerKind::removed, {AnswerSource::gateway, ChannelKind::voice}, 1);
  Board made;
  tally.fill(made, directory, all(2, 0), {});
  EXPECT_EQ(made.by_channel.at("mqtt").count(AnswerKind::received), 1U);
  EXPECT_FALSE(made.by_channel.contains("sms"));
  EXPECT_EQ(made.by_channel.at("voice").count(AnswerKind::removed), 1U);
}

TEST_F(TallyOfFour, TakenDownInAnEarlierRevisionThenTheChannelOfThatAnswerCounts) {
  const RecipientsByWay ways{{ChannelKind::webhook, RecipientSet::bitmapOf(4, 1U, 2U, 3U, 4U)}};
  tally.set_outside(RecipientSet::bitmapOf(4, 1U, 2U, 3U, 4U));
  tally.answer(1, AnswerKind::removed, {AnswerSource::gateway, ChannelKind::sms}, 1);
  tally.answer(1, AnswerKind::removed, AnswerSource::officer, 2);
  tally.answer(1, AnswerKind::removed, AnswerSource::station, 3);
  tally.answer(1, AnswerKind::removed, {AnswerSource::gateway, ChannelKind::sms}, 4);
  tally.answer(2, AnswerKind::displayed, {AnswerSource::gateway, ChannelKind::webhook}, 4);
  tally.answer(2, AnswerKind::removed, {AnswerSource::gateway, ChannelKind::voice}, 4);
  Board made;
  tally.fill(made, directory, all(3, 0), ways);
  const auto removed = [&made](const char* name) { return made.by_channel.at(name).count(AnswerKind::removed); };
  EXPECT_EQ(removed("sms"), 1U);
  EXPECT_EQ(removed("telephone"), 1U);
  EXPECT_EQ(removed("voice"), 1U) << "of two, the later";
  EXPECT_EQ(removed("webhook"), 1U) << "it did not say by which: by its usual one";
}

TEST(Tally, WhoTookItDownInAnEarlierRevisionAndHasShownNoneSinceIsGone) {
  Tally tally;
  const auto answers = [&tally](Ordinal who, std::uint32_t revision, AnswerKind kind) {
    tally.answer(revision, kind, AnswerSource::station, who);
  };
  answers(1, 1, AnswerKind::removed);
  answers(2, 1, AnswerKind::removed);
  answers(2, 2, AnswerKind::displayed);  // it came back into the circle
  answers(3, 1, AnswerKind::displayed);
  answers(3, 2, AnswerKind::removed);
  answers(4, 1, AnswerKind::displayed);
  EXPECT_EQ(tally.gone_before(1), RecipientSet());
  EXPECT_EQ(tally.gone_before(2), RecipientSet::bitmapOf(1, 1U));
  EXPECT_EQ(tally.gone_before(3), RecipientSet::bitmapOf(2, 1U, 3U));
}

}  // namespace
}  // namespace tuanyuan::core
