#include "engine/readiness.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "core/targeting.hpp"
#include "engine/ordinals.hpp"

namespace tuanyuan::engine {
namespace {

constexpr std::uint32_t divisions_of_a_province = 10'000;
constexpr std::size_t addresses_read_together = 1'000;

/// A page's token is the ordinal of its last recipient.
core::Ordinal after_of(const ports::Page& page) {
  core::Ordinal after = 0;
  std::from_chars(page.token.data(), page.token.data() + page.token.size(), after);
  return after;
}

bool is_paused(const World& world, core::ChannelKind way) {
  return world.pauses.of(way) != nullptr;
}

/// Whether what is handed over now is sent now, as far as the channel as a whole goes.
bool goes(const World& world, core::ChannelKind way) {
  const std::optional<core::ChannelFlow> flow = world.flow ? world.flow(way) : std::nullopt;
  return flow && flow->open && !flow->not_before;
}

using Channels = std::array<bool, core::channel_count>;

/// Those that leave some of their addresses alone.
Channels holding_some(const World& world) {
  Channels holding{};
  for (std::size_t index = 0; index < core::channel_count; ++index) {
    const std::optional<core::ChannelFlow> flow =
        world.flow ? world.flow(static_cast<core::ChannelKind>(index)) : std::nullopt;
    holding[index] = flow && flow->some_held;
  }
  return holding;
}

bool any(const Channels& channels) {
  return std::any_of(channels.begin(), channels.end(), [](bool each) { return each; });
}

/// Whose addresses have to be looked at.
std::vector<core::Ordinal> doubtful(const World& world) {
  const Channels holding = holding_some(world);
  if (!any(holding)) {
    return {};
  }
  core::RecipientSet found;
  for (const core::Ordinal ordinal : world.endpoints.usual_by_gateway() & world.directory.live()) {
    if (holding[static_cast<std::size_t>(world.endpoints.usual(ordinal).channel)]) {
      found.add(ordinal);
    }
  }
  return first_of(found, addresses_looked_at_max);
}

bool is_left_alone(const World& world, const ports::DirectoryEntry& entry) {
  const core::Way usual = world.endpoints.usual(entry.ordinal);
  const auto& endpoints = entry.recipient.endpoints;
  const auto way = std::find_if(endpoints.begin(), endpoints.end(), [usual](const core::Endpoint& endpoint) {
    return core::way_of(endpoint) == usual && endpoint.retired_at == core::Instant{};
  });
  return way != endpoints.end() && world.state_of(*way) == core::EndpointState::held;
}

/// Why it would not hear, in the words of the board's endpoints where it is the channel's fault.
void explain(const World& world, core::Ordinal told, ports::UnreachableRecipient& row) {
  const auto is_shut = [&world](core::ChannelKind each) { return is_paused(world, each); };
  const core::ChannelKind way = world.endpoints.open(told, is_shut).channel;
  if (const ports::ChannelPause* pause = world.pauses.of(way)) {
    row.reason = "paused";
    row.since = pause->since;
  } else if (way == core::ChannelKind::mqtt) {
    const auto since = world.offline_since.find(told);
    row.reason = since == world.offline_since.end() ? "never-seen" : "offline";
    if (since != world.offline_since.end()) {
      row.since = since->second;
    }
  } else {
    const std::optional<core::ChannelFlow> flow = world.flow(way);
    row.reason = flow && flow->open ? "held" : "down";
  }
}

/// As many rows as a division has parts: some forty at the most.
std::vector<ports::DivisionReadiness> by_division(const core::Directory& directory,
                                                  const core::DivisionPrefix& whole,
                                                  const core::RecipientSet& members,
                                                  const core::RecipientSet& unreachable) {
  std::vector<ports::DivisionReadiness> rows;
  for (const auto& [part, concerned] : core::concerned_by_part(directory, whole)) {
    const core::RecipientSet asked = concerned & members;
    if (asked.isEmpty()) {
      continue;
    }
    ports::DivisionReadiness row;
    row.division = part;
    row.recipients = static_cast<std::uint32_t>(asked.cardinality());
    row.reachable = static_cast<std::uint32_t>(asked.cardinality() - asked.and_cardinality(unreachable));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

boost::asio::awaitable<core::RecipientSet> left_alone(World& world) {
  core::RecipientSet found;
  const std::vector<core::Ordinal> all = doubtful(world);
  for (std::size_t from = 0; from < all.size(); from += addresses_read_together) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t count = std::min(addresses_read_together, all.size() - from);
    std::vector<core::Ordinal> some(begin, begin + static_cast<std::ptrdiff_t>(count));
    const auto rows = co_await world.tools.ledger.recipients(std::move(some));
    if (!rows) {
      break;  // nothing is known against the rest
    }
    for (const ports::DirectoryEntry& entry : *rows) {
      if (is_left_alone(world, entry)) {
        found.add(entry.ordinal);
      }
    }
  }
  co_return std::move(found);
}

core::RecipientSet reachable(const World& world, const core::RecipientSet& left_alone) {
  core::RecipientSet heard =
      world.endpoints.told_by_gateway([&world](core::ChannelKind way) { return is_paused(world, way); },
                                      [&world](core::ChannelKind way) { return goes(world, way); }) -
      left_alone;
  // Whoever has a connection is held against no gateway: the topic of its division reaches it too.
  if (!is_paused(world, core::ChannelKind::mqtt)) {
    heard |= world.online;
  }
  return heard | world.directory.behind(heard);
}

boost::asio::awaitable<core::Result<std::vector<ports::UnreachableRecipient>>> name_unreachable(
    World& world, std::vector<core::Ordinal> ordinals) {
  const auto rows = co_await world.tools.ledger.recipients(std::move(ordinals));
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  std::vector<ports::UnreachableRecipient> named;
  for (const ports::DirectoryEntry& entry : *rows) {
    ports::UnreachableRecipient row;
    row.id = entry.recipient.id;
    row.name = entry.recipient.name;
    row.liaison = entry.recipient.liaison;
    explain(world, world.directory.at(entry.ordinal).via.value_or(entry.ordinal), row);
    named.push_back(std::move(row));
  }
  co_return std::move(named);
}

core::RecipientSet Readiness::concerned(const ports::ReadinessQuery& query) const {
  core::RecipientSet members = world_.directory.live();
  if (query.circle) {
    members &= core::concerned(world_.directory, *query.circle);
  }
  if (query.division) {
    members &= core::concerned(world_.directory, *query.division);
  }
  return members;
}

boost::asio::awaitable<core::Result<ports::ReadinessView>> Readiness::readiness(core::Caller caller,
                                                                                ports::ReadinessQuery query,
                                                                                ports::Page page) {
  if (!caller.roles.contains_any({core::Role::operator_, core::Role::supervisor})) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  const core::RecipientSet members = concerned(query);
  const core::RecipientSet alone = co_await left_alone(world_);
  const core::RecipientSet unreachable = members - reachable(world_, alone);
  ports::ReadinessView view;
  view.recipients = static_cast<std::uint32_t>(members.cardinality());
  view.reachable = static_cast<std::uint32_t>(members.cardinality() - unreachable.cardinality());
  if (query.by_division) {
    const core::DivisionPrefix whole = query.division.value_or(core::DivisionPrefix());
    view.divisions = by_division(world_.directory, whole, members, unreachable);
  }
  std::vector<core::Ordinal> rows;
  const core::Ordinal after = after_of(page);
  for (core::Ordinal ordinal : unreachable) {
    if (ordinal <= after) {
      continue;
    }
    if (rows.size() == page.size) {
      view.unreachable.next_token = std::to_string(rows.back());
      break;
    }
    rows.push_back(ordinal);
  }
  core::Result<std::vector<ports::UnreachableRecipient>> named =
      co_await name_unreachable(world_, std::move(rows));
  if (!named) {
    co_return named.error();
  }
  view.unreachable.items = std::move(*named);
  co_return std::move(view);
}

boost::asio::awaitable<void> Readiness::refresh_gauges() {
  const ports::Clock::Steady now = world_.tools.clock.steady_now();
  if (!any(holding_some(world_))) {
    left_alone_ = core::RecipientSet();  // that all go again is known without looking
  } else if (looked_at_ == ports::Clock::Steady{} || now - looked_at_ >= addresses_looked_at_every) {
    left_alone_ = co_await left_alone(world_);
    looked_at_ = now;
  }
  show(world_.directory.live() - reachable(world_, left_alone_));
}

void Readiness::show(const core::RecipientSet& unreachable) const {
  for (std::size_t index = 0; index < core::category_count; ++index) {
    const auto category = static_cast<core::Category>(index);
    const core::RecipientSet& members = world_.directory.of_category(category);
    if (!members.isEmpty()) {  // also when the last of them was deleted: the gauge would stay what it was
      world_.tools.metrics.set("tuanyuan_recipients_unreachable", {{"category", core::to_string(category)}},
                               static_cast<double>(members.and_cardinality(unreachable)));
    }
  }
  std::map<std::uint32_t, std::uint64_t> provinces;
  for (const auto& [division, members] : world_.directory.by_division()) {
    provinces[division.code / divisions_of_a_province] += members.and_cardinality(unreachable);
  }
  for (const auto& [province, count] : provinces) {
    world_.tools.metrics.set("tuanyuan_recipients_unreachable_by_province",
                             {{"province", std::to_string(province)}}, static_cast<double>(count));
  }
}

}  // namespace tuanyuan::engine
