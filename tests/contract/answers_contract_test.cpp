#include <algorithm>
#include <stdexcept>

#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using Answers = LedgerContract;
using core::AnswerKind;
using std::chrono_literals::operator""s;

using Flags = std::vector<bool>;
using Times = std::vector<core::Instant>;

core::AnswersRecorded recorded(const ports::RecordedEntry& entry) {
  return std::get<core::AnswersRecorded>(entry.entry.body);
}
using Counts = std::map<std::string, std::uint32_t>;

TEST_P(Answers, NewOnesThenFirstAndDatedAsGiven) {
  const auto done = commit(answers_only({answer(alert_id(1), 9), answer(alert_id(1), 2, AnswerKind::displayed),
                                         answer(alert_id(1), 5, AnswerKind::unable)}));
  EXPECT_EQ(done.answers_first, (Flags{true, true, true}));
  EXPECT_EQ(done.answers_recorded_at, (Times{noon, noon, noon}));
  EXPECT_EQ(done.last_sequence, 1U);
}

TEST_P(Answers, RepeatedLaterThenNotFirstAndDatedAsTheFirst) {
  commit(answers_only({answer(alert_id(1), 7)}));
  const auto done = commit(answers_only({answer(alert_id(1), 8, AnswerKind::received, noon + 9s),
                                         answer(alert_id(1), 7, AnswerKind::received, noon + 9s)}));
  EXPECT_EQ(done.answers_first, (Flags{true, false}));
  EXPECT_EQ(done.answers_recorded_at, (Times{noon + 9s, noon}));
}

TEST_P(Answers, RepeatedInTheSameCommitThenTheEarlierRowIsFirst) {
  const auto done = commit(answers_only({answer(alert_id(1), 7, AnswerKind::received, noon + 3s),
                                         answer(alert_id(1), 7, AnswerKind::received, noon + 1s),
                                         answer(alert_id(1), 6, AnswerKind::received, noon),
                                         answer(alert_id(1), 7, AnswerKind::received, noon + 2s)}));
  EXPECT_EQ(done.answers_first, (Flags{true, false, true, false}));
  EXPECT_EQ(done.answers_recorded_at, (Times{noon + 3s, noon + 3s, noon, noon + 3s}));
  EXPECT_EQ(answers(alert_id(1)).size(), 2U);
}

TEST_P(Answers, RepeatedInCommitsMadeAtOnceThenTheEarlierCommitIsFirst) {
  const auto results = commit_together({answers_only({answer(alert_id(1), 7, AnswerKind::received, noon + 2s)}),
                                        answers_only({answer(alert_id(1), 7, AnswerKind::received, noon + 1s)})});
  const auto& earlier = std::get<ports::Committed>(results[0]);
  const auto& later = std::get<ports::Committed>(results[1]);
  EXPECT_EQ(earlier.answers_first, (Flags{true}));
  EXPECT_EQ(later.answers_first, (Flags{false}));
  EXPECT_EQ(later.answers_recorded_at, (Times{noon + 2s}));
}

TEST_P(Answers, AnyPartOfTheIdentityDiffersThenBothAreFirst) {
  ports::AnswerRow base = answer(alert_id(1), 7);
  ports::AnswerRow other_revision = base;
  other_revision.revision = 2;
  const auto done = commit(answers_only({base, answer(alert_id(2), 7), other_revision, answer(alert_id(1), 8),
                                         answer(alert_id(1), 7, AnswerKind::removed)}));
  EXPECT_EQ(done.answers_first, (Flags{true, true, true, true, true}));
}

TEST_P(Answers, SourceReasonOrNoteDifferThenStillTheSame) {
  ports::AnswerRow base = answer(alert_id(1), 7, AnswerKind::unable);
  base.reason = core::UnableReason::no_staff;
  ports::AnswerRow other = base;
  other.source = core::AnswerSource::officer;
  other.reason = core::UnableReason::equipment;
  other.sealed_note = "sealed";
  other.at = noon - 5s;
  EXPECT_EQ(commit(answers_only({base, other})).answers_first, (Flags{true, false}));
  EXPECT_EQ(answers(alert_id(1)).at(0).reason, core::UnableReason::no_staff);
}

