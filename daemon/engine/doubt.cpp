#include "engine/doubt.hpp"

#include <utility>

#include "engine/documents.hpp"
#include "engine/tallies.hpp"
#include "engine/telling.hpp"
#include "engine/world.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::engine {
namespace {

constexpr std::size_t entries_of_a_case_max = 100'000;
constexpr std::size_t pauses_max = 1'000'000;
constexpr std::size_t journal_page_rows = 1'000;

/// Applies to the case what memory has missed; decisions on it exclude each other, so that is what comes last. Its
/// bitmaps are filled up from the ledger, and say who was told.
boost::asio::awaitable<bool> catch_up(World& world, core::AlertId alert) {
  std::string subject = alert.value;
  const auto entries = co_await world.tools.ledger.journal(0, std::move(subject), entries_of_a_case_max);
  if (!entries) {
    co_return false;
  }
  CaseFile* file = world.cases.find(alert);
  const std::size_t known = file == nullptr ? 0 : file->state.entries;
  for (std::size_t index = known; index < entries->size(); ++index) {
    const ports::RecordedEntry& missed = entries->at(index);
    world.cases.apply(missed.entry, world.learnt_as(missed.sequence));
  }
  file = world.cases.find(alert);
  if (file == nullptr) {
    co_return true;  // nothing of it was written
  }
  ++file->answers;  // somebody may have answered, and have another deadline now
  forget_tally(*file);
  Documents documents(world);
  const core::Result<void> loaded = co_await load_tally(world, documents, *file);
  if (loaded) {
    forget_maybe_told(*file);
  }
  // Of a case that cannot be opened it stays unknown who was told; all others must not wait for it for ever.
  co_return loaded || documents.has_unopened();
}

/// The first of them says as much as all.
boost::asio::awaitable<bool> read_sightings(World& world, core::AlertId alert) {
  std::string subject = alert.value + "/sightings";
  const auto entries = co_await world.tools.ledger.journal(0, std::move(subject), 1);
  if (!entries) {
    co_return false;
  }
  for (const ports::RecordedEntry& recorded : *entries) {
    world.cases.apply(recorded.entry, recorded.sequence);
  }
  co_return true;
}

boost::asio::awaitable<bool> read_directory(World& world) {
  const bool read = co_await world.read_directory();
  if (read && world.directory_changed) {
    world.directory_changed();
  }
  co_return read;
}

boost::asio::awaitable<bool> refold_pauses(World& world) {
  std::string subject = Pauses::subject;
  const auto entries = co_await world.tools.ledger.journal(0, std::move(subject), pauses_max);
  if (!entries) {
    co_return false;
  }
  Pauses pauses;
  for (const ports::RecordedEntry& recorded : *entries) {
    pauses.apply(recorded.entry);
  }
  world.pauses = std::move(pauses);
  co_return true;
}

/// Whoever follows the journal hears of it when all that it says is known, also what belongs to no case.
boost::asio::awaitable<bool> read_newest(World& world) {
  core::Sequence newest = world.journal.level();
  for (bool more = true; more;) {
    std::string everything;
    const auto page = co_await world.tools.ledger.journal(newest, std::move(everything), journal_page_rows);
    if (!page) {
      co_return false;
    }
    newest = page->empty() ? newest : page->back().sequence;
    more = page->size() == journal_page_rows;
  }
  world.journal.raise(newest);
  co_return true;
}

boost::asio::awaitable<bool> read(World& world, Doubt::Of of) {
  bool known = true;
  if (of.directory) {
    known = co_await read_directory(world);
  }
  if (known && of.pauses) {
    known = co_await refold_pauses(world);
  }
  for (auto alert = of.alerts.begin(); known && alert != of.alerts.end(); ++alert) {
    known = co_await catch_up(world, *alert);
  }
  for (auto alert = of.sighted.begin(); known && alert != of.sighted.end(); ++alert) {
    known = co_await read_sightings(world, *alert);
  }
  if (known) {
    known = co_await read_newest(world);
  }
  co_return known;
}

}  // namespace

Doubt::Of::Of(const ports::Commit& commit)
    : directory(!commit.recipients.empty() || !commit.retired.empty()), journal(!commit.entries.empty()) {
  for (const core::Entry& entry : commit.entries) {
    if (const auto* answers = std::get_if<core::AnswersRecorded>(&entry.body)) {
      alerts.insert(answers->alert_id);
    } else if (const auto* chased = std::get_if<core::SilentChased>(&entry.body)) {
      alerts.insert(chased->alert_id);
    } else if (const auto* sighting = std::get_if<core::SightingRecorded>(&entry.body)) {
      sighted.insert(sighting->alert_id);
    } else if (entry.subject == Pauses::subject) {
      pauses = true;
    } else if (!entry.subject.empty()) {
      alerts.insert(core::AlertId(entry.subject));  // of something else: then there is no such case
    }
  }
  // Who moved is told without a word in the journal.
  for (const ports::SealedDocument& document : commit.documents) {
    alerts.insert(document.alert_id);
  }
}

void Doubt::Of::add(const Of& more) {
  alerts.insert(more.alerts.begin(), more.alerts.end());
  sighted.insert(more.sighted.begin(), more.sighted.end());
  directory = directory || more.directory;
  pauses = pauses || more.pauses;
  journal = journal || more.journal;
}

boost::asio::awaitable<bool> resolve(World& world) {
  Doubt& doubt = world.doubt;
  if (doubt.readings_.any()) {
    co_await doubt.readings_.none();
    co_return !doubt.any();
  }
  const runtime::UnderWay::One reading = doubt.readings_.begin();
  // What is read while a commit is on its way may hold it, and it would be applied once more when it is answered;
  // or be older, and undo it. None is begun meanwhile (World::commit), so that nothing is added to the doubt
  // either.
  ports::Clock& clock = world.tools.clock;
  auto answers = doubt.on_their_way_.none();
  const bool answered =
      co_await runtime::with_timeout(clock, std::move(answers), clock.steady_now() + commits_answered_max);
  if (!answered) {
    co_return false;
  }
  Doubt::Of of = doubt.of_;
  const bool known = co_await read(world, std::move(of));
  if (!known) {
    co_return false;
  }
  doubt.of_ = Doubt::Of();
  world.outbox_grew.notify();
  co_return true;
}

boost::asio::awaitable<bool> is_certain(World& world) {
  if (!world.doubt.any()) {
    co_return true;
  }
  co_return co_await resolve(world);
}

}  // namespace tuanyuan::engine
