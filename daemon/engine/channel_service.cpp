#include "engine/channel_service.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "core/authority.hpp"
#include "engine/idempotency.hpp"

namespace tuanyuan::engine {
namespace {

/// Whoever has got another bot since, or none, has nothing to put right.
bool is_in_use(const World& world, const Gateway::Refused& refused) {
  const std::optional<core::Ordinal> ordinal = world.directory.find(refused.whose.value);
  if (!ordinal) {
    return false;
  }
  std::vector<core::Way> ways = world.endpoints.further(*ordinal, [](core::ChannelKind) { return false; });
  ways.push_back(world.endpoints.usual(*ordinal));
  return std::any_of(ways.begin(), ways.end(), [&refused](core::Way each) {
    const bool is_any = refused.way.endpoint == 0 && each.channel == refused.way.channel;
    return is_any || each == refused.way;
  });
}

/// Where people have to put something right: at the gateway, or at the bots of these.
std::string refusal_of_us(const World& world, const Gateway& frame) {
  std::set<std::string> whose;
  for (const auto& [lane, refused] : frame.refused()) {
    if (lane.empty()) {
      return ": refuses our credentials";
    }
    if (is_in_use(world, refused)) {
      whose.insert(refused.whose.value);
    }
  }
  std::string names;
  std::size_t named = 0;
  for (auto each = whose.begin(); each != whose.end() && named < refused_named_max; ++each, ++named) {
    names += (names.empty() ? "" : ", ") + *each;
  }
  if (whose.size() > named) {
    names += " and " + std::to_string(whose.size() - named) + " more";
  }
  return names.empty() ? names : ": refuses our credentials at " + names;
}

}  // namespace

ChannelService::ChannelService(World& world, Retirements& retirements)
    : world_(world), retirements_(retirements), lane_queue_(world) {
  world_.flow = [this](core::ChannelKind channel) {
    const Line* line = find(channel);
    return line == nullptr ? std::nullopt : std::optional(flow_of(*line));
  };
  world_.queue = [this](core::ChannelKind channel) { return queue_of(channel); };
  world_.state_of = [this](const core::Endpoint& endpoint) { return state_of(endpoint); };
}

const ChannelService::Line* ChannelService::find(core::ChannelKind channel) const {
  const auto found =
      std::find_if(lines_.begin(), lines_.end(), [channel](const Line& line) { return line.kind() == channel; });
  return found == lines_.end() ? nullptr : &*found;
}

const ChannelService::Line* ChannelService::find(const std::string& channel) const {
  const std::optional<core::ChannelKind> kind = core::parse_channel(channel);
  return kind ? find(*kind) : nullptr;
}

core::Instant ChannelService::steady_now() const {
  return core::Instant(
      std::chrono::duration_cast<core::Duration>(world_.tools.clock.steady_now().time_since_epoch()));
}

core::Instant ChannelService::on_the_wall(core::Instant steady) const {
  return world_.tools.clock.wall_now() + (steady - steady_now());
}

core::ChannelFlow ChannelService::flow_of(const Line& line) const {
  core::ChannelFlow flow;
  flow.open = line.sender->is_up() && !line.sender->is_paused();
  flow.at_once = line.sender->in_flight_max();
  flow.each = line.sender->meter().each();
  if (line.frame != nullptr) {
    flow.each = line.frame->meter().each();
    flow.quota = line.frame->limits().rate;
    const Gateway::Trouble trouble = line.frame->trouble();
    flow.has_lanes = line.frame->has_lanes();
    flow.some_held = trouble.lanes != 0 && !trouble.all_held_until;
    if (trouble.all_held_until) {
      flow.not_before = on_the_wall(*trouble.all_held_until);
    }
  }
  return flow;
}

boost::asio::awaitable<std::optional<std::vector<QueuedRow>>> ChannelService::queue_of(core::ChannelKind channel) {
  const Line* line = find(channel);
  if (line == nullptr || line->frame == nullptr) {
    co_return std::optional<std::vector<QueuedRow>>();
  }
  LaneQueue::Lanes lanes;
  const Gateway* frame = line->frame;
  lanes.of = [frame](const core::Endpoint& endpoint) { return frame->lane_of(endpoint); };
  lanes.flow = [this, frame](const std::string& lane) {
    core::LaneFlow flow = frame->flow_of(lane);
    flow.free_from = on_the_wall(flow.free_from);
    return flow;
  };
  auto reading = lane_queue_.rows(channel, flow_of(*line), std::move(lanes));
  co_return co_await std::move(reading);
}

core::EndpointState ChannelService::state_of(const core::Endpoint& endpoint) const {
  const Line* line = find(endpoint.channel);
  if (line == nullptr) {
    return core::EndpointState::off;
  }
  if (line->sender->is_paused()) {
    return core::EndpointState::paused;
  }
  if (!line->sender->is_up()) {
    return core::EndpointState::down;
  }
  const bool is_held = line->frame != nullptr && line->frame->is_held(endpoint);
  return is_held ? core::EndpointState::held : core::EndpointState::up;
}

std::string ChannelService::wrong() const {
  std::string text;
  const auto add = [&text](std::string_view what, core::ChannelKind channel) {
    text += (text.empty() ? "" : "; ") + std::string(core::to_string(channel)) + std::string(what);
  };
  for (const Line& line : lines_) {
    if (line.sender->is_paused()) {
      add(": paused", line.kind());
    }
    const std::string refusal = line.frame == nullptr ? std::string() : refusal_of_us(world_, *line.frame);
    if (!refusal.empty()) {
      add(refusal, line.kind());
    }
    if (retirements_.doubtful(line.kind())) {
      add(": calls most addresses dead", line.kind());
    }
  }
  return text;
}

boost::asio::awaitable<void> ChannelService::refresh_gauges() {
  for (std::size_t index = 0; index < lines_.size(); ++index) {
    const Line line = lines_[index];
    const core::ChannelKind channel = line.kind();
    const std::string_view name = core::to_string(channel);
    ports::Metrics& metrics = world_.tools.metrics;
    metrics.set("tuanyuan_channel_paused", {{"channel", name}}, line.sender->is_paused() ? 1 : 0);
    metrics.set("tuanyuan_endpoints_retired", {{"channel", name}},
                world_.endpoints.retired(channel, world_.directory.live()));
    if (line.frame != nullptr) {
      const Gateway::Trouble trouble = line.frame->trouble();
      metrics.set("tuanyuan_gateway_breakers_open", {{"channel", name}}, trouble.open);
      metrics.set("tuanyuan_gateway_receivers_held", {{"channel", name}}, trouble.lanes - trouble.open);
    }
    const auto backlog = co_await world_.tools.ledger.backlog(channel);
    if (!backlog) {
      continue;
    }
    const core::Instant now = world_.tools.clock.wall_now();
    const std::chrono::duration<double> age = now - backlog->oldest;
    metrics.set("tuanyuan_outbox_oldest_seconds", {{"channel", name}},
                backlog->rows == 0 ? 0.0 : std::max(age.count(), 0.0));
    const core::ChannelFlow flow = flow_of(line);
    std::optional<core::Instant> sent_by = core::sent_by(flow, backlog->rows, now);
    if (sent_by && flow.has_lanes && backlog->rows != 0) {
      auto reading = queue_of(channel);
      const auto rows = co_await std::move(reading);
      for (const QueuedRow& row : rows.value_or(std::vector<QueuedRow>())) {
        sent_by = std::max(*sent_by, row.sent_by);
      }
    }
    const std::chrono::duration<double> ahead = sent_by.value_or(now) - now;
    const double shut = std::numeric_limits<double>::infinity();
    metrics.set("tuanyuan_broadcast_forecast_seconds", {{"channel", name}},
                backlog->rows == 0 ? 0.0 : (sent_by ? ahead.count() : shut));
  }
}

ChannelService::Answer<ports::ChannelView> ChannelService::view(Line line) const {
  ports::ChannelView view;
  view.channel = line.kind();
  const auto backlog = co_await world_.tools.ledger.backlog(view.channel);
  if (!backlog) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  view.waiting = backlog->rows;
  if (backlog->rows != 0) {
    view.oldest_age = std::max(world_.tools.clock.wall_now() - backlog->oldest, core::Duration(0));
  }
  view.up = line.sender->is_up();
  if (const ports::ChannelPause* paused = world_.pauses.of(view.channel)) {
    view.paused = *paused;
  }
  view.in_flight = static_cast<std::uint32_t>(line.sender->in_flight());
  view.in_flight_max = static_cast<std::uint32_t>(line.sender->in_flight_max());
  view.sends_per_second = line.sender->meter().per_second(steady_now());
  view.retired = world_.endpoints.retired(view.channel, world_.directory.live());
  view.doubtful = retirements_.doubtful(view.channel);
  if (line.frame != nullptr) {
    view.sends_per_second = line.frame->meter().per_second(steady_now());
    view.quota = line.frame->limits().rate;
    view.lane_quota = line.frame->limits().lane_rate;
    const Gateway::Trouble trouble = line.frame->trouble();
    view.lanes_open = trouble.lanes;
    if (trouble.next_try) {
      view.next_try = on_the_wall(*trouble.next_try);
    }
  }
  co_return std::move(view);
}

ChannelService::Answer<std::vector<ports::ChannelView>> ChannelService::channels(core::Caller caller) {
  static_cast<void>(caller);
  std::vector<ports::ChannelView> views;
  for (std::size_t index = 0; index < lines_.size(); ++index) {
    core::Result<ports::ChannelView> one = co_await view(lines_[index]);
    if (!one) {
      co_return one.error();
    }
    views.push_back(std::move(*one));
  }
  co_return std::move(views);
}

/// By the count of decisions before it, so that two at once exclude each other.
ChannelService::Answer<ports::ChannelView> ChannelService::decide(core::Caller caller, Line line,
                                                                  core::EntryBody body, ports::Idempotency once) {
  core::Result<std::optional<ports::IdempotencyRecord>> repeated = co_await earlier(world_, once);
  if (!repeated) {
    co_return repeated.error();
  }
  if (*repeated) {
    co_return co_await view(line);
  }
  const bool pauses = std::holds_alternative<core::ChannelPaused>(body);
  if (pauses == line.sender->is_paused()) {
    co_return core::Refusal(core::Errc::conflict);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  ports::Commit commit;
  commit.expected.push_back({Pauses::subject, world_.pauses.entries()});
  commit.entries.push_back({now, caller.actor(), Pauses::subject, std::move(body)});
  remember(commit, once, Pauses::subject, world_.pauses.entries() + 1, now);
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  const auto* conflict = std::get_if<ports::Conflict>(&result);
  const bool by_the_same = conflict != nullptr && conflict->idempotency;
  if (!std::holds_alternative<ports::Committed>(result) && !by_the_same) {
    co_return refusal_of(result);
  }
  world_.tools.log.warning(
      pauses ? "channel.paused" : "channel.resumed",
      {{"channel", std::string(core::to_string(line.kind()))}, {"by", core::to_string(caller.actor())}});
  world_.outbox_grew.notify();
  co_return co_await view(line);
}

ChannelService::Answer<ports::ChannelView> ChannelService::pause(core::Caller caller, std::string channel,
                                                                 std::string reason, ports::Idempotency once) {
  const Line* line = find(channel);
  if (line == nullptr) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const Line paused = *line;
  core::EntryBody body = core::ChannelPaused{paused.kind(), std::move(reason)};
  co_return co_await decide(std::move(caller), paused, std::move(body), std::move(once));
}

ChannelService::Answer<ports::ChannelView> ChannelService::resume(core::Caller caller, std::string channel,
                                                                  ports::Idempotency once) {
  const Line* line = find(channel);
  if (line == nullptr) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const Line resumed = *line;
  core::EntryBody body = core::ChannelResumed{resumed.kind()};
  co_return co_await decide(std::move(caller), resumed, std::move(body), std::move(once));
}

bool ChannelService::sees(const core::Caller& caller, const core::AlertId& alert) const {
  const CaseFile* file = std::as_const(world_.cases).find(alert);
  return file != nullptr && core::sees(caller, file->state);
}

}  // namespace tuanyuan::engine
