#pragma once

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "contract/ledger_home.hpp"
#include "contract/ledger_rows.hpp"
#include "contract/run_on.hpp"

namespace tuanyuan::test {

class LedgerContract : public testing::TestWithParam<LedgerBackend> {
 protected:
  LedgerContract() : home_(GetParam().make_home()), ledger_(home_->open(context_)) {}

  template <class T>
  T run(boost::asio::awaitable<T> task) {
    return run_on(context_, std::move(task));
  }

  /// A read, which has to work.
  template <class T>
  T read(boost::asio::awaitable<ports::Read<T>> task) {
    return run(std::move(task)).value();
  }

  ports::Committed commit(ports::Commit commit) {
    const ports::CommitResult result = run(ledger_->commit(std::move(commit)));
    if (!std::holds_alternative<ports::Committed>(result)) {
      ADD_FAILURE() << "not committed, alternative " << result.index();
      return {};
    }
    return std::get<ports::Committed>(result);
  }

  /// Starts all of them before any is answered, so that some may share a transaction.
  std::vector<ports::CommitResult> commit_together(std::vector<ports::Commit> commits) {
    std::vector<ports::CommitResult> results(commits.size());
    for (std::size_t index = 0; index < commits.size(); ++index) {
      boost::asio::co_spawn(context_, ledger_->commit(std::move(commits[index])),
                            [&results, index](std::exception_ptr failure, ports::CommitResult result) {
                              if (failure) {
                                std::rethrow_exception(failure);
                              }
                              results[index] = std::move(result);
                            });
    }
    context_.restart();
    context_.run();
    return results;
  }

  bool conflicts(ports::Commit commit, bool by_idempotency = false) {
    const ports::CommitResult result = run(ledger_->commit(std::move(commit)));
    const auto* conflict = std::get_if<ports::Conflict>(&result);
    return conflict != nullptr && conflict->idempotency == by_idempotency;
  }

  void reopen() {
    ledger_.reset();
    ledger_ = home_->open(context_);
  }

  std::vector<ports::AnswerRecord> answers(core::AlertId alert, core::Sequence after = 0) {
    std::vector<ports::AnswerRecord> all;
    const auto collect = [&all, this](const std::vector<ports::AnswerRecord>& slice) {
      EXPECT_FALSE(slice.empty());
      EXPECT_LE(slice.size(), slice_rows_max);
      largest_slice_ = std::max(largest_slice_, slice.size());
      all.insert(all.end(), slice.begin(), slice.end());
    };
    EXPECT_TRUE(run(ledger_->answers(std::move(alert), after, collect)));
    return all;
  }

  std::vector<ports::DirectoryEntry> directory() {
    std::vector<ports::DirectoryEntry> all;
    const auto collect = [&all](const std::vector<ports::DirectoryEntry>& slice) {
      EXPECT_LE(slice.size(), slice_rows_max);
      all.insert(all.end(), slice.begin(), slice.end());
    };
    EXPECT_TRUE(run(ledger_->directory(collect)));
    return all;
  }

  static constexpr std::size_t slice_rows_max = 4096;

  boost::asio::io_context context_{1};
  std::unique_ptr<LedgerHome> home_;
  std::unique_ptr<ports::Ledger> ledger_;
  std::size_t largest_slice_ = 0;
};

}  // namespace tuanyuan::test
