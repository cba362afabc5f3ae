#include "engine/forecasts.hpp"

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

boost::asio::awaitable<core::Result<core::Forecast>> forecast_for(World& world, core::AlertId alert) {
  const auto waiting = co_await world.tools.ledger.waiting(std::move(alert));
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
    }
    lines.push_back(line);
  }
  co_return core::forecast_of(std::move(lines));
}

}  // namespace tuanyuan::engine
