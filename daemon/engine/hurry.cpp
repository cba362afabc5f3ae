#include <algorithm>
#include <utility>

#include "engine/chaser.hpp"
#include "engine/walk.hpp"

// Whom a way fails: their next one is tried before they are due.
namespace tuanyuan::engine {
namespace {

/// The shortest time that anybody has for RECEIVED.
core::Duration shortest(const core::ChasePolicy& policy) {
  core::Duration least = core::Duration::max();
  for (const auto& audience : policy.times) {
    for (const core::AnswerTimes& times : audience) {
      least = std::min(least, times.received);
    }
  }
  return least;
}

core::Instant first_deadline(const World& world, const CaseFile& file) {
  core::Instant begun = core::Instant::max();
  for (const core::Audience audience : core::all_audiences) {
    if (const core::CopyState& copy = file.state.copy(audience); copy.issued) {
      begun = std::min(begun, copy.content_at);
    }
  }
  return begun == core::Instant::max() ? begun : begun + shortest(world.settings.chase);
}

/// Nobody is followed up outside its hours, early or late.
bool is_there(const World& world, const core::Chase::Asked& asked, core::Ordinal recipient, core::Instant now) {
  const std::vector<core::Directory::Hours>& all = world.directory.hours();
  const auto found = std::find_if(all.begin(), all.end(), [recipient](const core::Directory::Hours& hours) {
    return hours.members.contains(recipient);
  });
  return found == all.end() || core::answer_deadline(&found->open, asked.wake, now, core::Duration(0)) <= now;
}

bool has_another_way(const World& world, const CaseFile& file, core::Ordinal silent) {
  return further_way(world, file, world.directory.at(silent).via.value_or(silent), 0).has_value();
}

/// It was told by the usual way alone.
bool is_untouched(const core::Chase::Place& place) {
  return !place.taken && place.awaited == core::AnswerKind::received;
}

/// It was told by a further way too, and has one more.
bool walks_on(const core::Chase::Place& place) {
  return place.taken == core::ChaseStep::direct && place.next == core::ChaseStep::direct;
}

/// The walk may have gone on since: by the clock, or by a step that was learnt of late.
bool has_failed(const World& world, const CaseFile& file, core::Ordinal silent) {
  const std::optional<core::Way> failed = file.hurried.of(silent);
  return failed && is_last_tried(world, file, silent, *failed);
}

/// What else it is told by may wait for as long as it does.
bool is_usual(const World& world, core::Ordinal told, core::Way way) {
  return way.endpoint == 0 || way == world.endpoints.usual(told);
}

}  // namespace

/// Of a gateway that is merely away nothing can be said, and its rows are chased in their time; one that is paused
/// is taken for never.
boost::asio::awaitable<Chaser::SentLate> Chaser::sent_late(const CaseFile& file) {
  SentLate late;
  if (file.told_by.empty() || !file.state.in_force()) {
    co_return std::move(late);
  }
  core::AlertId alert = file.state.alert_id;
  const core::Instant deadline = first_deadline(world_, file);
  const auto waiting = co_await world_.tools.ledger.waiting(alert);
  if (!waiting) {
    co_return std::move(late);
  }
  for (const ports::Ledger::Waiting& each : *waiting) {
    const core::Instant now = world_.tools.clock.wall_now();
    const std::optional<core::ChannelFlow> flow = world_.flow(each.channel);
    const bool paused = world_.pauses.of(each.channel) != nullptr;
    if (each.channel == core::ChannelKind::mqtt || !flow || (!flow->open && !paused)) {
      continue;
    }
    late.waits = true;
    const auto goes_late = [&](const core::RecipientId& recipient, std::uint64_t endpoint, core::Instant sent) {
      const std::optional<core::Ordinal> told = world_.directory.find(recipient.value);
      if (told && is_usual(world_, *told, {each.channel, endpoint})) {
        late.sent[*told] = sent;
        for (const core::Ordinal member : world_.directory.behind(core::RecipientSet(1, &*told))) {
          late.sent[member] = sent;
        }
      }
    };
    if (flow->open && flow->has_lanes) {
      auto reading = world_.queue(each.channel);
      const auto rows = co_await std::move(reading);
      for (const QueuedRow& row : rows.value_or(std::vector<QueuedRow>())) {
        if (row.alert == alert && row.sent_by > std::max(deadline, now)) {
          goes_late(row.recipient, row.endpoint, row.sent_by);
        }
      }
      continue;
    }
    const std::uint64_t in_time = core::places_sent_by(*flow, std::max(deadline, now), now);
    if (each.last_place <= in_time) {
      continue;
    }
    core::AlertId asked = alert;
    const auto places =
        co_await world_.tools.ledger.places(std::move(asked), each.channel, in_time, chased_recipients_max);
    for (const ports::Ledger::Place& place : places.value_or(std::vector<ports::Ledger::Place>())) {
      goes_late(place.recipient, place.endpoint,
                core::sent_by(*flow, place.place, now).value_or(core::Instant::max()));
    }
  }
  co_return std::move(late);
}

/// Whether its next way is to be tried now: the last one has failed it, or the usual one would be too late.
bool Chaser::is_wanted(const CaseFile& file, const SentLate& late, const core::Chase::Place& place,
                       core::Ordinal silent) const {
  const bool was_failed = has_failed(world_, file, silent);
  if (!is_untouched(place)) {
    return was_failed && walks_on(place);
  }
  const auto found = late.sent.find(silent);
  const bool is_late = found != late.sent.end() && found->second > place.due;
  return (was_failed || is_late) && has_another_way(world_, file, silent);
}

/// The direct step for those of one deadline, before it; `since` is that deadline.
std::optional<core::Chase::Order> Chaser::hurry(const CaseFile& file, const core::Chase::Asked& asked,
                                                const SentLate& late) const {
  if (asked.taken_down || (late.sent.empty() && file.hurried.empty())) {
    return std::nullopt;
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::RecipientSet concerned = file.hurried.everybody();
  for (const auto& [ordinal, sent] : late.sent) {
    concerned.add(ordinal);
  }
  concerned &= core::missing(file.tally, asked, core::AnswerKind::received) |
               core::missing(file.tally, asked, core::AnswerKind::confirmed);
  std::optional<core::Chase::Order> order;
  for (const core::Ordinal ordinal : concerned) {
    const std::optional<core::Chase::Place> place =
        file.chase.place(world_.settings.chase, world_.directory, file.tally, asked, ordinal);
    if (!place || !is_wanted(file, late, *place, ordinal) || !is_there(world_, asked, ordinal, now)) {
      continue;
    }
    if (!order) {
      order = core::Chase::Order{asked.revision, place->awaited, core::ChaseStep::direct, {}, place->due};
    }
    if (order->since == place->due && order->awaited == place->awaited) {
      order->recipients.add(ordinal);
    }
    if (order->recipients.cardinality() == chased_recipients_max) {
      break;
    }
  }
  return order;
}

}  // namespace tuanyuan::engine
