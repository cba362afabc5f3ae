#include "engine/tallies.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/bytes.hpp"
#include "engine/ordinals.hpp"
#include "engine/walk.hpp"

namespace tuanyuan::engine {

namespace {

void expect(const World& world, CaseFile& file, const ports::ExpectedRecipients& added,
            const std::optional<core::Circle>& circle) {
  const core::RecipientSet& recipients = added.added;
  file.tally.expect(added.version.revision, recipients);
  file.chase.expect(recipients, added.at);
  std::map<std::string, std::vector<core::Ordinal>> rings;
  for (core::Ordinal ordinal : recipients) {
    const core::Directory::Entry recipient = world.directory.at(ordinal);
    std::optional<double> distance;
    if (circle && recipient.position && !recipient.by_coverage) {
      distance = core::distance_km(circle->centre, *recipient.position);
    }
    rings[core::ring_name(world.settings.rings, distance)].push_back(ordinal);
  }
  for (const auto& [ring, members] : rings) {
    file.tally.place_in_ring(ring, core::RecipientSet(members.size(), members.data()));
  }
}

/// What is in force, and for which audiences: after a suspension they may have different circles.
struct Drawn {
  core::AudienceSet audiences;
  core::Circle circle;
  std::vector<core::Division> divisions;
};
using Circles = std::map<core::Version, Drawn>;

boost::asio::awaitable<core::Result<Circles>> circles_of(Documents& documents, CaseFile& file) {
  Circles circles;
  for (const core::Audience audience : core::all_audiences) {
    const core::CopyState& copy = file.state.copy(audience);
    if (!copy.issued) {
      continue;
    }
    if (const auto known = circles.find(copy.content); known != circles.end()) {
      known->second.audiences.insert(audience);
      continue;
    }
    core::Result<Documents::Reach> reach = co_await documents.reach(file, copy.content);
    if (!reach && reach.error().code != core::Errc::not_found) {
      co_return reach.error();
    }
    if (reach && reach->circle) {
      circles[copy.content] = Drawn{core::AudienceSet{audience}, *reach->circle, std::move(reach->divisions)};
    }
  }
  co_return std::move(circles);
}

/// Whom the circles in force leave behind, of all that were ever expected or told.
void survey(const World& world, CaseFile& file, const Circles& circles) {
  if (!file.state.in_force()) {
    return;
  }
  file.withdrawn = core::RecipientSet();
  core::RecipientSet outside;
  for (const auto& [version, drawn] : circles) {
    const core::RecipientSet concerned = world.directory.of_audiences(drawn.audiences);
    // By the divisions as they were drawn: who has moved since joins or leaves at the next step, and so does
    // whoever hears for the division that somebody moved to.
    core::Targets now = core::target_drawn(world.directory, drawn.circle, drawn.divisions, file.state.audiences);
    const core::Targets targets =
        with_deleted(world.directory, drawn.circle, std::move(now), file.tally.expected() | file.addressed);
    const core::RecipientSet told = file.addressed | file.told_by.everybody();
    file.withdrawn |= left_unaddressed(world.directory, told & concerned, targets);
    outside |= left_outside(file.tally.expected() & concerned, targets);
    outside -= kept_by_units(file.addressed, file.withdrawn, targets) & concerned;
  }
  file.tally.set_outside(outside);
}

boost::asio::awaitable<core::Result<void>> load_expected(World& world, CaseFile& file, std::uint32_t forgotten,
                                                         std::optional<core::Circle> circle) {
  core::AlertId alert = file.state.alert_id;
  const auto expected = co_await world.tools.ledger.expected(alert);
  const auto chased = co_await world.tools.ledger.chased(alert);
  if (!expected || !chased) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (file.tally_loaded || file.tally_forgotten != forgotten) {
    // By somebody else meanwhile: bitmaps take rows twice, the chase does not. Or these were read too early, and
    // would replace a chase that was read since.
    co_return core::Result<void>();
  }
  file.chase = core::Chase();
  for (const ports::ExpectedRecipients& added : *expected) {
    expect(world, file, added, circle);
  }
  for (const ports::ChasedRecipients& row : *chased) {
    file.chase.took({row.revision, row.awaited, row.step, row.at, row.counts_from, row.recipients});
  }
  co_return core::Result<void>();
}

/// A record of an earlier version of this program names no endpoint: it was the first of its channel, then.
ToldBy with_endpoints(const World& world, const ToldBy& told_by) {
  ToldBy named;
  for (const Told& told : told_by) {
    named.add(told.recipient, world.endpoints.oldest(told.recipient, told.way.channel));
  }
  return named;
}

boost::asio::awaitable<core::Result<void>> load_told_by(const World& world, Documents& documents, CaseFile& file) {
  core::Result<std::string> former = co_await documents.text(file, Documents::told_by_name);
  if (former) {
    file.told_by.add(with_endpoints(world, to_told_by_channels(*former).value_or(ToldBy())));
  } else if (former.error().code != core::Errc::not_found) {
    co_return former.error();
  }
  core::Result<std::vector<std::string>> parts = co_await documents.texts(file, Documents::told_by_parts);
  if (parts) {
    for (const std::string& part : *parts) {
      file.told_by.add(to_told_by(part).value_or(ToldBy()));
    }
  } else if (parts.error().code != core::Errc::not_found) {
    co_return parts.error();
  }
  co_return core::Result<void>();
}

boost::asio::awaitable<core::Result<void>> load_addressed(const World& world, Documents& documents,
                                                          CaseFile& file) {
  core::Result<std::string> addressed = co_await documents.text(file, Documents::addressed_name);
  if (addressed) {
    file.addressed |= to_recipient_set(*addressed).value_or(core::RecipientSet());
  } else if (addressed.error().code != core::Errc::not_found) {
    co_return addressed.error();
  }
  co_return co_await load_told_by(world, documents, file);
}

boost::asio::awaitable<core::Result<void>> load_answers(World& world, CaseFile& file) {
  ports::Ledger::AnswerVisitor visitor = [&file](const std::vector<ports::AnswerRecord>& answers) {
    for (const ports::AnswerRecord& answer : answers) {
      file.tally.answer(answer.revision, answer.kind, core::CameBy(answer.source, answer.channel), answer.ordinal,
                        {answer.reason, answer.recorded_at});
    }
  };
  core::AlertId of = file.state.alert_id;
  const bool read = co_await world.tools.ledger.answers(std::move(of), 0, std::move(visitor));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  co_return core::Result<void>();
}

/// All that the ledger knows of it, and by which circles it is judged.
boost::asio::awaitable<core::Result<Circles>> load_rows(World& world, Documents& documents, CaseFile& file) {
  const std::uint32_t forgotten = file.tally_forgotten;
  core::Result<Circles> circles = co_await circles_of(documents, file);
  if (!circles) {
    co_return circles.error();
  }
  const auto first = circles->begin();
  std::optional<core::Circle> around =
      first == circles->end() ? std::nullopt : std::optional(first->second.circle);
  core::Result<void> loaded = co_await load_expected(world, file, forgotten, std::move(around));
  if (loaded) {
    loaded = co_await load_addressed(world, documents, file);
  }
  if (loaded) {
    loaded = co_await load_answers(world, file);
  }
  if (!loaded) {
    co_return loaded.error();
  }
  co_return circles;
}

/// By where they stand; who is asked for nothing any more, since it was deleted, stands at the end of its chase.
std::vector<core::Chase::Together> places_of(const World& world, const CaseFile& file,
                                             const core::RecipientSet& silent) {
  std::vector<core::Chase::Together> all;
  core::RecipientSet rest = silent;
  const auto add = [&](core::Chase::Asked asked) {
    asked.members &= silent;
    if (asked.members.isEmpty()) {
      return;
    }
    for (core::Chase::Together& each :
         file.chase.places(world.settings.chase, world.directory, file.tally, asked)) {
      rest -= each.recipients;
      all.push_back(std::move(each));
    }
  };
  for (const core::Audience audience : core::all_audiences) {
    add(asked_of(world, file, audience));
    add(asked_of_outside(world, file, audience));
  }
  all.push_back({core::ChaseStep::late, file.state.issued_at, std::move(rest)});
  return all;
}

}  // namespace

void forget_tally(CaseFile& file) {
  file.tally = core::Tally();
  file.tally_loaded = false;
  ++file.tally_forgotten;
}

void outdate_loading(CaseFile& file) {
  if (!file.tally_loaded) {
    ++file.tally_forgotten;
  }
}

boost::asio::awaitable<core::Result<void>> load_tally(World& world, Documents& documents, CaseFile& file) {
  while (!file.tally_loaded && file.state.issued()) {
    const std::uint32_t forgotten = file.tally_forgotten;
    core::Result<Circles> circles = co_await load_rows(world, documents, file);
    if (!circles) {
      co_return circles.error();
    }
    if (forgotten == file.tally_forgotten) {
      survey(world, file, *circles);
      file.tally_loaded = true;
    }
  }
  co_return core::Result<void>();
}

void take_in(const World& world, CaseFile& file, const std::vector<ports::ExpectedRecipients>& expected,
             const Mailing& mailing) {
  outdate_loading(file);
  for (const ports::ExpectedRecipients& added : expected) {
    expect(world, file, added, mailing.circle);
  }
  file.addressed |= mailing.addressed;
  file.told_by.add(mailing.told_by);
  if (mailing.circle) {
    file.withdrawn = mailing.withdrawn;
    file.tally.set_outside(mailing.outside);
  }
}

std::optional<core::Ordinal> ordinal_in(const World& world, const CaseFile& file, const core::RecipientId& id) {
  std::optional<core::Ordinal> found = world.directory.find(id.value);
  if (found) {
    return found;
  }
  const core::RecipientSet told = file.tally.expected() | file.addressed | file.maybe_addressed |
                                  file.told_by.everybody() | file.maybe_told_by.everybody();
  for (const core::Ordinal ordinal : told - world.directory.live()) {
    if (world.directory.at(ordinal).id == id.value) {
      found = ordinal;
    }
  }
  return found;
}

/// Who came back under its id is another entry: what the former one was told goes to the former one's endpoints.
std::optional<core::Ordinal> addressee_in(const World& world, const CaseFile& file,
                                          const core::Delivery& delivery) {
  const auto* id = std::get_if<core::RecipientId>(&delivery.target);
  if (id == nullptr) {
    return std::nullopt;
  }
  const core::Way way{delivery.channel, delivery.endpoint};
  const std::optional<core::Ordinal> found = ordinal_in(world, file, *id);
  if (!found || delivery.endpoint == 0 || !world.directory.may_have_predecessor(*found) ||
      file.told_by.contains({*found, way})) {
    return found;
  }
  for (const Told& told : file.told_by) {
    if (told.way == way && world.directory.at(told.recipient).id == id->value) {
      return told.recipient;
    }
  }
  return found;
}

core::Targets with_deleted(const core::Directory& directory, const core::Circle& circle, core::Targets targets,
                           const core::RecipientSet& told) {
  for (const core::Ordinal ordinal : told - directory.live()) {
    const core::Directory::Entry recipient = directory.at(ordinal);
    const bool within = recipient.by_coverage ? directory.hears_for(ordinal, targets.divisions)
                                              : !recipient.position || core::covers(circle, *recipient.position);
    if (within) {
      targets.expected.add(ordinal);
      if (recipient.via) {
        targets.addressed.add(*recipient.via);
      }
    }
  }
  return targets;
}

core::RecipientSet left_outside(const core::RecipientSet& expected, const core::Targets& targets) {
  return expected - targets.expected;
}

core::RecipientSet left_unaddressed(const core::Directory& directory, const core::RecipientSet& addressed,
                                    const core::Targets& targets) {
  core::RecipientSet left = addressed - targets.addressed - targets.expected;
  for (auto within = targets.expected.begin(); !left.isEmpty() && within != targets.expected.end(); ++within) {
    if (const auto unit = directory.find(directory.at(*within).unit)) {
      left.remove(*unit);
    }
  }
  return left;
}

core::RecipientSet kept_by_units(const core::RecipientSet& addressed, const core::RecipientSet& withdrawn,
                                 const core::Targets& targets) {
  return addressed - withdrawn - targets.addressed - targets.expected;
}

core::Chase::Asked asked_of(const World& world, const CaseFile& file, core::Audience audience) {
  const core::CopyState& copy = file.state.copy(audience);
  core::Chase::Asked asked;
  asked.members = file.tally.expected() & world.directory.of_audience(audience);
  asked.taken_down = copy.recall_revision != 0;
  if (!asked.taken_down) {
    asked.members &= world.directory.live();  // who was deleted is asked for nothing but to take it down
  }
  asked.revision = asked.taken_down ? copy.recall_revision : copy.content.revision;
  asked.since = asked.taken_down ? copy.recalled_at : copy.content_at;
  asked.wake = file.state.wake;
  asked.further = further_of(world, file);
  if (asked.taken_down) {
    asked.until = copy.recalled_at + world.settings.recall_retention;
  } else {
    asked.members -= file.tally.outside();
  }
  return asked;
}

core::Chase::Asked asked_of_outside(const World& world, const CaseFile& file, core::Audience audience) {
  const core::CopyState& copy = file.state.copy(audience);
  core::Chase::Asked asked;
  asked.members = file.tally.outside() & world.directory.of_audience(audience) & world.directory.live();
  asked.members -= file.tally.gone_before(copy.content.revision);
  asked.taken_down = true;
  asked.revision = copy.content.revision;
  asked.since =
      std::max(file.state.stepped_at, copy.content_at);  // by a step, an update, a release or a resumption
  asked.wake = file.state.wake;
  asked.until = file.state.expires_at;
  asked.further = further_of(world, file);
  if (copy.recall_revision != 0) {
    asked.members = core::RecipientSet();  // then they owe it for the recall, like everybody
  }
  return asked;
}

core::RecipientSet silent_of(const World& world, const CaseFile& file) {
  const core::Standings standings = core::standings(file.state);
  return file.tally.silent(core::Tally::Now(file.tally, world.directory, standings),
                           file.chase.reminded(world.directory, standings));
}

std::vector<core::Ordinal> most_urgent(const World& world, const CaseFile& file, const core::RecipientSet& silent,
                                       std::size_t most) {
  if (silent.cardinality() <= most) {
    return first_of(silent, most);
  }
  std::vector<core::Chase::Together> all = places_of(world, file, silent);
  const auto place = [](const core::Chase::Together& each) {
    return std::tuple(each.taken < core::ChaseStep::late, each.due);  // no step is before every step
  };
  std::stable_sort(all.begin(), all.end(),
                   [&place](const auto& one, const auto& other) { return place(one) < place(other); });
  std::vector<core::Ordinal> first;
  core::RecipientSet listed;
  for (const core::Chase::Together& each : all) {
    for (const core::Ordinal ordinal : each.recipients) {
      if (first.size() == most) {
        return first;
      }
      if (listed.addChecked(ordinal)) {
        first.push_back(ordinal);
      }
    }
  }
  return first;
}

}  // namespace tuanyuan::engine
