#include "engine/readiness.hpp"

#include <charconv>
#include <map>
#include <utility>

namespace tuanyuan::engine {
namespace {

constexpr std::uint32_t divisions_of_a_province = 10'000;

/// A page's token is the ordinal of its last recipient.
core::Ordinal after_of(const ports::Page& page) {
  core::Ordinal after = 0;
  std::from_chars(page.token.data(), page.token.data() + page.token.size(), after);
  return after;
}

}  // namespace

core::RecipientSet reachable(const World& world) {
  const core::RecipientSet heard = world.online | world.endpoints.usual_by_gateway();
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
    const auto since = world.offline_since.find(entry.ordinal);
    row.reason = since == world.offline_since.end() ? "never-seen" : "offline";
    if (since != world.offline_since.end()) {
      row.since = since->second;
    }
    named.push_back(std::move(row));
  }
  co_return std::move(named);
}

core::RecipientSet Readiness::concerned(const ports::ReadinessQuery& query) const {
  core::RecipientSet members = world_.directory.live();
  if (query.circle) {
    members &= world_.directory.inside(*query.circle);
  }
  if (query.division) {
    core::RecipientSet there;
    for (const auto& [division, recipients] : world_.directory.by_division()) {
      if (query.division->contains(division)) {
        there |= recipients;
      }
    }
    members &= there;
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
  const core::RecipientSet unreachable = members - reachable(world_);
  ports::ReadinessView view;
  view.recipients = static_cast<std::uint32_t>(members.cardinality());
  view.reachable = static_cast<std::uint32_t>(members.cardinality() - unreachable.cardinality());
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

void Readiness::refresh_gauges() {
  const core::RecipientSet unreachable = world_.directory.live() - reachable(world_);
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
