#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include "adapters/crypto/vault.hpp"
#include "adapters/ledger/memory/memory_ledger.hpp"
#include "adapters/wire/document_codec.hpp"
#include "engine/engine.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/entropy.hpp"
#include "runtime/virtual_clock.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::engine {

/// An engine on a virtual clock, a ledger in memory, and a channel that remembers what it was given.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest();
  /// Before what the tests themselves have (gateways) goes.
  void TearDown() override;

  /// Forgets the engine and starts another one on what the ledger holds, as after a crash.
  void restart();
  static Settings without_lookout() {
    Settings settings;
    settings.lookout = false;
    return settings;
  }

  /// Runs one call to its end, in virtual time.
  template <class T>
  T run(boost::asio::awaitable<T> call) {
    std::optional<T> result;
    boost::asio::co_spawn(context, std::move(call), [&result](std::exception_ptr failure, T value) {
      if (failure) {
        std::rethrow_exception(failure);
      }
      result.emplace(std::move(value));
    });
    clock.run_until([&result] { return result.has_value(); }, std::chrono::minutes(5));
    return std::move(result.value());
  }
  void run_for(std::chrono::milliseconds time) { clock.run_for(time); }

  core::Result<ports::ReportView> submit(const std::string& key = {});
  core::Result<ports::AlertView> release(const core::ReportId& id, const std::string& key = {});
  ports::AlertView released();
  core::Receipt answer(const core::AlertId& alert, std::uint32_t revision, const std::string& who,
                       core::AnswerKind kind, const std::string& connection = {});
  core::Board board(const core::AlertId& alert);

  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context, core::from_epoch_ms(1'795'000'000'000)};
  runtime::SeededEntropy entropy{7};
  runtime::BlockingPool pool{0, 16};
  std::shared_ptr<ledger::MemoryStore> store = std::make_shared<ledger::MemoryStore>();
  std::unique_ptr<ledger::MemoryLedger> memory;
  crypto::OpenSslVault vault{crypto::MasterKeys{std::string(32, 'k')}};
  test::PlainNotary notary;
  test::SamePictures pictures;
  wire::ProtobufDocumentCodec codec;
  test::RememberedGauges metrics;
  test::NoLog log;
  test::RecordingChannel channel;
  Settings settings = without_lookout();
  bool clocked = false;  ///< whether the next start begins the alerts' clock
  std::unique_ptr<Engine> engine;

  core::Caller submitter = test::officer("210102000000", {core::Role::submitter});
  core::Caller releaser = test::officer("210100000000", {core::Role::releaser});
  core::Caller supervisor = test::officer("210000000000", {core::Role::supervisor});
  core::Caller stranger = test::officer("440100000000", {core::Role::submitter, core::Role::releaser});
};

/// The child was found, and is well.
ports::CloseOptions found();

}  // namespace tuanyuan::engine
