#include "engine/lane_queue.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/world.hpp"

namespace tuanyuan::engine {

namespace {

const std::string* find(const std::map<std::uint64_t, std::string>& lanes, std::uint64_t endpoint) {
  const auto found = lanes.find(endpoint);
  return found == lanes.end() ? nullptr : &found->second;
}

}  // namespace

/// Who has no such address any more is remembered too. `lanes` is the caller's, and stays as long.
boost::asio::awaitable<bool> LaneQueue::learn(core::ChannelKind channel, const Lanes& lanes,
                                              std::vector<core::Ordinal> ordinals) {
  if (generation_ != world_.directory.generation()) {
    known_.clear();
    generation_ = world_.directory.generation();
  }
  const Known& known = known_[channel];
  std::erase_if(ordinals, [&known](core::Ordinal each) { return known.contains(each); });
  if (ordinals.empty()) {
    co_return true;
  }
  const std::uint64_t generation = generation_;
  const auto entries = co_await world_.tools.ledger.recipients(std::move(ordinals));
  if (!entries) {
    co_return false;
  }
  for (const ports::DirectoryEntry& entry : *entries) {
    if (generation != generation_) {
      continue;
    }
    std::map<std::uint64_t, std::string>& of_endpoint = known_[channel][entry.ordinal];
    for (const std::vector<core::Endpoint>* named : {&entry.recipient.endpoints, &entry.former}) {
      for (const core::Endpoint& endpoint : *named) {
        if (endpoint.channel == channel) {
          of_endpoint.emplace(core::endpoint_key(endpoint), lanes.of(endpoint));
          of_endpoint.emplace(0, lanes.of(endpoint));
        }
      }
    }
  }
  co_return true;
}

boost::asio::awaitable<std::optional<std::vector<QueuedRow>>> LaneQueue::rows(core::ChannelKind channel,
                                                                              core::ChannelFlow flow,
                                                                              Lanes lanes) {
  const auto places = co_await world_.tools.ledger.places(core::AlertId(), channel, 0, queued_rows_max);
  std::optional<std::vector<QueuedRow>> rows;
  if (!places) {
    co_return rows;
  }
  std::vector<core::Ordinal> ordinals;
  for (const ports::Ledger::Place& place : *places) {
    if (const auto ordinal = world_.directory.find(place.recipient.value)) {
      ordinals.push_back(*ordinal);
    }
  }
  auto learning = learn(channel, lanes, std::move(ordinals));
  const bool learnt = co_await std::move(learning);
  if (!learnt) {
    co_return rows;
  }
  const Known& known = known_[channel];
  const core::Instant now = world_.tools.clock.wall_now();
  struct Queue {
    core::LaneFlow flow;
    std::uint64_t rows = 0;
  };
  std::unordered_map<std::string, Queue> queues;
  rows.emplace();
  for (const ports::Ledger::Place& place : *places) {
    core::Instant sent = core::sent_by(flow, place.place, now).value_or(core::Instant::max());
    const auto ordinal = world_.directory.find(place.recipient.value);
    const auto lane = ordinal ? known.find(*ordinal) : known.end();
    const std::string* name = lane == known.end() ? nullptr : find(lane->second, place.endpoint);
    if (name != nullptr && !name->empty()) {
      const auto [queue, is_new] = queues.try_emplace(*name);
      if (is_new) {
        queue->second.flow = lanes.flow(*name);
      }
      sent = std::max(sent, core::lane_sent_by(queue->second.flow, ++queue->second.rows, now));
    }
    rows->push_back({place.alert, place.recipient, place.endpoint, sent});
  }
  co_return std::move(rows);
}

}  // namespace tuanyuan::engine
