#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/mqtt/settings.hpp"
#include "app/gateway_config.hpp"
#include "bench/timed_ledger.hpp"
#include "core/recipient.hpp"
#include "core/report.hpp"

namespace tuanyuan::bench {

/// A new ledger that holds these recipients and nothing else, to be copied for each run.
void make_ledger(const std::string& file, const std::vector<core::Recipient>& recipients);

/// A report of an invented child, with a photo, at `place`.
core::Report sample_report(core::Division division, core::Position place);

/// BENCH_RUNS of the environment, for a quick look; otherwise what the issue asks for.
std::size_t runs_wanted(std::size_t otherwise);

/// The daemon as app/daemon puts it together, less HTTP and canary: ledger on disk, vault, notary, pictures,
/// metrics, engine, and the broker's adapter or the gateways, on a loop thread of its own. Public members: the
/// benchmark's thread.
class SystemUnderTest {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// Recovers the ledger and connects; returns when the broker has taken the connection.
  SystemUnderTest(const std::string& ledger_file, const mqtt::Settings& broker);
  /// Likewise, with gateways and no broker.
  SystemUnderTest(const std::string& ledger_file, const app::GatewaysConfig& gateways);
  ~SystemUnderTest();
  SystemUnderTest(const SystemUnderTest&) = delete;
  SystemUnderTest& operator=(const SystemUnderTest&) = delete;

  struct Released {
    core::AlertId alert;
    Steady committed;        ///< when the ledger said so
    double cpu_seconds = 0;  ///< of this process until then
  };
  /// Submits the report, and releases it.
  Released release(const core::Report& report);

  /// What the ledger has committed since the start.
  struct Answers {
    std::uint64_t first = 0;    ///< acknowledgements that were not there before
    std::uint64_t commits = 0;  ///< that held any
    std::uint64_t transactions = 0;
  };
  Answers answers() const;
  /// Waits until so many acknowledgements are committed; tells when the last one was. Throws after `patience`.
  Steady await_answers(std::uint64_t first, std::chrono::seconds patience);

  /// Waits until so many rows of each of these channels are accepted. Throws after `patience`, and where a row is
  /// lost.
  void await_accepted(const std::vector<core::ChannelKind>& channels, std::uint64_t of_each,
                      std::chrono::seconds patience);
  const TimedLedger& ledger() const;

  double metric(const std::string& line_start) const;

 private:
  struct Parts;

  void start();
  template <class T>
  T call(boost::asio::awaitable<T> work);

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::unique_ptr<Parts> parts_;
  std::thread thread_;
};

}  // namespace tuanyuan::bench
