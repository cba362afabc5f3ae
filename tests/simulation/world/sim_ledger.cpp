#include "simulation/world/sim_ledger.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tuanyuan::simulation {
namespace {

/// On the disk a claim is noted as a whole: of what was put back from it before a crash it may be said that it may
/// have been sent.
bool same_rows(const std::vector<core::Delivery>& in_memory, const std::vector<core::Delivery>& on_disk) {
  return std::equal(
      in_memory.begin(), in_memory.end(), on_disk.begin(), on_disk.end(), [](const auto& one, const auto& other) {
        return one.id == other.id && one.attempts == other.attempts && (!one.maybe_sent || other.maybe_sent);
      });
}

}  // namespace

SimLedger::SimLedger(Loop& loop, Stage& stage)
    : MemoryLedger(loop.get_executor(), stage.truth.shared_store(), &stage.clock), loop_(loop), stage_(stage) {
  MemoryLedger::faults.read_fails = [&stage] { return stage.faults.strikes(Fault::ledger_unread); };
}

SimLedger::Fate SimLedger::draw(std::string& reason) {
  Faults& world = stage_.faults;
  for (const Fault fault : {Fault::ledger_busy, Fault::ledger_io_error, Fault::ledger_full}) {
    if (world.strikes(fault)) {
      reason = to_string(fault);
      return Fate::refused;
    }
  }
  if (world.strikes(Fault::ledger_unknown)) {
    return Fate::unknown;
  }
  return world.strikes(Fault::crash_in_commit) ? Fate::crash : Fate::written;
}

ports::CommitResult SimLedger::write(const ports::Commit& commit) {
  ports::CommitResult result = stage_.truth.shared_store()->commit(commit);
  if (std::holds_alternative<ports::Committed>(result)) {
    stage_.took(commit);
  }
  stage_.trace("ledger", result.index(), stage_.truth.sequence(), commit.entries.size(), commit.deliveries.size(),
               commit.delivery_updates.size(), commit.answers.size());
  return result;
}

Span SimLedger::draw_delay() {
  if (!stage_.faults.strikes(Fault::ledger_slow)) {
    return Span(0);
  }
  return stage_.faults.random(Fault::ledger_slow).between(Span(20), std::chrono::seconds(20));
}

boost::asio::awaitable<void> SimLedger::wait_in_turn() {
  const ports::Clock::Steady now = stage_.clock.steady_now();
  const Span delay = draw_delay();
  const ports::Clock::Steady at =
      last_ < now ? now + delay : std::max(now + delay, last_ + std::chrono::nanoseconds(1));
  last_ = at;
  if (at > now) {
    co_await stage_.clock.sleep_until(at);
  }
}

boost::asio::awaitable<ports::Read<std::vector<core::Delivery>>> SimLedger::claim(core::ChannelKind channel,
                                                                                  core::Instant now,
                                                                                  core::Instant lease_until,
                                                                                  std::size_t limit) {
  co_await wait_in_turn();
  ports::Read<std::vector<core::Delivery>> claimed;
  if (!stage_.faults.strikes(Fault::ledger_unread)) {
    claimed = stage_.truth.shared_store()->claim(channel, now, lease_until, limit);
    if (stage_.disk) {
      const auto as_well = stage_.disk->claim(channel, now, lease_until, limit);
      if (!as_well || !same_rows(*claimed, *as_well)) {
        stage_.jury.violated("1_durable", "SQLite gives other rows to be sent than the store in memory");
      }
    }
  }
  co_await boost::asio::post(boost::asio::use_awaitable);
  co_return claimed;
}

boost::asio::awaitable<ports::CommitResult> SimLedger::commit(ports::Commit commit) {
  co_await wait_in_turn();
  ports::CommitResult result = decide(commit);
  co_await boost::asio::post(boost::asio::use_awaitable);
  if (std::holds_alternative<ports::Committed>(result)) {
    stage_.jury.tell(&Checker::told_committed, commit);
  }
  co_return result;
}

/// What becomes of it, and what the daemon is told.
ports::CommitResult SimLedger::decide(const ports::Commit& commit) {
  std::string reason;
  const Fate fate = draw(reason);
  if (stage_.disk) {
    return decide_on_disk(commit, fate, reason);
  }
  if (fate == Fate::refused) {
    return ports::NotCommitted{std::move(reason)};
  }
  if (fate == Fate::written) {
    return write(commit);
  }
  const bool lost = stage_.faults.random(Fault::ledger_unknown).chance(0.5);
  if (!lost) {
    write(commit);
  }
  if (fate == Fate::crash) {
    stage_.trace("crash in commit", lost);
    loop_.crash();
  }
  return ports::UnknownCommit{"power"};
}

/// The same, where there is a disk whose word counts. The store in memory takes what the disk has taken.
ports::CommitResult SimLedger::decide_on_disk(const ports::Commit& commit, Fate fate, const std::string& reason) {
  Disk& disk = *stage_.disk;
  if (fate == Fate::crash) {
    // Rows without an entry leave no line by which one could tell; for them the power goes before.
    const bool written = !commit.entries.empty() && commit.answers.empty() && !conflicts(commit) &&
                         disk.commit_in_power_cut(commit);
    stage_.trace("power cut in commit", written);
    if (written) {
      write(commit);
    }
    loop_.crash();
    return ports::UnknownCommit{"power"};
  }
  Disk::Fault fault = Disk::Fault::none;
  if (fate == Fate::refused && reason == to_string(Fault::ledger_full)) {
    fault = Disk::Fault::full;
  } else if (fate == Fate::refused) {
    return ports::NotCommitted{reason};
  } else if (fate == Fate::unknown) {
    fault = Disk::Fault::flush_fails;
  }
  ports::CommitResult told = disk.commit(commit, fault);
  if (std::holds_alternative<ports::Committed>(told) || std::holds_alternative<ports::Conflict>(told)) {
    const ports::CommitResult expected = write(commit);
    if (expected.index() != told.index()) {
      stage_.jury.violated("1_durable", "SQLite decides otherwise than the store in memory");
    }
  }
  return told;
}

/// Whether nothing will be written and nothing flushed.
bool SimLedger::conflicts(const ports::Commit& commit) const {
  ledger::MemoryStore copy = *stage_.truth.shared_store();
  return !std::holds_alternative<ports::Committed>(copy.commit(commit));
}

}  // namespace tuanyuan::simulation
