#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "contract/ledger_rows.hpp"
#include "contract/run_on.hpp"
#include "contract/temporary_directory.hpp"

namespace tuanyuan::test {

/// A ledger in a directory of its own, opened when the test says so.
class SqliteTest : public testing::Test {
 protected:
  SqliteTest() { options_.path = directory_.file("ledger.sqlite"); }

  void open() {
    ledger_.reset();
    ledger_ = std::make_unique<ledger::SqliteLedger>(context_.get_executor(), options_);
  }
  void close() { ledger_.reset(); }

  /// Why it cannot be opened; empty when it can.
  std::string refusal() {
    try {
      open();
      return "";
    } catch (const ledger::LedgerUnusable& error) {
      return error.what();
    }
  }

  template <class T>
  T run(boost::asio::awaitable<T> task) {
    return run_on(context_, std::move(task));
  }

  ports::CommitResult commit(ports::Commit commit) { return run(ledger_->commit(std::move(commit))); }
  bool is_committed(ports::Commit made) {
    return std::holds_alternative<ports::Committed>(commit(std::move(made)));
  }

  /// Begins a commit without waiting for its answer, which is put where it is told.
  void begin(ports::Commit commit, ports::CommitResult& result) {
    boost::asio::co_spawn(context_, ledger_->commit(std::move(commit)),
                          [&result](std::exception_ptr failure, ports::CommitResult answer) {
                            if (failure) {
                              std::rethrow_exception(failure);
                            }
                            result = std::move(answer);
                          });
    context_.restart();
    context_.poll();
  }
  void finish() {
    context_.restart();
    context_.run();
  }

  std::size_t journal_lines() { return run(ledger_->journal(0, "", 1'000'000)).value().size(); }

  /// Changes the file behind the ledger's back, which must not be open.
  void tamper(const std::string& sql) {
    ledger::Connection connection(options_.path, ledger::OpenMode{});
    connection.script(sql);
  }

  boost::asio::io_context context_{1};
  TemporaryDirectory directory_;
  ledger::SqliteOptions options_;
  std::unique_ptr<ledger::SqliteLedger> ledger_;
};

}  // namespace tuanyuan::test
