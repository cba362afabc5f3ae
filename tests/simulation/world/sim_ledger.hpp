#pragma once

#include "adapters/ledger/memory/memory_ledger.hpp"
#include "simulation/world/loop.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {

/// The ledger as one life of the daemon sees it: on the store that outlives them all, with everything that can go
/// wrong between a daemon and its disk.
class SimLedger final : public ledger::MemoryLedger {
 public:
  SimLedger(Loop& loop, Stage& stage);

  boost::asio::awaitable<ports::CommitResult> commit(ports::Commit commit) override;
  boost::asio::awaitable<ports::Read<std::vector<core::Delivery>>> claim(core::ChannelKind channel,
                                                                         core::Instant now,
                                                                         core::Instant lease_until,
                                                                         std::size_t limit) override;

 private:
  enum class Fate { written, refused, unknown, crash };

  Fate draw(std::string& reason);
  ports::CommitResult write(const ports::Commit& commit);
  Span draw_delay();
  /// Commits and claims share one writer: they are carried out in their order, however slow the disk is.
  boost::asio::awaitable<void> wait_in_turn();
  ports::CommitResult decide(const ports::Commit& commit);
  ports::CommitResult decide_on_disk(const ports::Commit& commit, Fate fate, const std::string& reason);
  bool conflicts(const ports::Commit& commit) const;

  Loop& loop_;
  Stage& stage_;
  ports::Clock::Steady last_{};
};

}  // namespace tuanyuan::simulation
