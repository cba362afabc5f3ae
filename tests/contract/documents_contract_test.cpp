#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using Documents = LedgerContract;
using Sightings = LedgerContract;

ports::Commit document(const core::AlertId& alert, std::string name, std::string sealed) {
  ports::Commit commit;
  commit.documents.push_back({alert, std::move(name), std::move(sealed)});
  return commit;
}

std::string every_byte(std::size_t size) {
  std::string bytes;
  for (std::size_t index = 0; index < size; ++index) {
    bytes.push_back(static_cast<char>(index * 131));
  }
  return bytes;
}

TEST_P(Documents, SealedThenTheSameBytesComeBack) {
  const std::string large = every_byte(3'000'000);
  commit(document(alert_id(1), "photo", large));
  commit(document(alert_id(1), "reason/1", ""));
  EXPECT_EQ(read(ledger_->document(alert_id(1), "photo")), large);
  EXPECT_EQ(read(ledger_->document(alert_id(1), "reason/1")), "");
}

TEST_P(Documents, OtherNameOrOtherAlertThenNone) {
  commit(document(alert_id(1), "report/1", "sealed"));
  EXPECT_EQ(read(ledger_->document(alert_id(1), "report/2")), std::nullopt);
  EXPECT_EQ(read(ledger_->document(alert_id(2), "report/1")), std::nullopt);
}

TEST_P(Documents, SameNameAgainThenReplaced) {
  commit(document(alert_id(1), "report/1", "one"));
  commit(document(alert_id(1), "report/1", "two"));
  EXPECT_EQ(read(ledger_->document(alert_id(1), "report/1")), "two");
}

TEST_P(Documents, AskedForByTheBeginningOfTheirNamesThenAllOfThoseOfThatAlert) {
  const std::string large = every_byte(100'000);
  for (const char* name : {"told-by/b", "told-by", "told-by/a", "told-bz", "told"}) {
    commit(document(alert_id(1), name, name == std::string("told-by/b") ? large : "sealed"));
  }
  commit(document(alert_id(2), "told-by/c", "another's"));
  const auto found = read(ledger_->documents(alert_id(1), "told-by/"));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "told-by/a");
  EXPECT_EQ(found[0].alert_id, alert_id(1));
  EXPECT_EQ(found[1].name, "told-by/b");
  EXPECT_EQ(found[1].sealed, large);
  EXPECT_TRUE(read(ledger_->documents(alert_id(3), "told-by/")).empty());
}

TEST_P(Documents, WrappedKeyThenItComesBack) {
  EXPECT_EQ(read(ledger_->wrapped_key(alert_id(1))), std::nullopt);
  ports::Commit key;
  key.keys.push_back({alert_id(1), every_byte(60)});
  commit(key);
  EXPECT_EQ(read(ledger_->wrapped_key(alert_id(1))), every_byte(60));
  EXPECT_EQ(read(ledger_->wrapped_key(alert_id(2))), std::nullopt);
}

TEST_P(Documents, AnotherKeyForACaseThatHasOneThenConflict) {
  ports::Commit key;
  key.keys.push_back({alert_id(1), "first"});
  commit(key);
  key.keys[0].wrapped = "second";
  EXPECT_TRUE(conflicts(key));
  EXPECT_EQ(read(ledger_->wrapped_key(alert_id(1))), "first");
}

// Expected recipients.

ports::Commit expecting(const core::AlertId& alert, core::Version version, core::RecipientSet set) {
  ports::Commit commit;
  commit.recipients_expected.push_back({alert, version, std::move(set), noon});
  return commit;
}

TEST_P(Documents, ExpectedAgainAtOneVersionThenSinceTheFirstTime) {
  commit(expecting(alert_id(1), {1, 0}, core::RecipientSet::bitmapOf(1, 9)));
  ports::Commit later = expecting(alert_id(1), {1, 0}, core::RecipientSet::bitmapOf(1, 10));
  later.recipients_expected[0].at = noon + std::chrono::hours(1);
  commit(later);
  const auto sets = read(ledger_->expected(alert_id(1)));
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].added, core::RecipientSet::bitmapOf(2, 9, 10));
  EXPECT_EQ(sets[0].at, noon);
}

TEST_P(Documents, ChasedThenInTheOrderOfCommitment) {
  ports::Commit first;
  first.chased.push_back({alert_id(1), 3, core::AnswerKind::removed, core::ChaseStep::unit, noon,
                          noon + std::chrono::minutes(1), core::RecipientSet::bitmapOf(2, 7, 8)});
  first.chased.push_back({alert_id(2), 1, core::AnswerKind::received, core::ChaseStep::direct, noon, noon,
                          core::RecipientSet::bitmapOf(1, 9)});
  commit(first);
  ports::Commit second;
  second.chased.push_back({alert_id(1), 3, core::AnswerKind::removed, core::ChaseStep::direct, noon, noon,
                           core::RecipientSet::bitmapOf(1, 8)});
  commit(second);
  const auto rows = read(ledger_->chased(alert_id(1)));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].revision, 3U);
  EXPECT_EQ(rows[0].awaited, core::AnswerKind::removed);
  EXPECT_EQ(rows[0].step, core::ChaseStep::unit);
  EXPECT_EQ(rows[0].at, noon);
  EXPECT_EQ(rows[0].counts_from, noon + std::chrono::minutes(1));
  EXPECT_EQ(rows[0].recipients, core::RecipientSet::bitmapOf(2, 7, 8));
  EXPECT_EQ(rows[1].step, core::ChaseStep::direct);
}

