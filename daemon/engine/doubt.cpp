#include "engine/doubt.hpp"

#include <utility>

#include "engine/documents.hpp"
#include "engine/tallies.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {
namespace {

constexpr std::size_t entries_of_a_case_max = 100'000;
constexpr std::size_t pauses_max = 1'000'000;

/// Applies to the case what memory has missed; decisions on it exclude each other, so that is what comes last. Its
/// bitmaps are filled up from the ledger.
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
    world.journal.raise(missed.sequence);
  }
  file = world.cases.find(alert);
  if (file == nullptr) {
    co_return true;  // nothing of it was written
  }
  if (known < entries->size()) {
    file->photo.reset();
  }
  forget_tally(*file);
  Documents documents(world);
  const core::Result<void> loaded = co_await load_tally(world, documents, *file);
  co_return loaded.has_value();
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

}  // namespace

Doubt::Of::Of(const ports::Commit& commit) : directory(!commit.recipients.empty() || !commit.retired.empty()) {
  for (const core::Entry& entry : commit.entries) {
    if (const auto* answers = std::get_if<core::AnswersRecorded>(&entry.body)) {
      alerts.insert(answers->alert_id);
    } else if (const auto* chased = std::get_if<core::SilentChased>(&entry.body)) {
      alerts.insert(chased->alert_id);
    } else if (entry.subject == Pauses::subject) {
      pauses = true;
    } else if (!entry.subject.empty()) {
      alerts.insert(core::AlertId(entry.subject));  // of something else: then there is no such case
    }
  }
}

void Doubt::add(const Of& more) {
  of_.alerts.insert(more.alerts.begin(), more.alerts.end());
  of_.directory = of_.directory || more.directory;
  of_.pauses = of_.pauses || more.pauses;
  ++added_;
}

boost::asio::awaitable<bool> resolve(World& world) {
  const std::uint64_t added = world.doubt.added_;
  const std::set<core::AlertId> alerts = world.doubt.of_.alerts;
  if (world.doubt.of_.directory) {
    const bool read = co_await world.read_directory();
    if (!read) {
      co_return false;
    }
  }
  if (world.doubt.of_.pauses) {
    const bool read = co_await refold_pauses(world);
    if (!read) {
      co_return false;
    }
  }
  for (const core::AlertId& alert : alerts) {
    const bool read = co_await catch_up(world, alert);
    if (!read) {
      co_return false;
    }
  }
  if (added != world.doubt.added_) {
    co_return false;  // more came meanwhile
  }
  world.doubt.of_ = Doubt::Of();
  world.outbox_grew.notify();
  co_return true;
}

}  // namespace tuanyuan::engine
