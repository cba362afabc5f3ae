#include "engine/chaser.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/bytes.hpp"
#include "engine/ordinals.hpp"
#include "engine/outbox.hpp"
#include "engine/tallies.hpp"
#include "engine/walk.hpp"

namespace tuanyuan::engine {
namespace {

/// Whether the listener has the alert itself, or for somebody it answers for: then nothing empties its topic, only
/// because another one has to take it down.
bool shows(const CaseFile& file, core::Ordinal listener) {
  const bool expected = file.tally.expected().contains(listener) && !file.tally.outside().contains(listener);
  const bool told = file.addressed.contains(listener) || file.told_by.contains(listener);
  return expected || (told && !file.withdrawn.contains(listener));
}

/// What stands on a hub's topic is for its members, and for itself only where it is for none of them.
bool speaks_for_members(const World& world, const core::RecipientSet& inside, core::Ordinal hub) {
  return world.directory.behind(core::RecipientSet(1, &hub)).intersect(inside);
}

/// Who is told: itself, or its hub, or its unit, of whichever audience; none where there is nobody.
std::optional<core::Ordinal> listener_of(const World& world, const core::Chase::Order& order,
                                         core::Ordinal silent) {
  const core::Directory::Entry recipient = world.directory.at(silent);
  if (order.step == core::ChaseStep::late) {
    return std::nullopt;
  }
  if (order.step == core::ChaseStep::unit) {
    return recipient.unit.empty() ? std::nullopt : world.directory.find(recipient.unit);
  }
  return recipient.via ? recipient.via : std::optional(silent);
}

using Failures = std::vector<std::pair<core::Ordinal, core::Way>>;

/// By which way each of these was failed.
Failures failures_of(const CaseFile& file, const core::RecipientSet& recipients) {
  Failures failures;
  if (file.hurried.empty()) {
    return failures;
  }
  for (const core::Ordinal recipient : recipients) {
    if (const std::optional<core::Way> failed = file.hurried.of(recipient)) {
      failures.emplace_back(recipient, *failed);
    }
  }
  return failures;
}

/// They have another way now, which may fail them too, and may have done so already while the step was written.
void forget_failures(CaseFile& file, const Failures& failures) {
  for (const auto& [recipient, way] : failures) {
    if (file.hurried.of(recipient) == way) {
      file.hurried.remove(recipient);
    }
  }
}

/// In the journal's chain, so that nobody has to believe a bitmap beside it.
std::vector<std::string> ids_of(const World& world, const core::RecipientSet& recipients) {
  std::vector<std::string> ids;
  ids.reserve(recipients.cardinality());
  for (const core::Ordinal ordinal : recipients) {
    ids.emplace_back(world.directory.at(ordinal).id);
  }
  return ids;
}

/// Nothing is sent there until somebody resumes it.
bool is_paused(const World& world, core::ChannelKind way) {
  return world.pauses.of(way) != nullptr;
}

/// Whether a listener's own copy, and it never gets another, tells it what is asked of the silent one: that there
/// is the alert, or that it was taken down. The police keep theirs while it is suspended for partners.
bool says_the_same(const core::CaseState& state, core::Audience silent, core::Audience listener) {
  const bool silent_had_it_taken = state.copy(silent).recall_revision != 0;
  const bool listener_had_it_taken = state.copy(listener).recall_revision != 0;
  return state.copy(listener).issued && silent_had_it_taken == listener_had_it_taken;
}

/// From the late list each by one of its endpoints in turn, round and round.
core::Way way_again(const World& world, core::Ordinal told, std::uint32_t taken) {
  std::vector<core::Way> all =
      world.endpoints.further(told, [&world](core::ChannelKind way) { return is_paused(world, way); });
  all.insert(all.begin(), world.endpoints.usual(told));
  return all[taken % all.size()];
}

/// By which ways: a unit by its usual one, or the next while that is paused; a silent one at first by its own
/// topic, where it has equipment, for what it shows is taken down by the equipment alone, and each time by one of
/// its further endpoints.
std::vector<core::Way> ways_to(const World& world, const CaseFile& file, const core::Chase::Order& order,
                               core::Ordinal silent, core::Ordinal told) {
  if (order.step == core::ChaseStep::unit) {
    return {world.endpoints.open(told, [&world](core::ChannelKind way) { return is_paused(world, way); })};
  }
  const core::Way usual = world.endpoints.usual(told);
  const std::uint32_t taken = file.chase.direct_steps(order.revision, order.awaited, silent);
  const bool is_again = order.step == core::ChaseStep::again;
  const std::optional<core::Way> further =
      is_again ? std::optional(way_again(world, told, taken)) : further_way(world, file, told, taken);
  if (!further || *further == usual) {
    return {usual};
  }
  const bool has_equipment = usual.channel == core::ChannelKind::mqtt && (taken == 0 || is_again);
  return has_equipment ? std::vector{usual, *further} : std::vector{*further};
}

}  // namespace

/// The row that takes the step for one recipient, by whichever way: to itself, or its hub, or its unit; none where
/// there is nobody to be told.
std::optional<core::Delivery> Chaser::row(const CaseFile& file, core::Audience audience,
                                          const core::Chase::Order& order, core::Ordinal silent) const {
  const std::optional<core::Ordinal> told = listener_of(world_, order, silent);
  if (!told) {
    return std::nullopt;
  }
  const core::Audience listener = world_.directory.at(*told).audience;
  const bool is_unit = order.step == core::ChaseStep::unit;
  if (is_unit ? !says_the_same(file.state, audience, listener) : listener != audience) {
    return std::nullopt;  // never more than it may see; a hub hears for members of its own audience
  }
  core::Delivery delivery = row_for(world_, file, *told, world_.paced.now());
  const bool takes_down =
      order.awaited == core::AnswerKind::removed && file.state.copy(audience).recall_revision == 0;
  delivery.parcel = takes_down && !shows(file, *told) ? core::Parcel::notice_clear : core::Parcel::notice;
  delivery.concerns = core::RecipientId(std::string(world_.directory.at(silent).id));
  delivery.awaits = order.awaited;
  return delivery;
}

/// The rows of a step, and whom they tell.
Telling Chaser::add_rows(const CaseFile& file, core::Audience audience, const core::Chase::Order& order,
                         ports::Commit& commit) const {
  Telling telling(file);
  const core::RecipientSet inside = file.tally.expected() - file.tally.outside();
  for (core::Ordinal silent : order.recipients) {
    std::optional<core::Delivery> delivery = row(file, audience, order, silent);
    if (!delivery) {
      continue;
    }
    ++telling.concerned;
    const core::Ordinal told = *listener_of(world_, order, silent);
    for (const core::Way way : ways_to(world_, file, order, silent, told)) {
      telling.add(told, way);
      delivery->channel = way.channel;
      delivery->endpoint = way.endpoint;
      commit.deliveries.push_back(*delivery);
    }
    if (delivery->parcel == core::Parcel::notice_clear) {
      telling.withdrawn.add(told);
    } else if (order.step == core::ChaseStep::unit && !speaks_for_members(world_, inside, told)) {
      telling.shown.add(told);
    }
  }
  return telling;
}

boost::asio::awaitable<bool> Chaser::take(CaseFile& file, ports::DataKey key, core::Audience audience,
                                          core::Chase::Order order) {
  const core::Instant now = world_.tools.clock.wall_now();
  // What is done before its time brings what follows it no nearer.
  const core::Instant counts_from = std::max(order.since, now);
  const core::AlertId alert = file.state.alert_id;
  ports::Commit commit;
  Telling telling = add_rows(file, audience, order, commit);
  core::SilentChased chased;
  chased.alert_id = alert;
  chased.revision = order.revision;
  chased.awaited = std::string(core::to_string(order.awaited));
  chased.step = std::string(core::to_string(order.step));
  chased.count = static_cast<std::uint32_t>(order.recipients.cardinality());
  chased.told = telling.concerned;
  if (order.step == core::ChaseStep::late) {
    chased.recipients = ids_of(world_, order.recipients);
  }
  commit.entries.push_back({now, core::system_actor(), alert.value + "/chase", std::move(chased)});
  commit.chased.push_back({alert, order.revision, order.awaited, order.step, now, counts_from, order.recipients});
  const Failures failed = failures_of(file, order.recipients);
  const bool told =
      co_await commit_telling(world_, documents_, file, std::move(key), std::move(commit), std::move(telling));
  if (!told) {
    co_return false;
  }
  file.chase.took({order.revision, order.awaited, order.step, now, counts_from, order.recipients});
  forget_failures(file, failed);
  world_.tools.metrics.add("tuanyuan_chased_total", {{"step", core::to_string(order.step)}},
                           static_cast<double>(order.recipients.cardinality()));
  co_return true;
}

/// Until when nobody is chased, on the wall; none: it is time.
std::optional<core::Instant> Chaser::grace() const {
  ports::Clock& clock = world_.tools.clock;
  world_.note_time();
  const ports::Clock::Steady now = clock.steady_now();
  if (now >= world_.grace_over()) {
    return std::nullopt;
  }
  return clock.wall_now() + std::chrono::duration_cast<core::Duration>(world_.grace_over() - now) +
         core::Duration(1);
}

boost::asio::awaitable<std::optional<core::Instant>> Chaser::chase(core::AlertId alert) {
  std::optional<core::Instant> next = grace();
  if (next) {
    co_return next;
  }
  CaseFile& file = *world_.cases.find(alert);
  // A step whose outcome is unknown may have been taken: what is planned without it would be the same again.
  const bool known = co_await is_certain(world_);
  core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  const SentLate late = co_await sent_late(file);
  if (!known || !loaded || !key || !file.tally_loaded || file.deciding != 0) {
    co_return std::optional(world_.tools.clock.wall_now() + reopen_pause);  // nobody is forgotten for it
  }
  next = grace();  // it may have stood still while it waited for the ledger
  if (next) {
    co_return next;
  }
  if (late.waits) {
    next = world_.tools.clock.wall_now() + forecast_look;
  }
  for (core::Audience audience : core::all_audiences) {
    if (!file.state.copy(audience).issued || file.state.cleared) {
      continue;
    }
    for (const bool outside : {false, true}) {
      const core::Chase::Asked asked =
          outside ? asked_of_outside(world_, file, audience) : asked_of(world_, file, audience);
      for (const core::AnswerKind awaited :
           {core::AnswerKind::received, core::AnswerKind::confirmed, core::AnswerKind::removed}) {
        file.chase.settle(asked.revision, awaited, file.tally.settled(asked.revision, awaited));
      }
      if (std::optional<core::Chase::Order> early = hurry(file, asked, late)) {
        co_await take(file, std::move(*key), audience, std::move(*early));
        co_return std::optional(world_.tools.clock.wall_now());
      }
      core::Chase::Plan plan = file.chase.plan(world_.settings.chase, world_.directory, file.tally, asked,
                                               world_.tools.clock.wall_now());
      if (!plan.due.empty()) {
        core::Chase::Order order = std::move(plan.due.front());
        const std::vector<core::Ordinal> first = first_of(order.recipients, chased_recipients_max);
        order.recipients = core::RecipientSet(first.size(), first.data());
        co_await take(file, std::move(*key), audience, std::move(order));
        co_return std::optional(world_.tools.clock.wall_now());  // the rest, from what is so then
      }
      if (plan.next && (!next || *plan.next < *next)) {
        next = plan.next;
      }
    }
  }
  file.hurried.clear();  // whoever is left has no other way, has been told by another since, or has answered
  co_return next;
}

}  // namespace tuanyuan::engine