TEST_P(Documents, ExpectedThenByVersionInOrder) {
  commit(expecting(alert_id(1), {2, 1}, core::RecipientSet::bitmapOf(1, 9)));
  commit(expecting(alert_id(1), {1, 0}, core::RecipientSet::bitmapOf(3, 1, 5, 4'000'000'000U)));
  commit(expecting(alert_id(2), {1, 0}, core::RecipientSet::bitmapOf(1, 2)));
  const auto sets = read(ledger_->expected(alert_id(1)));
  ASSERT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[0].alert_id, alert_id(1));
  EXPECT_EQ(sets[0].version, (core::Version{1, 0}));
  EXPECT_TRUE(sets[0].added == core::RecipientSet::bitmapOf(3, 1, 5, 4'000'000'000U));
  EXPECT_EQ(sets[1].version, (core::Version{2, 1}));
  EXPECT_TRUE(sets[1].added == core::RecipientSet::bitmapOf(1, 9));
  EXPECT_TRUE(read(ledger_->expected(alert_id(3))).empty());
}

TEST_P(Documents, ExpectedAtTheSameVersionAgainThenTheUnion) {
  commit(expecting(alert_id(1), {1, 0}, core::RecipientSet::bitmapOf(2, 1, 2)));
  commit(expecting(alert_id(1), {1, 0}, core::RecipientSet::bitmapOf(2, 2, 3)));
  const auto sets = read(ledger_->expected(alert_id(1)));
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_TRUE(sets[0].added == core::RecipientSet::bitmapOf(3, 1, 2, 3));
}

// Sightings.

ports::SightingRow sighting(const std::string& id, const core::AlertId& alert) {
  return {core::SightingId(id), alert, 12, core::RecipientId("station-12"), noon, "sealed " + id};
}

ports::Commit sightings_only(std::vector<ports::SightingRow> rows) {
  ports::Commit commit;
  commit.sightings = std::move(rows);
  return commit;
}

TEST_P(Sightings, NewOnesThenFirstAndReadBackInOrder) {
  const auto done =
      commit(sightings_only({sighting("b", alert_id(1)), sighting("a", alert_id(1)), sighting("c", alert_id(2))}));
  EXPECT_EQ(done.sightings_first, (std::vector<bool>{true, true, true}));
  const auto rows = read(ledger_->sightings(alert_id(1)));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].sighting_id, core::SightingId("b"));
  EXPECT_EQ(rows[1].sighting_id, core::SightingId("a"));
  EXPECT_EQ(rows[0].alert_id, alert_id(1));
  EXPECT_EQ(rows[0].ordinal, 12U);
  EXPECT_EQ(rows[0].recipient_id, core::RecipientId("station-12"));
  EXPECT_EQ(rows[0].recorded_at, noon);
  EXPECT_EQ(rows[0].sealed, "sealed b");
  EXPECT_EQ(rows[0].verdict.assessment, core::Assessment::unassessed);
}

TEST_P(Sightings, SameIdAgainThenADuplicateAndTheFirstStands) {
  commit(sightings_only({sighting("a", alert_id(1))}));
  ports::SightingRow changed = sighting("a", alert_id(2));
  EXPECT_EQ(
      commit(sightings_only({changed, sighting("b", alert_id(1)), sighting("b", alert_id(1))})).sightings_first,
      (std::vector<bool>{false, true, false}));
  EXPECT_EQ(read(ledger_->sighting(core::SightingId("a")))->alert_id, alert_id(1));
}

TEST_P(Sightings, SameIdAgainThenItsEntryIsNotWrittenASecondTime) {
  ports::Commit once = sightings_only({sighting("a", alert_id(1))});
  core::SightingRecorded recorded;
  recorded.alert_id = alert_id(1);
  recorded.sighting_id = core::SightingId("a");
  recorded.recipient_id = core::RecipientId("station-12");
  once.entries.push_back({noon, core::Actor{"station-12", {}}, "sightings of 1", recorded});
  const core::Sequence first = commit(once).last_sequence;
  EXPECT_EQ(commit(once).last_sequence, first);
}

TEST_P(Sightings, AssessedThenItsAssessmentIsRead) {
  commit(sightings_only({sighting("a", alert_id(1)), sighting("b", alert_id(1))}));
  ports::Commit assessed;
  const ports::Verdict verdict{core::Assessment::credible, noon, core::Actor{"210102000000", "021533"},
                               "sealed why"};
  assessed.assessments = {{core::SightingId("a"), verdict}, {core::SightingId("unknown"), verdict}};
  commit(assessed);
  const ports::Verdict kept = read(ledger_->sighting(core::SightingId("a")))->verdict;
  EXPECT_EQ(kept.assessment, verdict.assessment);
  EXPECT_EQ(kept.at, verdict.at);
  EXPECT_EQ(kept.by, verdict.by);
  EXPECT_EQ(kept.sealed_note, verdict.sealed_note);
  EXPECT_EQ(read(ledger_->sighting(core::SightingId("b")))->verdict.assessment, core::Assessment::unassessed);
  EXPECT_FALSE(read(ledger_->sighting(core::SightingId("unknown"))).has_value());
}

INSTANTIATE_TEST_SUITE_P(Ledger, Documents, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

INSTANTIATE_TEST_SUITE_P(Ledger, Sightings, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
