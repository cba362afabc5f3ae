#include "engine/retirements.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tuanyuan::engine {

core::Instant Retirements::now() const {
  return core::Instant(
      std::chrono::duration_cast<core::Duration>(world_.tools.clock.steady_now().time_since_epoch()));
}

void Retirements::sent(core::ChannelKind gateway, bool dead) {
  dead ? runs_[gateway].dead(now()) : runs_[gateway].accepted(now());
}

void Retirements::dead(core::Ordinal recipient, const core::Endpoint& endpoint, core::Instant since) {
  if (!is_weighed(recipient, endpoint) && candidates_.size() < retiring_max) {
    candidates_.push_back({recipient, endpoint.channel, endpoint.address, now(), since});
  }
}

/// A restart forgets it: then the gateway's word counts, as that of gateways which say no time.
void Retirements::put(core::Ordinal recipient, const core::Endpoint& endpoint) {
  auto& [latest, before] = puts_;
  if (latest.size() >= puts_kept_max / 2) {
    before = std::exchange(latest, {});
  }
  latest[{recipient, core::endpoint_key(endpoint)}] = world_.tools.clock.wall_now();
}

/// The device has registered again since, and the gateway answered by what it knew before.
bool Retirements::was_put_since(const Candidate& candidate) const {
  if (candidate.since == core::Instant{}) {
    return false;
  }
  const core::Endpoint endpoint{candidate.gateway, candidate.address, {}, {}};
  const core::Instant at = world_.tools.clock.wall_now();
  return std::any_of(puts_.begin(), puts_.end(), [&](const Puts& puts) {
    const auto found = puts.find({candidate.recipient, core::endpoint_key(endpoint)});
    return found != puts.end() && found->second > candidate.since && at - found->second <= put_stands_for;
  });
}

bool Retirements::is_weighed(core::Ordinal recipient, const core::Endpoint& endpoint) const {
  const auto is_it = [&](const Candidate& each) { return each.is_of(recipient, endpoint); };
  return std::any_of(candidates_.begin(), candidates_.end(), is_it) ||
         std::any_of(retiring_.begin(), retiring_.end(), is_it);
}

/// A gateway that was wrong and was put right takes back what it said. What is being written is revived after
/// that.
void Retirements::alive(core::Ordinal recipient, const core::Endpoint& endpoint) {
  std::erase_if(candidates_, [&](const Candidate& each) { return each.is_of(recipient, endpoint); });
  for (Candidate& each : retiring_) {
    each.is_contradicted = each.is_contradicted || each.is_of(recipient, endpoint);
  }
}

bool Retirements::doubtful(core::ChannelKind gateway) const {
  const auto found = runs_.find(gateway);
  return found != runs_.end() && found->second.doubtful(now());
}

/// Also those that were named before it came to be doubted: they are of the same run.
void Retirements::drop_doubtful() {
  for (const auto& [gateway, run] : runs_) {
    const bool doubted = doubtful(gateway);
    const std::string_view name = core::to_string(gateway);
    world_.tools.metrics.set("tuanyuan_channel_doubtful", {{"channel", name}}, doubted ? 1 : 0);
    if (doubted != std::exchange(doubted_[gateway], doubted)) {
      world_.tools.log.warning(doubted ? "channel.doubted" : "channel.believed_again",
                               {{"channel", std::string(name)}});
    }
  }
  const core::Instant at = now();
  std::erase_if(candidates_, [&](const Candidate& each) {
    const core::Way way = core::way_of(core::Endpoint{each.gateway, each.address, {}, {}});
    return doubted_[each.gateway] || at - each.at > core::dead_run_window || was_put_since(each) ||
           world_.endpoints.is_retired(each.recipient, way);
  });
}

std::vector<Retirements::Candidate> Retirements::due() const {
  std::vector<Candidate> ripe;
  const core::Instant at = now();
  for (const Candidate& each : candidates_) {
    const auto run = runs_.find(each.gateway);
    const bool is_ripe =
        at - each.at >= retire_after && run != runs_.end() && run->second.believed(at, retire_after);
    if (is_ripe && ripe.size() < retired_per_commit_max) {
      ripe.push_back(each);
    }
  }
  return ripe;
}

