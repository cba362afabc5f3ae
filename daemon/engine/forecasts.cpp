#include "engine/forecasts.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::engine {

core::RecipientsByWay ways_of(const World& world, const core::RecipientSet& recipients) {
  const core::RecipientSet& by_gateway = world.endpoints.usual_by_gateway();
  core::RecipientsByWay ways;
  for (const core::Ordinal ordinal : recipients&(by_gateway | world.directory.behind(by_gateway))) {
    const core::ChannelKind way = world.endpoints.usual(world.directory.at(ordinal).via.value_or(ordinal)).channel;
    if (way != core::ChannelKind::mqtt) {
      ways[way].add(ordinal);
    }
  }
  return ways;
}

namespace {

/// Of a channel whose receivers go each in its own way, when the last of this alert's rows will have been sent.
boost::asio::awaitable<core::Instant> last_by_lane(World& world, core::ChannelKind channel, core::AlertId alert) {
  auto reading = world.queue(channel);
  const auto rows = co_await std::move(reading);
  core::Instant last{};
  if (rows) {
    for (const QueuedRow& row : *rows) {
      last = row.alert == alert ? std::max(last, row.sent_by) : last;
    }
  }
  co_return last;
}

}  // namespace

boost::asio::awaitable<core::Result<core::Forecast>> forecast_for(World& world, core::AlertId alert) {
  core::AlertId asked = alert;
  const auto waiting = co_await world.tools.ledger.waiting(std::move(asked));
  if (!waiting) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  const core::Instant now = world.tools.clock.wall_now();
  std::vector<core::Forecast::Line> lines;
  for (const ports::Ledger::Waiting& each : *waiting) {
    core::Forecast::Line line;
    line.channel = each.channel;
    line.waiting = each.rows;
    line.ahead = each.last_place - each.rows;
    if (const std::optional<core::ChannelFlow> flow = world.flow(each.channel)) {
      line.sent_by = core::sent_by(*flow, each.last_place, now);
      if (line.sent_by && flow->has_lanes) {
        core::AlertId counted = alert;
        auto looking = last_by_lane(world, each.channel, std::move(counted));
        const core::Instant last = co_await std::move(looking);
        line.sent_by = std::max(*line.sent_by, last);
      }
    }
    lines.push_back(line);
  }
  co_return core::forecast_of(std::move(lines));
}

boost::asio::awaitable<core::Result<core::Forecast>> forecast_of(World& world,
                                                                 std::map<core::ChannelKind, std::uint64_t> rows) {
  const core::Instant now = world.tools.clock.wall_now();
  std::vector<core::Forecast::Line> lines;
  for (const auto& [channel, count] : rows) {
    const auto before = co_await world.tools.ledger.backlog(channel);
    if (!before) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    core::Forecast::Line line;
    line.channel = channel;
    line.waiting = count;
    line.ahead = before->rows;
    if (const std::optional<core::ChannelFlow> flow = world.flow(channel)) {
      line.sent_by = core::sent_by(*flow, line.ahead + line.waiting, now);
    }
    lines.push_back(line);
  }
  co_return core::forecast_of(std::move(lines));
}

}  // namespace tuanyuan::engine
