#include "engine/follower.hpp"

#include <utility>
#include <vector>

#include "engine/ordinals.hpp"
#include "engine/outbox.hpp"
#include "engine/tallies.hpp"
#include "engine/telling.hpp"

namespace tuanyuan::engine {

/// Those whom no topic of this alert reaches, nor a hub or gateway, and who have not taken it down. Its divisions
/// only ever grow, so that a decision leaves nobody behind whom the directory has not moved.
core::RecipientSet Follower::out_of_reach(const CaseFile& file) const {
  core::RecipientSet reached = file.addressed | file.told_by.everybody();
  for (const core::Division division : file.state.divisions) {
    const auto here = world_.directory.by_division().find(division);
    if (here != world_.directory.by_division().end()) {
      reached |= here->second;
    }
  }
  core::RecipientSet listeners;
  for (const core::Audience audience : core::all_audiences) {
    const core::CopyState& copy = file.state.copy(audience);
    if (!copy.issued) {
      continue;
    }
    core::RecipientSet asked = asked_of(world_, file, audience).members;
    asked |= asked_of_outside(world_, file, audience).members;
    if (copy.recall_revision != 0) {
      asked -= file.tally.answered(copy.recall_revision, core::AnswerKind::removed);
    }
    for (const core::Ordinal ordinal : asked - reached) {
      const core::Ordinal listener = world_.directory.at(ordinal).via.value_or(ordinal);
      if (!reached.contains(listener) && world_.directory.at(listener).audience == audience) {
        listeners.add(listener);
      }
    }
  }
  return listeners;
}

boost::asio::awaitable<bool> Follower::tell(CaseFile& file, ports::DataKey key, core::RecipientSet recipients) {
  ports::Commit commit;
  Telling telling(file);
  for (const core::Ordinal ordinal : recipients) {
    core::Delivery row = row_for(world_, file, ordinal, world_.paced.now());
    const bool left_behind = file.tally.outside().contains(ordinal) && !core::is_recall(row.kind);
    row.parcel = left_behind ? core::Parcel::notice_clear : core::Parcel::notice;
    const core::Way way = world_.endpoints.usual(ordinal);
    row.channel = way.channel;
    row.endpoint = way.endpoint;
    telling.add(ordinal, way);
    if (left_behind) {
      telling.withdrawn.add(ordinal);
    }
    commit.deliveries.push_back(std::move(row));
  }
  co_return co_await commit_telling(world_, documents_, file, std::move(key), std::move(commit),
                                    std::move(telling));
}

boost::asio::awaitable<bool> Follower::follow(core::AlertId alert) {
  CaseFile& file = *world_.cases.find(alert);
  if (file.followed == world_.directory.generation()) {
    co_return true;
  }
  const bool certain = co_await is_certain(world_);
  const core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  if (!certain || !loaded || !key || !file.tally_loaded || file.deciding != 0) {
    co_return false;
  }
  const std::uint64_t generation = world_.directory.generation();
  const core::RecipientSet lost = file.state.cleared ? core::RecipientSet() : out_of_reach(file);
  if (lost.isEmpty()) {
    file.followed = generation;
    co_return true;
  }
  const std::vector<core::Ordinal> first = first_of(lost, followed_recipients_max);
  core::RecipientSet some(first.size(), first.data());
  co_await tell(file, std::move(*key), std::move(some));
  co_return false;
}

}  // namespace tuanyuan::engine
