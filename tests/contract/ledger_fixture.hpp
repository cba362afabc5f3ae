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

namespace tuanyuan::test {

/// Runs one coroutine on the loop to its end and gives what it returned.
template <class T>
T run_on(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(context, std::move(task), [&result](std::exception_ptr failure, T value) {
    if (failure) {
      std::rethrow_exception(failure);
    }
    result.emplace(std::move(value));
  });
  context.restart();
  context.run();
  return std::move(result.value());
}

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

inline const core::Instant noon = core::from_epoch_ms(1'785'000'000'000);

inline core::AlertId alert_id(int number) {
  return core::AlertId("0198a000-0000-7000-8000-00000000000" + std::to_string(number));
}

/// An entry of the case with that alert, of the simplest kind.
core::Entry case_entry(const core::AlertId& alert, core::Instant time = noon);
/// A commit of nothing but `count` such entries.
ports::Commit entries_only(const core::AlertId& alert, int count = 1);
/// The daemon's entry for a batch of answers to that alert.
core::Entry answers_entry(const core::AlertId& alert, core::Instant time = noon);
ports::AnswerRow answer(const core::AlertId& alert, core::Ordinal ordinal,
                        core::AnswerKind kind = core::AnswerKind::received, core::Instant recorded_at = noon);
/// A commit of these answers with one entry for each of their alerts.
ports::Commit answers_only(std::vector<ports::AnswerRow> rows);
core::Delivery delivery(const core::AlertId& alert, std::int64_t urgency, core::Version version = {1, 0});
ports::Commit deliveries_only(std::vector<core::Delivery> rows);
core::Recipient recipient(const std::string& id);
ports::Commit recipients_only(std::vector<ports::RecipientChange> changes);

}  // namespace tuanyuan::test
