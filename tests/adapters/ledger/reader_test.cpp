#include "adapters/ledger/sqlite/reader.hpp"

#include <future>

#include "adapters/ledger/sqlite_fixture.hpp"

namespace tuanyuan::test {
namespace {

using ledger::Sees;
using std::chrono::steady_clock;

/// Jobs that each look how many commits there were, and then commit: what sees the newest sees its own place.
class Reading : public SqliteTest {
 protected:
  Reading() {
    ledger::migrate_ledger(options_.path);
    writer_.emplace(ledger::open_writer(options_.path, "", 0));
    start();
  }

  void start() {
    reader_.reset();
    reader_ = std::make_unique<ledger::Reader>(
        ledger::open_reader(options_.path, ""), 100, [this] { return generation_(); }, [this] { return now_(); });
  }

  /// What each of them saw. All are queued before the first begins, so that none of them finds the reader idle.
  std::vector<std::int64_t> look(const std::vector<Sees>& jobs) {
    std::promise<void> queued;
    const auto done = std::make_shared<std::promise<void>>();  // the last job may be leaving it yet
    std::vector<std::int64_t> seen;
    for (std::size_t index = 0; index < jobs.size(); ++index) {
      reader_->submit(
          [&, index, done](ledger::Connection& database) {
            if (index == 0) {
              queued.get_future().wait();
            }
            seen.push_back(database.number("SELECT value FROM probe").value_or(-1));
            writer_->execute("UPDATE probe SET value = value + 1");
            const bool is_read = seen.size() != failing_;
            if (seen.size() == jobs.size()) {
              done->set_value();
            }
            return is_read;
          },
          jobs[index]);
    }
    queued.set_value();
    done->get_future().wait();
    return seen;
  }

  /// Carries all of the log over and empties it; waits for readers as long as connections do.
  bool log_begins_anew() {
    return sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) ==
           SQLITE_OK;
  }

  std::function<std::optional<std::uint64_t>()> generation_ = [] { return std::optional<std::uint64_t>(7); };
  std::function<steady_clock::time_point()> now_ = [] { return steady_clock::time_point(); };
  std::size_t failing_ = 0;  ///< which job, counted from 1, says that it could not read
  std::optional<ledger::Connection> writer_;
  std::unique_ptr<ledger::Reader> reader_;
};

constexpr Sees directory = Sees::directory;
constexpr Sees everything = Sees::everything;
using Seen = std::vector<std::int64_t>;

TEST_F(Reading, DirectoryUnchangedThenItsReadsShareASnapshot) {
  EXPECT_EQ(look({directory, directory, directory}), (Seen{0, 0, 0}));
}

TEST_F(Reading, DirectoryChangedThenTheNextReadSeesTheNewest) {
  generation_ = [changes = 0U]() mutable { return std::optional<std::uint64_t>(++changes / 2); };
  EXPECT_EQ(look({directory, directory, directory, directory, directory}), (Seen{0, 1, 1, 3, 3}));
}

TEST_F(Reading, OtherReadBetweenThenItSeesTheNewestAndSoDoesTheNext) {
  EXPECT_EQ(look({directory, everything, everything, directory, directory}), (Seen{0, 1, 2, 3, 3}));
}

TEST_F(Reading, ReadFailedThenTheNextSeesTheNewest) {
  failing_ = 2;
  EXPECT_EQ(look({directory, directory, directory, directory}), (Seen{0, 0, 2, 2}));
}

TEST_F(Reading, NoSnapshotMayStayThenEachReadSeesTheNewest) {
  generation_ = [] { return std::optional<std::uint64_t>(); };
  EXPECT_EQ(look({directory, directory, directory}), (Seen{0, 1, 2}));
}

TEST_F(Reading, SnapshotMayNotStayAnyMoreThenItIsLetGo) {
  generation_ = [asked = 0]() mutable { return ++asked < 3 ? std::optional<std::uint64_t>(7) : std::nullopt; };
  EXPECT_EQ(look({directory, directory, directory, directory}), (Seen{0, 0, 2, 3}));
}

TEST_F(Reading, WithoutPauseThenNoSnapshotBecomesOlderThanItMay) {
  now_ = [now = steady_clock::time_point()]() mutable {
    now += ledger::held_snapshot_age_max / 2;
    return now;
  };
  EXPECT_EQ(look({directory, directory, directory, directory, directory}), (Seen{0, 0, 2, 2, 4}));
}

TEST_F(Reading, NothingToDoThenTheLogCanBeginAnew) {
  look({directory, directory});
  EXPECT_TRUE(log_begins_anew());
}

TEST_F(Reading, GoneWithASnapshotThenTheLogCanBeginAnew) {
  look({directory, directory});
  reader_.reset();
  sqlite3_busy_timeout(writer_->handle(), 0);
  EXPECT_TRUE(log_begins_anew());
}

}  // namespace
}  // namespace tuanyuan::test
