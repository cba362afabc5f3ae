#include "simulation/world/sim_ledger.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tuanyuan::simulation {

void route_to_gateways(ports::Commit& commit) {
  const std::size_t count = commit.deliveries.size();
  for (std::size_t index = 0; index < count; ++index) {
    if (std::holds_alternative<core::RecipientId>(commit.deliveries[index].target)) {
      core::Delivery row = commit.deliveries[index];
      row.channel = core::ChannelKind::webhook;
      commit.deliveries.push_back(std::move(row));
    }
  }
}

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
    stage_.truth.take(commit);
    stage_.jury.tell(&Checker::committed, commit);
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

boost::asio::awaitable<ports::CommitResult> SimLedger::commit(ports::Commit commit) {
  if (stage_.scenario.has_gateway) {
    route_to_gateways(commit);
  }
  std::string reason;
  const Fate fate = draw(reason);
  const bool lost =
      fate == Fate::refused || (fate != Fate::written && stage_.faults.random(Fault::ledger_unknown).chance(0.5));
  ports::CommitResult result = ports::UnknownCommit{"power"};
  if (!lost) {
    ports::CommitResult written = write(commit);
    if (fate == Fate::written) {
      result = std::move(written);
    }
  } else if (fate == Fate::refused) {
    result = ports::NotCommitted{std::move(reason)};
  }
  if (fate == Fate::crash) {
    stage_.trace("crash in commit", lost);
    loop_.crash();
  }
  // Answers come in the order of the commits, however slow the disk is.
  const ports::Clock::Steady at = std::max(last_answer_, stage_.clock.steady_now() + draw_delay());
  last_answer_ = at;
  co_await boost::asio::post(boost::asio::use_awaitable);
  if (at > stage_.clock.steady_now()) {
    co_await stage_.clock.sleep_until(at);
  }
  if (std::holds_alternative<ports::Committed>(result)) {
    stage_.jury.tell(&Checker::told_committed, commit);
  }
  co_return result;
}

}  // namespace tuanyuan::simulation
