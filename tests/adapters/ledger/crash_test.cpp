#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "adapters/ledger/fault_disk.hpp"
#include "adapters/ledger/sqlite_fixture.hpp"

namespace tuanyuan::test {
namespace {

constexpr core::Ordinal rows_per_commit = 40;

/// The commit that makes journal entry number `sequence`, when they are made one after another.
ports::Commit numbered(core::Sequence sequence) {
  std::vector<ports::AnswerRow> rows;
  for (core::Ordinal index = 0; index < rows_per_commit; ++index) {
    rows.push_back(answer(alert_id(1), static_cast<core::Ordinal>(sequence) * 1000 + index));
  }
  ports::Commit commit = answers_only(std::move(rows));
  commit.documents.push_back({alert_id(1), "copy/" + std::to_string(sequence % 7), std::string(5'000, 'x')});
  return commit;
}

/// A ledger that was left in the middle of something: nothing that was answered may be missing, nothing may
/// be there by halves, and it has to go on.
void expect_whole(const std::string& path, core::Sequence answered) {
  boost::asio::io_context context{1};
  ledger::SqliteOptions options;
  options.path = path;
  ledger::SqliteLedger ledger(context.get_executor(), options);
  const auto check = run_on(context, ledger.verify_journal()).value();
  EXPECT_EQ(check.altered_at, std::nullopt);
  EXPECT_GE(check.lines, answered);
  std::size_t rows = 0;
  const auto count = [&rows](const std::vector<ports::AnswerRecord>& slice) { rows += slice.size(); };
  EXPECT_TRUE(run_on(context, ledger.answers(core::AlertId(), 0, count)));
  EXPECT_EQ(rows, check.lines * rows_per_commit);
  const auto next = run_on(context, ledger.commit(numbered(check.lines + 1)));
  ASSERT_TRUE(std::holds_alternative<ports::Committed>(next));
  EXPECT_EQ(std::get<ports::Committed>(next).last_sequence, check.lines + 1);
}

/// Keeps a few commits on their way until `enough` says so, and tells of each that was answered.
class Worker {
 public:
  Worker(ledger::SqliteLedger& ledger, std::function<bool(core::Sequence)> on_answer)
      : ledger_(ledger), on_answer_(std::move(on_answer)) {}

  boost::asio::awaitable<void> work() {
    while (going_) {
      ports::Commit commit = numbered(++made_);
      const ports::CommitResult result = co_await ledger_.commit(std::move(commit));
      going_ = going_ && on_answer_(std::get<ports::Committed>(result).last_sequence);
    }
  }

 private:
  ledger::SqliteLedger& ledger_;
  std::function<bool(core::Sequence)> on_answer_;
  core::Sequence made_ = 0;
  bool going_ = true;
};

void work_with_several_on_their_way(boost::asio::io_context& context, Worker& worker) {
  constexpr int on_their_way = 3;
  for (int index = 0; index < on_their_way; ++index) {
    boost::asio::co_spawn(context, worker.work(), [](std::exception_ptr failure) {
      if (failure) {
        std::rethrow_exception(failure);
      }
    });
  }
  context.restart();
  context.run();
}

class PowerCut : public SqliteTest, public testing::WithParamInterface<int> {};

TEST_P(PowerCut, AtAnyTimeThenNothingAnsweredIsLost) {
  constexpr core::Sequence commits = 120;
  std::mt19937 random(static_cast<std::uint32_t>(GetParam()));
  FaultDisk disk;
  options_.vfs = disk.name();
  options_.checkpoints = {20, 100};  // many checkpoints, so that some are cut
  std::vector<std::pair<std::string, core::Sequence>> cuts;
  open();
  Worker worker(*ledger_, [&](core::Sequence answered) {
    if (random() % 15 == 0) {
      const std::string directory = directory_.file("cut-" + std::to_string(cuts.size()));
      std::filesystem::create_directory(directory);
      disk.cut_power(directory, static_cast<std::uint32_t>(random()));
      cuts.emplace_back(directory + "/ledger.sqlite", answered);
    }
    return answered < commits;
  });
  work_with_several_on_their_way(context_, worker);
  close();
  EXPECT_FALSE(cuts.empty());
  for (const auto& [path, answered] : cuts) {
    expect_whole(path, answered);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerCut, testing::Range(1, 13));

/// The daemon's part, in a process of its own: tells each answered sequence through the pipe until it is killed.
[[noreturn]] void answer_until_killed(const std::string& path, int pipe) {
  boost::asio::io_context context{1};
  ledger::SqliteOptions options;
  options.path = path;
  options.checkpoints = {20, 100};
  ledger::SqliteLedger ledger(context.get_executor(), options);
  Worker worker(ledger, [pipe](core::Sequence answered) {
    return ::write(pipe, &answered, sizeof answered) == static_cast<ssize_t>(sizeof answered);
  });
  work_with_several_on_their_way(context, worker);
  ::_exit(1);
}

class Kill9 : public SqliteTest, public testing::WithParamInterface<int> {};

TEST_P(Kill9, AtAnyTimeThenNothingAnsweredIsLost) {
  std::mt19937 random(static_cast<std::uint32_t>(GetParam()));
  int ends[2] = {};
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(ends[0]);
    answer_until_killed(options_.path, ends[1]);
  }
  ::close(ends[1]);
  core::Sequence answered = 0;
  const core::Sequence enough = 1 + random() % 200;
  while (answered < enough &&
         ::read(ends[0], &answered, sizeof answered) == static_cast<ssize_t>(sizeof answered)) {
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it was killed, and did not fail";
  core::Sequence late = 0;  // what it had answered and we had not read
  while (::read(ends[0], &late, sizeof late) == static_cast<ssize_t>(sizeof late)) {
    answered = late;
  }
  ::close(ends[0]);
  expect_whole(options_.path, answered);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Kill9, testing::Range(1, 9));

}  // namespace
}  // namespace tuanyuan::test
