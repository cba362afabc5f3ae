#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/ledger/fault_disk.hpp"
#include "adapters/ledger/memory/memory_store.hpp"
#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "contract/temporary_directory.hpp"
#include "simulation/world/random.hpp"

namespace tuanyuan::simulation {

/// The second store of faults: a real SQLite ledger on a disk that is full, fails to flush, and at a crash drops
/// or tears whatever was not flushed. It takes every commit beside the store in memory and has to agree with it:
/// in its answers at once, and in all that it holds after each crash. Each call is run to its end before the next,
/// so that its threads change nothing about the order of things.
class Disk {
 public:
  explicit Disk(Random random);
  ~Disk();

  enum class Fault : std::uint8_t { none, full, flush_fails };
  ports::CommitResult commit(const ports::Commit& commit, Fault fault);
  ports::Read<std::vector<core::Delivery>> claim(core::ChannelKind channel, core::Instant now,
                                                 core::Instant lease_until, std::size_t limit);

  /// The power goes while this commit is being flushed, and comes back. Whether it had been written.
  bool commit_in_power_cut(const ports::Commit& commit);
  void power_cut();

  /// The last commit, where its flush failed and none came after: it may be back after a power cut.
  const std::optional<ports::Commit>& unflushed() const { return unflushed_; }

  /// What it holds otherwise than the store in memory does; nothing: they agree.
  std::optional<std::string> differs(const ledger::MemoryStore& store);

 private:
  void open();
  void cut_and_reopen();
  core::Sequence journal_lines();
  template <class T>
  T run(boost::asio::awaitable<T> call);

  Random random_;
  std::optional<ports::Commit> unflushed_;
  boost::asio::io_context context_{1};
  std::unique_ptr<test::TemporaryDirectory> directory_;
  std::unique_ptr<test::FaultDisk> faults_;
  std::unique_ptr<ledger::SqliteLedger> ledger_;
};

}  // namespace tuanyuan::simulation
