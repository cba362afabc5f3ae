#include "engine/presence_keeper.hpp"

#include <algorithm>
#include <optional>

namespace tuanyuan::engine {

boost::asio::awaitable<bool> PresenceKeeper::read() {
  const auto presence = co_await world_.tools.ledger.presence();
  if (!presence) {
    co_return false;
  }
  noted_at_ = presence->noted_at;
  for (const ports::PresenceRow& row : presence->rows) {
    if (!world_.directory.live().contains(row.ordinal)) {
      continue;
    }
    world_.offline_since[row.ordinal] = row.away_since.value_or(presence->noted_at);
    if (!row.away_since) {
      online_.add(row.ordinal);
      world_.presence_changed.add(row.ordinal);  // unless it is heard of, it left when we did
    }
  }
  co_return true;
}

boost::asio::awaitable<void> PresenceKeeper::run() {
  ports::Clock& clock = world_.tools.clock;
  for (;;) {
    co_await clock.sleep_until(clock.steady_now() + presence_written_every);
    co_await write();
  }
}

bool PresenceKeeper::is_known(core::Instant now, const core::RecipientSet& changed) const {
  const bool is_fresh = now >= noted_at_ && now - noted_at_ < presence_noted_every;
  return changed.isEmpty() && (is_fresh || (online_.isEmpty() && world_.online.isEmpty()));
}

/// The next so many of them, which are taken from the list.
ports::Commit PresenceKeeper::batch(std::vector<core::Ordinal>& changed) const {
  ports::Commit commit;
  const std::size_t rest = changed.size() - std::min(changed.size(), presence_rows_max);
  for (std::size_t index = rest; index < changed.size(); ++index) {
    const core::Ordinal ordinal = changed[index];
    ports::PresenceRow row{ordinal, std::nullopt};
    if (!world_.online.contains(ordinal)) {
      const auto since = world_.offline_since.find(ordinal);
      if (since == world_.offline_since.end()) {
        continue;  // it has left the directory
      }
      row.away_since = since->second;
    }
    commit.presence.push_back(row);
  }
  changed.resize(rest);
  return commit;
}

void PresenceKeeper::take_in(const std::vector<ports::PresenceRow>& written) {
  for (const ports::PresenceRow& row : written) {
    if (row.away_since) {
      online_.remove(row.ordinal);
    } else {
      online_.add(row.ordinal);
    }
  }
}

/// The ledger may have them either way: who is back by the next time is not as the ledger has it.
void PresenceKeeper::doubt(const std::vector<ports::PresenceRow>& written) {
  for (const ports::PresenceRow& row : written) {
    online_.remove(row.ordinal);
  }
}

boost::asio::awaitable<bool> PresenceKeeper::write(When when) {
  const core::Instant now = world_.tools.clock.wall_now();
  pending_ |= std::exchange(world_.presence_changed, {});
  pending_ -= world_.online & online_;
  const bool to_note = when == When::at_the_end && !world_.online.isEmpty();
  if (!to_note && is_known(now, pending_)) {
    co_return true;
  }
  std::vector<core::Ordinal> rest;
  rest.reserve(pending_.cardinality());
  for (const core::Ordinal ordinal : pending_) {
    rest.push_back(ordinal);
  }
  do {
    ports::Commit commit = batch(rest);
    if (rest.empty()) {
      commit.presence_noted_at = now;  // with the last: whoever is not named is as it was
    }
    const std::vector<ports::PresenceRow> written = commit.presence;
    const ports::CommitResult result = co_await world_.commit(std::move(commit));
    if (std::holds_alternative<ports::UnknownCommit>(result)) {
      doubt(written);
    }
    if (!std::holds_alternative<ports::Committed>(result)) {
      co_return false;
    }
    take_in(written);
  } while (!rest.empty());
  pending_ = core::RecipientSet();
  noted_at_ = now;
  co_return true;
}

}  // namespace tuanyuan::engine
