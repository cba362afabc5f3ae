#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "adapters/crypto/vault.hpp"
#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "adapters/wire/document_codec.hpp"
#include "engine/engine.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/entropy.hpp"
#include "runtime/system_clock.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::bench {

/// The real engine on the real ledger and the machine's clock; what signs, draws and sends is left out. Nothing is
/// recovered before somebody asks for it.
class EngineBed {
 public:
  explicit EngineBed(const std::string& ledger_file);

  /// Runs one call to its end.
  template <class T>
  T run(boost::asio::awaitable<T> call) {
    std::optional<T> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, std::move(call), [&](std::exception_ptr thrown, T value) {
      failure = thrown;
      result.emplace(std::move(value));
    });
    while (!result) {
      context.run_one();
    }
    if (failure) {
      std::rethrow_exception(failure);
    }
    return std::move(*result);
  }

  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  runtime::SystemClock clock;
  runtime::SeededEntropy entropy{7};
  runtime::BlockingPool pool{0, 16};
  crypto::OpenSslVault vault{crypto::MasterKeys{std::string(32, 'k')}};
  test::PlainNotary notary;
  test::SamePictures pictures;
  wire::ProtobufDocumentCodec codec;
  test::NoMetrics metrics;
  test::NoLog log;
  ledger::SqliteLedger ledger;
  engine::Engine engine;

  core::Caller submitter = test::officer("210102000000", {core::Role::submitter});
  core::Caller releaser = test::officer("210100000000", {core::Role::releaser});
  core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
};

}  // namespace tuanyuan::bench