TEST_P(Answers, LargestNumbersThenKeptApart) {
  ports::AnswerRow largest = answer(alert_id(1), 0xFFFF'FFFF, AnswerKind::unable);
  largest.revision = 0xFFFF'FFFF;
  ports::AnswerRow next = answer(alert_id(1), 0, AnswerKind::received);
  next.revision = 0;
  EXPECT_EQ(commit(answers_only({largest, next})).answers_first, (Flags{true, true}));
  const auto all = answers(alert_id(1));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(std::max(all[0].ordinal, all[1].ordinal), 0xFFFF'FFFFU);
  EXPECT_EQ(std::max(all[0].revision, all[1].revision), 0xFFFF'FFFFU);
}

TEST_P(Answers, MonthsLaterOrAfterTheClockWasSetBackThenStillDatedExactly) {
  const auto months = std::chrono::hours(24 * 150);
  commit(answers_only({answer(alert_id(1), 1), answer(alert_id(1), 2, AnswerKind::received, noon + months),
                       answer(alert_id(1), 3, AnswerKind::received, noon - months),
                       answer(alert_id(1), 4, AnswerKind::received, noon + 1s)}));
  for (int round = 0; round < 2; ++round) {
    const auto again = commit(answers_only({answer(alert_id(1), 1, AnswerKind::received, noon + 9s),
                                            answer(alert_id(1), 2, AnswerKind::received, noon + 9s),
                                            answer(alert_id(1), 3, AnswerKind::received, noon + 9s),
                                            answer(alert_id(1), 4, AnswerKind::received, noon + 9s)}));
    EXPECT_EQ(again.answers_first, (Flags{false, false, false, false}));
    EXPECT_EQ(again.answers_recorded_at, (Times{noon, noon + months, noon - months, noon + 1s}));
    reopen();
  }
}

// The entry of a batch.

TEST_P(Answers, EntryTellsHowManyWereFirstByKind) {
  commit(answers_only({answer(alert_id(1), 1)}));
  commit(answers_only({answer(alert_id(1), 1), answer(alert_id(1), 2), answer(alert_id(1), 3),
                       answer(alert_id(1), 2, AnswerKind::confirmed)}));
  const auto entries = read(ledger_->journal(1, "", 10));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(recorded(entries[0]).alert_id, alert_id(1));
  EXPECT_EQ(recorded(entries[0]).counts, (Counts{{"RECEIVED", 2}, {"CONFIRMED", 1}}));
}

TEST_P(Answers, CountsGivenByTheCallerThenReplaced) {
  ports::Commit made = answers_only({answer(alert_id(1), 1)});
  std::get<core::AnswersRecorded>(made.entries[0].body).counts = {{"RECEIVED", 99}, {"ACTING", 1}};
  commit(made);
  EXPECT_EQ(recorded(read(ledger_->journal(0, "", 1)).at(0)).counts, (Counts{{"RECEIVED", 1}}));
}

TEST_P(Answers, NoneOfABatchFirstThenItsEntryIsDroppedAndNoNumberIsLost) {
  commit(answers_only({answer(alert_id(1), 1)}));
  EXPECT_EQ(commit(answers_only({answer(alert_id(1), 1)})).last_sequence, 1U);
  ports::Commit mixed = answers_only({answer(alert_id(1), 1), answer(alert_id(2), 1)});
  mixed.entries.push_back(case_entry(alert_id(3)));
  EXPECT_EQ(commit(mixed).last_sequence, 3U);
  const auto entries = read(ledger_->journal(1, "", 10));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(recorded(entries[0]).alert_id, alert_id(2));
  EXPECT_EQ(entries[0].sequence, 2U);
  EXPECT_EQ(entries[1].sequence, 3U);
}

TEST_P(Answers, EntryWithoutAnswersThenDropped) {
  ports::Commit lone;
  lone.entries.push_back(answers_entry(alert_id(1)));
  EXPECT_EQ(commit(lone).last_sequence, 0U);
}

TEST_P(Answers, AnswerWithoutAnEntryForItsAlertThenAProgrammersError) {
  ports::Commit wrong = answers_only({answer(alert_id(1), 1)});
  wrong.answers.push_back(answer(alert_id(2), 1));
  EXPECT_THROW(run(ledger_->commit(wrong)), std::logic_error);
  EXPECT_TRUE(read(ledger_->journal(0, "", 10)).empty());
}

// Reading them.

TEST_P(Answers, ReadBackThenAsTheyWereRecorded) {
  ports::AnswerRow row = answer(alert_id(1), 41, AnswerKind::unable, noon + 7s);
  row.revision = 3;
  row.source = core::AnswerSource::officer;
  row.channel = core::ChannelKind::ntfy;
  row.reason = core::UnableReason::off_air;
  row.at = noon - 100s;
  row.sealed_note = std::string("sealed\0note", 11);
  commit(entries_only(alert_id(1)));
  commit(answers_only({row}));
  const auto all = answers(alert_id(1));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].sequence, 2U);
  EXPECT_EQ(all[0].alert_id, alert_id(1));
  EXPECT_EQ(all[0].revision, 3U);
  EXPECT_EQ(all[0].ordinal, 41U);
  EXPECT_EQ(all[0].kind, AnswerKind::unable);
  EXPECT_EQ(all[0].source, core::AnswerSource::officer);
  EXPECT_EQ(all[0].channel, core::ChannelKind::ntfy);
  EXPECT_EQ(all[0].reason, core::UnableReason::off_air);
  EXPECT_EQ(all[0].recorded_at, noon + 7s);
}

std::vector<std::pair<core::Sequence, core::Ordinal>> places(const std::vector<ports::AnswerRecord>& records) {
  std::vector<std::pair<core::Sequence, core::Ordinal>> found;
  for (const ports::AnswerRecord& record : records) {
    found.emplace_back(record.sequence, record.ordinal);
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_P(Answers, SomeWereDuplicatesThenOnlyFirstOnesAreRead) {
  commit(answers_only({answer(alert_id(1), 1), answer(alert_id(1), 2)}));
  commit(answers_only({answer(alert_id(1), 2), answer(alert_id(1), 3)}));
  EXPECT_EQ(places(answers(alert_id(1))),
            (std::vector<std::pair<core::Sequence, core::Ordinal>>{{1, 1}, {1, 2}, {2, 3}}));
}

TEST_P(Answers, AfterASequenceThenOnlyLaterOnes) {
  commit(answers_only({answer(alert_id(1), 1)}));
  commit(answers_only({answer(alert_id(2), 2)}));
  commit(answers_only({answer(alert_id(1), 3)}));
  EXPECT_EQ(places(answers(core::AlertId(), 1)),
            (std::vector<std::pair<core::Sequence, core::Ordinal>>{{2, 2}, {3, 3}}));
  EXPECT_EQ(places(answers(alert_id(1), 1)), (std::vector<std::pair<core::Sequence, core::Ordinal>>{{3, 3}}));
  EXPECT_TRUE(answers(core::AlertId(), 3).empty());
}

TEST_P(Answers, OfOneAlertOrOfAllThenAccordingly) {
  commit(answers_only({answer(alert_id(1), 1), answer(alert_id(2), 2), answer(alert_id(1), 3)}));
  EXPECT_EQ(answers(core::AlertId()).size(), 3U);
  EXPECT_EQ(answers(alert_id(1)).size(), 2U);
  EXPECT_EQ(answers(alert_id(2)).at(0).alert_id, alert_id(2));
  EXPECT_TRUE(answers(alert_id(3)).empty());
}

TEST_P(Answers, ManyThenInSlicesInSequenceOrderAndEachOnce) {
  constexpr core::Ordinal batch = 5000;
  for (core::Ordinal part = 0; part < 3; ++part) {
    std::vector<ports::AnswerRow> rows;
    for (core::Ordinal index = 0; index < batch; ++index) {
      rows.push_back(answer(alert_id(1), part * batch + (index * 7919) % batch + 1));
    }
    commit(answers_only(std::move(rows)));
  }
  for (core::Ordinal index = 0; index < 100; ++index) {
    commit(answers_only({answer(alert_id(1), 20'000 + index)}));
  }
  const auto all = answers(alert_id(1));
  ASSERT_EQ(all.size(), 15'100U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.sequence < b.sequence; }));
  core::RecipientSet seen;
  for (const ports::AnswerRecord& record : all) {
    seen.add(record.ordinal);
  }
  EXPECT_EQ(seen.cardinality(), 15'100U);
  EXPECT_GT(largest_slice_, 1000U) << "rows come a slice at a time, not one by one";
  EXPECT_EQ(answers(alert_id(1), 2).size(), 5100U);
}

TEST_P(Answers, ReadBesideCommitsThenNothingIsReadTwiceOrInHalf) {
  commit(answers_only({answer(alert_id(1), 1)}));
  std::size_t seen = 0;
  const auto count = [&](const std::vector<ports::AnswerRecord>& slice) { seen += slice.size(); };
  std::vector<ports::Commit> more;
  for (core::Ordinal index = 2; index < 100; ++index) {
    more.push_back(answers_only({answer(alert_id(1), index)}));
  }
  bool read_all = false;
  boost::asio::co_spawn(context_, ledger_->answers(alert_id(1), 0, count),
                        [&](std::exception_ptr, bool done) { read_all = done; });
  commit_together(std::move(more));
  EXPECT_TRUE(read_all);
  EXPECT_GE(seen, 1U);
  EXPECT_LE(seen, 99U);
  EXPECT_EQ(answers(alert_id(1)).size(), 99U);
}

INSTANTIATE_TEST_SUITE_P(Ledger, Answers, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
