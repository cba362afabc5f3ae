#include "tools/station/answer_book.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tuanyuan::station {
namespace {

using core::AnswerKind;

core::Acknowledgement answer(AnswerKind kind, std::string alert = "a") {
  core::Acknowledgement made;
  made.alert_id = core::AlertId(std::move(alert));
  made.revision = 1;
  made.recipient_id = core::RecipientId("s");
  made.kind = kind;
  return made;
}

core::Receipt receipt(AnswerKind kind, core::ReceiptResult result = core::ReceiptResult::recorded) {
  core::Receipt made;
  made.alert_id = core::AlertId("a");
  made.revision = 1;
  made.recipient_id = core::RecipientId("s");
  made.kind = kind;
  made.result = result;
  return made;
}

class Book : public testing::Test {
 protected:
  Totals totals;
  AnswerBook book{totals, 7};
};

TEST_F(Book, NoReceiptThenRepeatedFrom5sDoublingTo5MinutesWithJitter) {
  book.add(answer(AnswerKind::received), Steady{0});
  Steady now{0};
  Steady wait{5'000};
  for (int sent = 0; sent < 12; ++sent) {
    ASSERT_EQ(book.take_due(now, 10).size(), 1U) << sent;
    EXPECT_TRUE(book.take_due(now, 10).empty()) << sent;
    const Steady next = *book.next_due();
    EXPECT_GE(next - now, wait / 2) << sent;
    EXPECT_LE(next - now, wait) << sent;
    EXPECT_TRUE(book.take_due(next - Steady{1}, 10).empty()) << sent;
    now = next;
    wait = std::min(wait * 2, Steady{300'000});
  }
  EXPECT_EQ(totals.received, 1U);
  EXPECT_EQ(totals.repeats, 11U);
}

TEST_F(Book, SameSeedThenSameTimes) {
  AnswerBook twin(totals, 7);
  AnswerBook other(totals, 8);
  for (AnswerBook* one : {&book, &twin, &other}) {
    one->add(answer(AnswerKind::received), Steady{0});
    one->take_due(Steady{0}, 1);
  }
  EXPECT_EQ(book.next_due(), twin.next_due());
  EXPECT_NE(book.next_due(), other.next_due());
}

TEST_F(Book, AnyReceiptThenSettled) {
  for (const auto result :
       {core::ReceiptResult::recorded, core::ReceiptResult::duplicate, core::ReceiptResult::refused}) {
    book.add(answer(AnswerKind::displayed), Steady{0});
    book.take_due(Steady{0}, 1);
    EXPECT_TRUE(book.settle(receipt(AnswerKind::displayed, result)));
    EXPECT_FALSE(book.settle(receipt(AnswerKind::displayed, result)));
    EXPECT_EQ(book.next_due(), std::nullopt);
  }
  EXPECT_EQ(totals.receipts, 3U);
  EXPECT_EQ(totals.refused, 1U);
}

TEST_F(Book, ReceiptForSomethingElseThenRepeatedOn) {
  book.add(answer(AnswerKind::displayed), Steady{0});
  EXPECT_FALSE(book.settle(receipt(AnswerKind::received)));
  core::Receipt other_revision = receipt(AnswerKind::displayed);
  other_revision.revision = 2;
  EXPECT_FALSE(book.settle(other_revision));
  core::Receipt of_a_sighting;
  of_a_sighting.sighting_id = core::SightingId("x");
  EXPECT_FALSE(book.settle(of_a_sighting));
  EXPECT_EQ(book.size(), 1U);
}

TEST_F(Book, MoreDueThanThereIsRoomThenTheRestStaysDueInOrder) {
  for (const AnswerKind kind : {AnswerKind::received, AnswerKind::displayed, AnswerKind::confirmed}) {
    book.add(answer(kind), Steady{5});
  }
  EXPECT_EQ(book.take_due(Steady{5}, 2).size(), 2U);
  const auto rest = book.take_due(Steady{5}, 2);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].kind, AnswerKind::confirmed);
}

TEST_F(Book, DisplayOverThenUnsentAnswersOfThatAlertAreForgottenButRemovedStays) {
  book.add(answer(AnswerKind::received), Steady{0});
  book.take_due(Steady{0}, 1);
  book.add(answer(AnswerKind::displayed), Steady{9});
  book.add(answer(AnswerKind::removed), Steady{9});
  book.add(answer(AnswerKind::received, "b"), Steady{9});
  book.forget_unsent(core::AlertId("a"));
  EXPECT_EQ(book.size(), 3U);
  EXPECT_FALSE(book.settle(receipt(AnswerKind::displayed)));
}

TEST_F(Book, ConnectedAgainThenWhatWaitsForItsReceiptIsDueWithinASecond) {
  book.add(answer(AnswerKind::received), Steady{0});
  for (int i = 0; i < 8; ++i) {
    book.take_due(*book.next_due(), 1);
  }
  book.add(answer(AnswerKind::displayed), Steady{900'000});
  book.hurry(Steady{500'000});
  EXPECT_LT(*book.next_due(), Steady{501'000});
  EXPECT_EQ(book.take_due(Steady{501'000}, 9).size(), 1U);
}

}  // namespace
}  // namespace tuanyuan::station
