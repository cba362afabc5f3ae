#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "adapters/ledger/sqlite_fixture.hpp"

namespace tuanyuan::test {
namespace {

using testing::Test;

class Opening : public SqliteTest {
 protected:
  void fill(int entries) {
    open();
    ASSERT_TRUE(is_committed(entries_only(alert_id(1), entries)));
    close();
  }
  ledger::JournalCheck verified() {
    open();
    return run(ledger_->verify_journal()).value();
  }
  /// A ledger as a program whose schema had that number left it.
  void write_as_of(int version, const std::string& rows) {
    constexpr const char* migrations[] = {
#include "adapters/ledger/sqlite/migrations/001_initial.sql"
        ,
#include "adapters/ledger/sqlite/migrations/002_verdicts.sql"
        ,
#include "adapters/ledger/sqlite/migrations/003_clock.sql"
        ,
#include "adapters/ledger/sqlite/migrations/004_channels.sql"
        ,
#include "adapters/ledger/sqlite/migrations/005_endpoints.sql"
        ,
#include "adapters/ledger/sqlite/migrations/006_presence.sql"
    };
    ledger::Connection old(options_.path, ledger::OpenMode{true, false, ""});
    for (int index = 0; index < version; ++index) {
      old.script(migrations[index]);
    }
    old.script(rows + "PRAGMA application_id = 0x54594C47; PRAGMA user_version = " + std::to_string(version));
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Opening, NothingThereThenMadeForItsOwnerOnly) {
  EXPECT_EQ(refusal(), "");
  struct stat status {};
  ASSERT_EQ(::stat(options_.path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(Opening, NoSuchDirectoryThenRefusedWithItsName) {
  options_.path = directory_.file("missing/ledger.sqlite");
  EXPECT_TRUE(contains(refusal(), "missing/ledger.sqlite"));
}

TEST_F(Opening, OpenAlreadyThenRefused) {
  open();
  EXPECT_THROW(ledger::SqliteLedger(context_.get_executor(), options_), ledger::LedgerUnusable);
  close();
  EXPECT_EQ(refusal(), "");
}

// Schema.

TEST_F(Opening, MigratedThenFromNothingToThisProgramsSchemaAndOnlyOnce) {
  const auto first = ledger::migrate_ledger(options_.path);
  EXPECT_EQ(first.from, 0);
  EXPECT_EQ(first.to, ledger::schema_version());
  const auto second = ledger::migrate_ledger(options_.path);
  EXPECT_EQ(second.from, ledger::schema_version());
  EXPECT_EQ(refusal(), "");
}

TEST_F(Opening, SchemaNewerThanTheProgramThenRefusedByBothWays) {
  fill(1);
  tamper("PRAGMA user_version = 99");
  EXPECT_TRUE(contains(refusal(), "schema 99"));
  EXPECT_TRUE(contains(refusal(), "newer"));
  EXPECT_THROW(ledger::migrate_ledger(options_.path), ledger::LedgerUnusable);
}

TEST_F(Opening, SchemaOlderThanTheProgramThenToldToMigrate) {
  fill(1);
  tamper("PRAGMA user_version = 0");
  EXPECT_TRUE(contains(refusal(), "--migrate"));
}

/// As the program before endpoints had keys left it: one row to a recipient's webhook.
TEST_F(Opening, RowsWithoutAnEndpointThenTheyAreGivenAsBefore) {
  write_as_of(4, R"sql(
      INSERT INTO alerts(number, id) VALUES(1, 'alert');
      INSERT INTO outbox(alert, revision, step, kind, status, audience, parcel, channel, recipient, urgency, not_before,
        expires_at, attempts, maybe_sent, state, committed_due) VALUES(1, 1, 0, 0, 0, 1, 0, 1, 'near', 5, 0, 1, 0, 0, 0, 0);
      INSERT INTO recipients(id, name, category, audience, division, crs, delivery, via, hours, unit, liaison_post,
        liaison_telephone, endpoints) VALUES('near', 'x', 5, 1, 210102, 0, 0, '', '', '', '', '',
        '["webhook","https://a.example"]');)sql");
  EXPECT_EQ(ledger::migrate_ledger(options_.path).from, 4);
  open();
  const auto rows = run(ledger_->claim(core::ChannelKind::webhook, noon, noon, 10)).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].target, core::Target(core::RecipientId("near")));
  EXPECT_EQ(rows[0].endpoint, 0U);
  ports::RecipientChange moved{recipient("near"), false};
  ASSERT_TRUE(is_committed(recipients_only({moved})));
  const auto entries = run(ledger_->recipients({1})).value();
  ASSERT_EQ(entries.at(0).former.size(), 1U);
  EXPECT_EQ(entries[0].former[0].address, "https://a.example");
}

/// As the program before claims were noted as a whole left it: the row itself said that it was in flight.
TEST_F(Opening, InFlightForAnEarlierProgramThenGivenAgainAsMaybeSent) {
  write_as_of(6, R"sql(
      INSERT INTO alerts(number, id) VALUES(1, 'alert');
      INSERT INTO outbox(alert, revision, step, kind, status, audience, parcel, channel, division, urgency, not_before,
        expires_at, attempts, maybe_sent, state, lease_until, outdated, committed_due)
        VALUES(1, 1, 0, 0, 0, 0, 0, 0, 210102, 1, 0, 1, 0, 0, 1, 99, 0, 0),
              (1, 1, 0, 0, 0, 0, 0, 0, 210103, 2, 0, 1, 0, 0, 1, 99, 1, 0),
              (1, 1, 0, 0, 0, 0, 0, 0, 210104, 3, 0, 1, 0, 0, 0, 0, 0, 0);
      INSERT INTO chased(alert, revision, awaited, step, at, recipients) VALUES(1, 1, 0, 0, 77, x'3a30000000000000');)sql");
  EXPECT_EQ(ledger::migrate_ledger(options_.path).from, 6);
  open();
  const auto rows = run(ledger_->claim(core::ChannelKind::mqtt, noon, noon, 10)).value();
  ASSERT_EQ(rows.size(), 2U) << "what was superseded in flight is over";
  EXPECT_TRUE(rows[0].maybe_sent);
  EXPECT_FALSE(rows[1].maybe_sent);
  const auto chased = run(ledger_->chased(core::AlertId("alert"))).value();
  ASSERT_EQ(chased.size(), 1U);
  EXPECT_EQ(chased[0].counts_from, chased[0].at);
}

TEST_F(Opening, MigratedWhileItIsOpenThenRefused) {
  open();
  EXPECT_THROW(ledger::migrate_ledger(options_.path), ledger::LedgerUnusable);
}

// Damage.

TEST_F(Opening, NoDatabaseThenRefusedAndLeftAlone) {
  const std::string text = "these are somebody's notes, which nobody wants to lose. " + std::string(4096, 'x');
  std::ofstream(options_.path) << text;
  EXPECT_TRUE(contains(refusal(), "damaged or no ledger"));
  EXPECT_EQ(std::filesystem::file_size(options_.path), text.size());
}

TEST_F(Opening, AnotherProgramsDatabaseThenRefused) {
  {
    ledger::Connection other(options_.path, ledger::OpenMode{true, false, ""});
    other.script("CREATE TABLE bookmarks(url)");
  }
  EXPECT_TRUE(contains(refusal(), "not a ledger"));
  EXPECT_THROW(ledger::migrate_ledger(options_.path), ledger::LedgerUnusable);
}

TEST_F(Opening, CutOffAfterTheFirstPageThenRefused) {
  fill(500);
  std::filesystem::resize_file(options_.path, 4096);
  EXPECT_TRUE(contains(refusal(), "damaged"));
}

TEST_F(Opening, PageOverwrittenThenAReadOfItFailsAndNothingIsMadeUp) {
  open();
  std::vector<ports::RecipientChange> changes;
  for (int index = 0; index < 3000; ++index) {
    changes.push_back({recipient("station-" + std::to_string(index)), false});
  }
  ASSERT_TRUE(is_committed(recipients_only(std::move(changes))));
  close();
  const auto size = std::filesystem::file_size(options_.path);
  {
    std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
    const std::string noise(static_cast<std::size_t>(size / 2), '\x5A');
    file.seekp(static_cast<std::streamoff>(size / 2));
    file << noise;
  }
  if (refusal().empty()) {
    std::size_t seen = 0;
    const auto count = [&seen](const std::vector<ports::DirectoryEntry>& slice) { seen += slice.size(); };
    EXPECT_FALSE(run(ledger_->directory(count)));
    EXPECT_LT(seen, 3000U);
  }
}

// The journal's chain.

TEST_F(Opening, JournalUntouchedThenItsWholeChainHolds) {
  fill(10'000);
  const auto check = verified();
  EXPECT_EQ(check.lines, 10'000U);
  EXPECT_TRUE(check.ended);
  EXPECT_EQ(check.altered_at, std::nullopt);
}

TEST_F(Opening, EmptyJournalThenItsChainHolds) {
  EXPECT_EQ(verified().altered_at, std::nullopt);
}

TEST_F(Opening, SameEntriesThenTheSameChainAndOthersAnother) {
  fill(3);
  const auto chain = verified().chain;
  close();
  options_.path = directory_.file("second.sqlite");
  fill(3);
  EXPECT_EQ(verified().chain, chain);
  ASSERT_TRUE(is_committed(entries_only(alert_id(2))));
  EXPECT_NE(run(ledger_->verify_journal()).value().chain, chain);
}

struct Alteration {
  const char* name;
  const char* sql;
};

class AlteredJournal : public Opening, public testing::WithParamInterface<Alteration> {};

TEST_P(AlteredJournal, LongAgoThenTheCheckNamesTheLine) {
  fill(5'000);
  tamper(GetParam().sql);
  EXPECT_EQ(verified().altered_at, 40U);
}

TEST_P(AlteredJournal, LatelyThenItIsNotEvenOpened) {
  fill(60);
  tamper(GetParam().sql);
  EXPECT_TRUE(contains(refusal(), "altered"));
}

INSTANTIATE_TEST_SUITE_P(
    Each, AlteredJournal,
    testing::Values(Alteration{"time", "UPDATE journal SET time = time + 1 WHERE sequence = 40"},
                    Alteration{"actor", "UPDATE journal SET actor = 'somebody' WHERE sequence = 40"},
                    Alteration{"type", "UPDATE journal SET type = 'alert.retracted' WHERE sequence = 40"},
                    Alteration{"subject", "UPDATE journal SET subject = 'other' WHERE sequence = 40"},
                    Alteration{"detail", "UPDATE journal SET detail = '{\"a\":\"b\"}' WHERE sequence = 40"},
                    Alteration{"chain", "UPDATE journal SET chain = zeroblob(32) WHERE sequence = 40"},
                    Alteration{"missing", "DELETE FROM journal WHERE sequence = 40"}),
    [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace tuanyuan::test
