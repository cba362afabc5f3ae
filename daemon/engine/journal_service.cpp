#include "engine/journal_service.hpp"

#include <map>
#include <utility>

#include "core/authority.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::engine {
namespace {

ports::JournalLine line_of(const ports::RecordedEntry& recorded) {
  ports::JournalLine line;
  line.sequence = recorded.sequence;
  line.time = recorded.entry.time;
  line.actor = core::to_string(recorded.entry.actor);
  line.type = core::type_name(recorded.entry.body);
  line.subject = recorded.entry.subject;
  line.detail = core::to_detail(recorded.entry.body);
  return line;
}

/// The alert an entry is about: its subject up to the first slash.
core::AlertId alert_of(const core::Entry& entry) {
  return core::AlertId(entry.subject.substr(0, entry.subject.find('/')));
}

bool is_directory_change(const core::EntryBody& body) {
  return std::holds_alternative<core::RecipientPut>(body) ||
         std::holds_alternative<core::RecipientDeleted>(body) ||
         std::holds_alternative<core::RecipientsImported>(body) ||
         std::holds_alternative<core::EndpointRetired>(body) ||
         std::holds_alternative<core::EndpointRevived>(body) ||
         std::holds_alternative<core::ChannelPaused>(body) || std::holds_alternative<core::ChannelResumed>(body);
}

bool is_alert_event(const core::EntryBody& body) {
  return std::string_view(core::type_name(body)).starts_with("alert.");
}

}  // namespace

bool JournalService::may_read(const core::Caller& supervisor, const core::Entry& entry) const {
  const CaseFile* file = std::as_const(world_.cases).find(alert_of(entry));
  return file == nullptr || core::sees(supervisor, file->state);
}

bool JournalService::may_follow(const core::Caller& caller, const core::Entry& entry) const {
  if (is_directory_change(entry.body)) {
    return caller.roles.contains(core::Role::operator_);
  }
  const CaseFile* file = std::as_const(world_.cases).find(alert_of(entry));
  if (file == nullptr) {
    return false;
  }
  if (caller.recipient.empty()) {
    return core::sees(caller, file->state);
  }
  const std::optional<core::Ordinal> ordinal = world_.directory.find(caller.recipient.value);
  if (!ordinal || !is_alert_event(entry.body)) {
    return false;
  }
  const bool told = file->tally.expected().contains(*ordinal) || file->addressed.contains(*ordinal);
  return core::sees(world_.directory.at(*ordinal), told, file->state);
}

boost::asio::awaitable<ports::Read<std::vector<ports::RecordedEntry>>> JournalService::known(core::Sequence after,
                                                                                             std::size_t limit) {
  ports::Read<std::vector<ports::RecordedEntry>> recorded;
  const bool certain = co_await is_certain(world_);
  if (certain) {
    std::string everybody;
    recorded = co_await world_.tools.ledger.journal(after, std::move(everybody), limit);
  }
  if (recorded) {
    std::erase_if(*recorded, [newest = world_.journal.level()](const ports::RecordedEntry& one) {
      return one.sequence > newest;
    });
  }
  co_return std::move(recorded);
}

boost::asio::awaitable<void> JournalService::add_reason(ports::JournalLine& line, const core::Entry& entry) {
  CaseFile* file = world_.cases.find(core::AlertId(line.subject));
  if (file == nullptr) {
    co_return;
  }
  std::string name = Documents::reason_name(entry.body);
  core::Result<std::string> reason = co_await documents_.text(*file, std::move(name));
  if (reason) {
    line.detail.emplace("reason", std::move(*reason));
  }
}

boost::asio::awaitable<core::Result<std::vector<ports::JournalLine>>> JournalService::journal(core::Caller caller,
                                                                                              core::Sequence after,
                                                                                              std::size_t limit) {
  if (!caller.roles.contains(core::Role::supervisor)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  // A page is filled with what the caller may read, however much of others' lies between.
  std::vector<ports::JournalLine> lines;
  for (bool more = true; more && lines.size() < limit;) {
    const auto recorded = co_await known(after, limit);
    if (!recorded) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    more = recorded->size() == limit;
    for (const ports::RecordedEntry& one : *recorded) {
      after = one.sequence;
      if (lines.size() == limit) {
        break;
      }
      if (may_read(caller, one.entry)) {
        ports::JournalLine line = line_of(one);
        co_await add_reason(line, one.entry);
        lines.push_back(std::move(line));
      }
    }
  }
  co_return std::move(lines);
}

boost::asio::awaitable<core::Result<ports::JournalDesk::Events>> JournalService::follow(
    core::Caller caller, core::Sequence after, std::size_t limit, std::chrono::milliseconds patience) {
  if (world_.journal.level() <= after) {
    const ports::Clock::Steady deadline = world_.tools.clock.steady_now() + patience;
    auto grown = world_.journal.wait_above(after);
    co_await runtime::with_timeout(world_.tools.clock, std::move(grown), deadline);
  }
  Events events;
  events.seen_to = after;
  const auto recorded = co_await known(after, limit);
  if (!recorded) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  for (const ports::RecordedEntry& one : *recorded) {
    events.seen_to = one.sequence;
    if (may_follow(caller, one.entry)) {
      events.events.push_back(line_of(one));
    }
  }
  co_return std::move(events);
}

}  // namespace tuanyuan::engine