void Retirements::forget(const std::vector<Candidate>& retired) {
  std::erase_if(candidates_, [&retired](const Candidate& each) {
    return std::any_of(retired.begin(), retired.end(), [&each](const Candidate& done) {
      return done.recipient == each.recipient && done.gateway == each.gateway && done.address == each.address;
    });
  });
}

boost::asio::awaitable<void> Retirements::retire(std::vector<Candidate> candidates) {
  const core::Instant at = world_.tools.clock.wall_now();
  ports::Commit commit;
  std::vector<core::Ordinal> concerned;
  retiring_ = std::move(candidates);
  for (const Candidate& each : retiring_) {
    core::RecipientId id(std::string(world_.directory.at(each.recipient).id));
    commit.entries.push_back({at, core::system_actor(), {}, core::EndpointRetired{std::move(id), each.gateway}});
    commit.retired.push_back({each.recipient, each.gateway, each.address, at});
    concerned.push_back(each.recipient);
  }
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  const std::vector<Candidate> retired = std::exchange(retiring_, {});
  keep_contradicted(retired);
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return;  // at the next look, unless it is learnt that they are retired
  }
  forget(retired);
  for (const Candidate& each : retired) {
    world_.tools.metrics.add("tuanyuan_endpoints_retired_total", {{"channel", core::to_string(each.gateway)}});
  }
  co_await read_again(std::move(concerned));
  co_await revive_contradicted();
}

void Retirements::keep_contradicted(const std::vector<Candidate>& retired) {
  std::copy_if(retired.begin(), retired.end(), std::back_inserter(contradicted_),
               [](const Candidate& each) { return each.is_contradicted; });
}

/// Not while their retirement is in doubt: then it is not known whether there is anything to revive.
boost::asio::awaitable<void> Retirements::revive_contradicted() {
  if (contradicted_.empty() || world_.doubt.any()) {
    co_return;
  }
  const std::vector<Candidate> revived = std::exchange(contradicted_, {});
  for (const Candidate& each : revived) {
    core::Endpoint endpoint{each.gateway, each.address, {}, {}};
    core::Actor by = core::system_actor();
    const core::Way way = core::way_of(endpoint);
    co_await revive(each.recipient, std::move(endpoint), std::move(by));
    if (world_.endpoints.is_retired(each.recipient, way)) {
      contradicted_.push_back(each);  // it could not be written: at the next look
    }
  }
}

boost::asio::awaitable<void> Retirements::revive(core::Ordinal recipient, core::Endpoint endpoint,
                                                 core::Actor by) {
  alive(recipient, endpoint);
  if (!world_.endpoints.is_retired(recipient, core::way_of(endpoint))) {
    co_return;
  }
  core::RecipientId id(std::string(world_.directory.at(recipient).id));
  ports::Commit commit;
  commit.entries.push_back(
      {world_.tools.clock.wall_now(), std::move(by), {}, core::EndpointRevived{std::move(id), endpoint.channel}});
  commit.retired.push_back({recipient, endpoint.channel, endpoint.address, {}});
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (std::holds_alternative<ports::Committed>(result)) {
    std::vector<core::Ordinal> one(1, recipient);
    co_await read_again(std::move(one));
  }
}

boost::asio::awaitable<void> Retirements::read_again(std::vector<core::Ordinal> recipients) {
  for (bool known = false; !known;) {
    const std::uint64_t generation = world_.directory.generation();
    std::vector<core::Ordinal> asked = recipients;
    const auto entries = co_await world_.tools.ledger.recipients(std::move(asked));
    if (!entries) {
      co_return;  // rejected at each send until the next start, which is no worse than before
    }
    known = generation == world_.directory.generation();  // else somebody has put them anew meanwhile
    for (const ports::DirectoryEntry& entry : *entries) {
      if (known) {
        world_.endpoints.put(entry.ordinal, entry.recipient.endpoints, entry.former);
      }
    }
  }
}

boost::asio::awaitable<void> Retirements::run() {
  for (;;) {
    drop_doubtful();
    co_await revive_contradicted();
    std::vector<Candidate> ripe = due();
    // Not behind what is in doubt: in the meantime somebody may put the address again, and be written first.
    if (!ripe.empty() && !world_.doubt.any()) {
      co_await retire(std::move(ripe));
    }
    co_await world_.tools.clock.sleep_until(world_.tools.clock.steady_now() + retire_tick);
  }
}

}  // namespace tuanyuan::engine
