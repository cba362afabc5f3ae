#include <stdexcept>

#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using Journal = LedgerContract;
using std::chrono_literals::operator""ms;

std::vector<core::Sequence> sequences(const std::vector<ports::RecordedEntry>& entries) {
  std::vector<core::Sequence> numbers;
  for (const ports::RecordedEntry& entry : entries) {
    numbers.push_back(entry.sequence);
  }
  return numbers;
}

std::vector<core::EntryBody> one_of_each_body() {
  core::ReportSubmitted submitted;
  submitted.report_id = core::ReportId("report-1");
  submitted.alert_id = alert_id(1);
  submitted.unit = "210102000000";
  submitted.division = core::Division{210102};
  submitted.status = core::Status::actual;
  submitted.last_seen_at = noon - 5ms;
  submitted.content_digest = "ab\"\\\n\x01 汉字";  // whatever is in a text has to come back
  core::AlertReleased released;
  released.audiences = {core::Audience::police, core::Audience::public_};
  released.radius_km = 123.456;
  released.radius_chosen = true;
  released.divisions = {core::Division{210102}, core::Division{210103}};
  released.expires_at = noon;
  core::AlertUpdated updated;
  updated.version = {2, 0};
  updated.fields = {"child.height_cm", "circumstances"};
  core::AlertStepped stepped;
  stepped.version = {2, 1};
  return {submitted,
          core::ReportRejected{},
          released,
          updated,
          stepped,
          core::AlertClosed{{3, 0}, core::Outcome::found_safe, core::Cause::lost, "digest"},
          core::AlertRetracted{{4, 0}, ""},
          core::SightingRecorded{alert_id(1), core::SightingId("s"), core::RecipientId("r")},
          core::SightingAssessed{alert_id(1), core::SightingId("s"), core::Assessment::credible},
          core::RecipientPut{core::RecipientId("r")},
          core::RecipientDeleted{core::RecipientId("r")},
          core::RecipientsImported{17},
          core::ExerciseOrdered{"monthly", noon, noon, 1'800, "210102000000/021533"},
          core::ChannelPaused{core::ChannelKind::sms, "额度用完"},
          core::ChannelResumed{core::ChannelKind::sms},
          core::DeliveryRequeued{alert_id(1), core::ChannelKind::web_push, "18446744073709551615"},
          core::EndpointRetired{core::RecipientId("station-1"), core::ChannelKind::ntfy},
          core::EndpointRevived{core::RecipientId("station-1"), core::ChannelKind::ntfy}};
}

TEST_P(Journal, EntriesAreNumberedFromOneWithoutGaps) {
  EXPECT_EQ(commit(entries_only(alert_id(1), 2)).last_sequence, 2U);
  EXPECT_EQ(commit(entries_only(alert_id(2))).last_sequence, 3U);
  EXPECT_EQ(sequences(read(ledger_->journal(0, "", 10))), (std::vector<core::Sequence>{1, 2, 3}));
}

TEST_P(Journal, CommitWithoutEntriesThenTheLastSequenceStands) {
  EXPECT_EQ(commit(ports::Commit{}).last_sequence, 0U);
  commit(entries_only(alert_id(1), 2));
  EXPECT_EQ(commit(recipients_only({{recipient("a"), false}})).last_sequence, 2U);
}

TEST_P(Journal, EveryKindOfEntryComesBackAsItWasWritten) {
  ports::Commit written;
  for (const core::EntryBody& body : one_of_each_body()) {
    written.entries.push_back({noon, {"210102000000", "021533"}, alert_id(1).value, body});
  }
  commit(written);
  const auto entries = read(ledger_->journal(0, "", 100));
  ASSERT_EQ(entries.size(), written.entries.size());
  for (std::size_t index = 0; index < entries.size(); ++index) {
    const core::Entry& entry = entries[index].entry;
    const core::Entry& original = written.entries[index];
    EXPECT_EQ(entry.time, noon);
    EXPECT_EQ(entry.actor, original.actor);
    EXPECT_EQ(entry.subject, alert_id(1).value);
    EXPECT_EQ(core::type_name(entry.body), core::type_name(original.body));
    EXPECT_EQ(core::to_detail(entry.body), core::to_detail(original.body));
  }
}

TEST_P(Journal, AfterASequenceThenOnlyLaterEntries) {
  commit(entries_only(alert_id(1), 5));
  EXPECT_EQ(sequences(read(ledger_->journal(3, "", 10))), (std::vector<core::Sequence>{4, 5}));
  EXPECT_TRUE(read(ledger_->journal(5, "", 10)).empty());
  EXPECT_TRUE(read(ledger_->journal(9'000'000'000, "", 10)).empty());
}

TEST_P(Journal, LimitedThenTheOldestFirst) {
  commit(entries_only(alert_id(1), 5));
  EXPECT_EQ(sequences(read(ledger_->journal(1, "", 2))), (std::vector<core::Sequence>{2, 3}));
}

TEST_P(Journal, BySubjectThenOnlyItsEntries) {
  commit(entries_only(alert_id(1)));
  commit(entries_only(alert_id(2)));
  commit(entries_only(alert_id(1)));
  EXPECT_EQ(sequences(read(ledger_->journal(0, alert_id(1).value, 10))), (std::vector<core::Sequence>{1, 3}));
  EXPECT_EQ(sequences(read(ledger_->journal(1, alert_id(1).value, 10))), (std::vector<core::Sequence>{3}));
  EXPECT_TRUE(read(ledger_->journal(0, "nobody", 10)).empty());
}

TEST_P(Journal, ManyCommitsAtOnceThenInTheOrderOfTheCalls) {
  std::vector<ports::Commit> commits(200, entries_only(alert_id(1), 2));
  const auto results = commit_together(std::move(commits));
  for (std::size_t index = 0; index < results.size(); ++index) {
    ASSERT_TRUE(std::holds_alternative<ports::Committed>(results[index]));
    EXPECT_EQ(std::get<ports::Committed>(results[index]).last_sequence, 2 * (index + 1));
  }
}

// Conditions.

ports::Commit conditional(const core::AlertId& alert, std::uint32_t count) {
  ports::Commit commit = entries_only(alert);
  commit.expected.push_back({alert.value, count});
  return commit;
}

TEST_P(Journal, ExpectedCountHoldsThenCommitted) {
  commit(conditional(alert_id(1), 0));
  commit(conditional(alert_id(1), 1));
  commit(conditional(alert_id(2), 0));
}

TEST_P(Journal, ExpectedCountDoesNotHoldThenConflictAndNothingIsWritten) {
  commit(conditional(alert_id(1), 0));
  ports::Commit all = conditional(alert_id(1), 0);
  all.keys.push_back({alert_id(2), "key"});
  all.documents.push_back({alert_id(2), "report/1", "sealed"});
  all.recipients_expected.push_back({alert_id(2), {1, 0}, core::RecipientSet::bitmapOf(1, 7), noon});
  all.deliveries.push_back(delivery(alert_id(2), 1));
  all.entries.push_back(answers_entry(alert_id(2)));
  all.answers.push_back(answer(alert_id(2), 7));
  all.sightings.push_back({core::SightingId("s"), alert_id(2), 7, core::RecipientId("r"), noon, "sealed"});
  all.recipients.push_back({recipient("r"), false});
  all.idempotency = ports::IdempotencyRecord{"key", "digest", "", 0, "", noon};
  EXPECT_TRUE(conflicts(all));
  EXPECT_EQ(read(ledger_->journal(0, "", 10)).size(), 1U);
  EXPECT_EQ(read(ledger_->wrapped_key(alert_id(2))), std::nullopt);
  EXPECT_EQ(read(ledger_->document(alert_id(2), "report/1")), std::nullopt);
  EXPECT_TRUE(read(ledger_->expected(alert_id(2))).empty());
  EXPECT_EQ(read(ledger_->backlog(core::ChannelKind::mqtt)).rows, 0U);
  EXPECT_TRUE(answers(core::AlertId()).empty());
  EXPECT_TRUE(read(ledger_->sightings(alert_id(2))).empty());
  EXPECT_TRUE(directory().empty());
  EXPECT_FALSE(read(ledger_->idempotency("key")).has_value());
}

TEST_P(Journal, SeveralExpectationsThenAllHaveToHold) {
  commit(entries_only(alert_id(1)));
  ports::Commit both = entries_only(alert_id(3));
  both.expected = {{alert_id(1).value, 1}, {alert_id(2).value, 1}};
  EXPECT_TRUE(conflicts(both));
  both.expected[1].count = 0;
  commit(both);
}

TEST_P(Journal, OneOfManyAtOnceConflictsThenTheOthersAreCommitted) {
  std::vector<ports::Commit> commits;
  for (int index = 0; index < 30; ++index) {
    commits.push_back(index % 3 == 1 ? conditional(alert_id(9), 5) : entries_only(alert_id(1)));
  }
  const auto results = commit_together(std::move(commits));
  for (std::size_t index = 0; index < results.size(); ++index) {
    EXPECT_EQ(std::holds_alternative<ports::Conflict>(results[index]), index % 3 == 1) << index;
  }
  EXPECT_EQ(read(ledger_->journal(0, "", 100)).size(), 20U);
}

TEST_P(Journal, TwoDecisionsOnTheSameStateAtOnceThenOneIsCommitted) {
  const auto results = commit_together({conditional(alert_id(1), 0), conditional(alert_id(1), 0)});
  EXPECT_TRUE(std::holds_alternative<ports::Committed>(results[0]));
  EXPECT_TRUE(std::holds_alternative<ports::Conflict>(results[1]));
}

// Idempotency.

ports::Commit with_key(const std::string& key) {
  ports::Commit commit = conditional(alert_id(1), 0);
  commit.idempotency = ports::IdempotencyRecord{key, "digest", alert_id(1).value, 1, "an answer", noon};
  return commit;
}

TEST_P(Journal, IdempotencyKeyThenItsRecordCanBeRead) {
  EXPECT_FALSE(read(ledger_->idempotency("unit/POST/key")).has_value());
  commit(with_key("unit/POST/key"));
  const auto record = read(ledger_->idempotency("unit/POST/key"));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->key, "unit/POST/key");
  EXPECT_EQ(record->body_digest, "digest");
  EXPECT_EQ(record->subject, alert_id(1).value);
  EXPECT_EQ(record->entries, 1U);
  EXPECT_EQ(record->answer, "an answer");
  EXPECT_EQ(record->recorded_at, noon);
}

TEST_P(Journal, SameKeyAgainThenTheConflictNamesTheKeyEvenWhenCountsDifferToo) {
  commit(with_key("key"));
  EXPECT_TRUE(conflicts(with_key("key"), true));
  EXPECT_TRUE(conflicts(with_key("another key"), false));
}

TEST_P(Journal, SameKeyTwiceAtOnceThenOneIsCommitted) {
  const auto results = commit_together({with_key("key"), with_key("key")});
  EXPECT_TRUE(std::holds_alternative<ports::Committed>(results[0]));
  ASSERT_TRUE(std::holds_alternative<ports::Conflict>(results[1]));
  EXPECT_TRUE(std::get<ports::Conflict>(results[1]).idempotency);
}

TEST_P(Journal, EverythingWorksThenHealthy) {
  EXPECT_EQ(run(ledger_->health()), "");
}

INSTANTIATE_TEST_SUITE_P(Ledger, Journal, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
