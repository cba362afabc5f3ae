#include <algorithm>
#include <tuple>
#include <utility>

#include "core/authority.hpp"
#include "core/linking.hpp"
#include "core/widening.hpp"
#include "engine/alert_order.hpp"
#include "engine/case_service.hpp"
#include "engine/endpoint_health.hpp"
#include "engine/forecasts.hpp"
#include "engine/reader.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

/// None are named: any.
template <class State>
bool is_any_of(const std::vector<State>& named, State state) {
  return named.empty() || std::find(named.begin(), named.end(), state) != named.end();
}

/// As far as the state tells. Whose case it is, only officers may ask.
bool fits(const ports::AlertFilter& filter, const core::CaseState& state, const Reader& reader,
          core::Instant now) {
  const bool of_a_state = is_any_of(filter.states, state.alert_state);
  const bool may_ask = reader.officer || filter.lead_officer.empty();
  const bool shown = state.showing().contains(reader.audience) && !state.display_ended(now);
  return of_a_state && may_ask && (!filter.not_shown || (state.is_open() && !shown));
}

/// An alert that a reading has yet to come to.
struct Unread {
  AlertPlace place;
  CaseFile* file;  ///< none ever leaves the casebook
  Reader reader;
};

/// Of a heap: what comes first in the list is on top.
bool comes_later(const Unread& one, const Unread& other) {
  return stands_before(other.place, one.place);
}

/// All that the caller may see and the filter lets through, as a heap: a page needs few of them in order.
std::vector<Unread> unread(World& world, const core::Caller& caller, const ports::AlertFilter& filter,
                           const AlertReading& reading) {
  std::vector<Unread> found;
  const core::Instant now = world.tools.clock.wall_now();
  for (auto& [id, file] : world.cases.all()) {
    const std::optional<Reader> reader = reader_of(world, caller, file);
    if (!reader || !fits(filter, file.state, *reader, now)) {
      continue;
    }
    AlertPlace place = reading.place_of(file);
    if (reading.is_ahead(place)) {
      found.push_back({std::move(place), &file, *reader});
    }
  }
  std::make_heap(found.begin(), found.end(), comes_later);
  return found;
}

Unread take_first(std::vector<Unread>& ahead) {
  std::pop_heap(ahead.begin(), ahead.end(), comes_later);
  Unread first = std::move(ahead.back());
  ahead.pop_back();
  return first;
}

core::Refusal no_such_page() {
  std::vector<core::FieldError> wrong;
  wrong.emplace_back("page_token", core::Text("不是此列表给出的标记", "is not a token of this list"));
  return core::Refusal(std::move(wrong));
}

/// Also of who is asked no more, since it was deleted, and stands on the board until the alert is over.
core::AnswerKind owed_by(const core::Tally& tally, const core::Chase::Asked& asked, core::Ordinal recipient) {
  if (asked.taken_down) {
    return core::AnswerKind::removed;
  }
  const bool received = tally.answered(asked.revision, core::AnswerKind::received).contains(recipient);
  return received ? core::AnswerKind::confirmed : core::AnswerKind::received;
}

/// What is known of a silent recipient: which answer is missing, why it said that it is unable, and what happens
/// next: "await" an answer still within its time, then the steps of the chase, and "telephone" when a person has
/// to do it.
core::SilentRecipient silent_row(const World& world, const CaseFile& file, const ports::DirectoryEntry& entry) {
  core::SilentRecipient row;
  row.recipient_id = entry.recipient.id;
  row.name = entry.recipient.name;
  row.category = entry.recipient.category;
  row.liaison = entry.recipient.liaison;
  row.tried = tried_ways(world, file, entry);
  row.endpoints = health_of(world, file, entry);
  row.next_step = "telephone";
  row.due_at = file.state.issued_at;
  const core::Audience audience = world.directory.at(entry.ordinal).audience;
  const bool recalled = file.state.copy(audience).recall_revision != 0;
  const bool outside = !recalled && file.tally.outside().contains(entry.ordinal);
  const core::Chase::Asked asked =
      outside ? asked_of_outside(world, file, audience) : asked_of(world, file, audience);
  row.reason = file.tally.unable(asked.revision, entry.ordinal).value_or(core::Unable()).reason;
  row.revision = asked.revision;
  row.awaited = owed_by(file.tally, asked, entry.ordinal);
  const std::optional<core::Chase::Place> place =
      file.chase.place(world.settings.chase, world.directory, file.tally, asked, entry.ordinal);
  if (place) {
    const bool in_time = !place->taken && place->due > world.tools.clock.wall_now();
    row.next_step = in_time ? "await" : place->next ? std::string(core::to_string(*place->next)) : "telephone";
    row.awaited = place->awaited;
    row.due_at = place->due;
  }
  return row;
}

/// As most_urgent has it.
bool goes_before(const core::SilentRecipient& one, const core::SilentRecipient& other) {
  const auto place = [](const core::SilentRecipient& row) {
    const bool is_for_people =
        row.next_step == "telephone" || row.next_step == core::to_string(core::ChaseStep::again);
    return std::tuple(!is_for_people, row.due_at);
  };
  return place(one) < place(other);
}

}  // namespace

CaseService::Answer<ports::ReportView> CaseService::report_view(CaseFile& file, core::CaseState state,
                                                                Reader reader,
                                                                std::optional<core::Instant> as_of) {
  core::Result<core::Report> report = co_await documents_.report(file, state.documents);
  if (!report) {
    co_return report.error();
  }
  ports::ReportView view;
  view.id = state.report_id;
  view.state = state.report_state;
  view.alert_id = state.alert_id;
  view.report = std::move(*report);
  view.submitted_at = state.submitted_at;
  view.submitted_by = state.submitted_by;
  view.duplicates = world_.cases.linked(file, as_of);
  view.unit_decides = reader.decides;
  // Of a rejected one its lookout's recall has a revision, and the report says nothing at it.
  view.revision = state.report_state == core::ReportState::released ? state.version.revision : 0;
  co_return std::move(view);
}

CaseService::Answer<ports::AlertView> CaseService::alert_view(CaseFile& file, core::CaseState state, Reader reader,
                                                              std::optional<core::Instant> as_of) {
  const core::Audience audience = reader.audience;
  core::Result<std::shared_ptr<const core::SignedCopy>> copy = std::shared_ptr<const core::SignedCopy>();
  const core::Version version = state.copy(audience).version;
  if (version == file.state.copy(audience).version) {
    copy = co_await documents_.current_copy(file, audience);
  } else {
    copy = co_await documents_.copy(file, audience, version);
  }
  if (!copy) {
    co_return copy.error();
  }
  ports::AlertView view;
  view.id = state.alert_id;
  if (reader.officer) {
    view.report_id = state.report_id;
    // Asked from the beginning and not from now, so that a repeated request has the same answer.
    view.widens_at = core::next_radius_at(world_.settings.rings, state, state.last_seen_at);
    view.audiences = state.audiences;
    view.suspended = state.suspended;
    view.circle_held = state.circle_held;
    view.unit_decides = reader.decides;
  }
  view.version = reader.officer ? state.version : version;
  view.state = state.alert_state;
  view.status = state.status;
  // How a child was found is for the police; a recall tells the others nothing of it.
  if (audience == core::Audience::police) {
    view.outcome = state.outcome;
    view.cause = state.cause;
  }
  view.released_at = state.released_at;
  view.notice = *copy;
  const std::optional<core::Notice> notice = world_.tools.codec.decode_notice(view.notice->protobuf);
  if (notice) {
    view.circle = notice->circle;
  }
  if (state.showing().contains(audience)) {
    view.display_until = state.expires_at;
    view.display_ended = state.display_ended(as_of.value_or(world_.tools.clock.wall_now()));
  }
  if (reader.officer) {
    view.duplicates = world_.cases.linked(file, as_of);
    view.lead_officer = notice ? notice->lead_officer : std::string();  // of the police copy; a recall has none
  }
  co_return std::move(view);
}

CaseService::Answer<ports::ReportView> CaseService::report(core::Caller caller, core::ReportId id) {
  core::Result<CaseFile*> found = visible(caller, world_.cases.find(id));
  if (!found) {
    co_return found.error();
  }
  CaseFile& file = **found;
  core::CaseState state = file.state;
  const Reader reader = officer_reading(caller, state);
  core::Result<ports::ReportView> view = co_await report_view(file, std::move(state), reader);
  if (!view) {
    co_return view.error();
  }
  core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(file);
  if (photo) {
    view->report.photo = **photo;
  } else if (photo.error().code != core::Errc::not_found) {
    co_return photo.error();
  }
  co_return std::move(view);
}

CaseService::Answer<ports::Listed<ports::ReportView>> CaseService::reports(core::Caller caller,
                                                                           ports::ReportFilter filter,
                                                                           ports::Page page) {
  ports::Listed<ports::ReportView> listed;
  const auto& all = world_.cases.by_report();
  std::vector<std::pair<core::ReportId, CaseFile*>> chosen;
  for (auto at = all.upper_bound(core::ReportId(page.token)); at != all.end(); ++at) {
    const core::CaseState& state = at->second->state;
    if (!core::sees(caller, state) || !is_any_of(filter.states, state.report_state)) {
      continue;
    }
    if (chosen.size() == page.size) {
      listed.next_token = chosen.back().first.value;
      break;
    }
    chosen.emplace_back(at->first, at->second);
  }
  for (auto& [id, file] : chosen) {
    core::CaseState state = file->state;
    const Reader reader = officer_reading(caller, state);
    core::Result<ports::ReportView> view = co_await report_view(*file, std::move(state), reader);
    if (view) {
      listed.items.push_back(std::move(*view));
    } else if (view.error().code != core::Errc::not_found) {
      co_return view.error();  // not found: its key was destroyed, and what is erased is not listed
    }
  }
  co_return std::move(listed);
}

CaseService::Answer<ports::AlertView> CaseService::alert(core::Caller caller, core::AlertId id) {
  CaseFile* file = world_.cases.find(id);
  const std::optional<Reader> reader =
      file == nullptr ? std::optional<Reader>() : reader_of(world_, caller, *file);
  if (!reader) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::CaseState state = file->state;
  co_return co_await alert_view(*file, std::move(state), *reader);
}

/// Whose case it is stands in the police copy, sealed like the rest of it; the copies of open cases are kept
/// opened.
CaseService::Answer<bool> CaseService::is_led_by(CaseFile& file, std::string comparable) {
  if (!file.state.is_open()) {
    co_return false;
  }
  const auto copy = co_await documents_.current_copy(file, core::Audience::police);
  if (!copy) {
    if (copy.error().code == core::Errc::not_found) {
      co_return false;
    }
    co_return copy.error();
  }
  const std::optional<core::Notice> notice = world_.tools.codec.decode_notice((*copy)->protobuf);
  co_return notice && !comparable.empty() &&
      core::comparable_name(notice->lead_officer).find(comparable) != std::string::npos;
}

CaseService::Answer<ports::Listed<ports::AlertView>> CaseService::alerts(core::Caller caller,
                                                                         ports::AlertFilter filter,
                                                                         ports::Page page) {
  const core::Sequence newest = world_.newest();
  const std::optional<AlertReading> reading =
      page.token.empty() ? AlertReading(newest) : AlertReading::from_token(page.token, newest);
  if (!reading) {
    co_return no_such_page();
  }
  ports::Listed<ports::AlertView> listed;
  std::vector<Unread> chosen;
  const std::string led_by = core::comparable_name(filter.lead_officer);
  std::vector<Unread> ahead = unread(world_, caller, filter, *reading);
  while (!ahead.empty()) {
    Unread each = take_first(ahead);
    if (!filter.lead_officer.empty()) {
      std::string wanted = led_by;
      core::Result<bool> led = co_await is_led_by(*each.file, std::move(wanted));
      if (!led) {
        co_return led.error();
      }
      if (!*led) {
        continue;
      }
    }
    if (chosen.size() == page.size) {
      listed.next_token = reading->token_after(chosen.back().place);
      break;
    }
    chosen.push_back(std::move(each));
  }
  for (const Unread& each : chosen) {
    core::CaseState state = each.file->state;
    core::Result<ports::AlertView> view = co_await alert_view(*each.file, std::move(state), each.reader);
    if (view) {
      listed.items.push_back(std::move(*view));
    } else if (view.error().code != core::Errc::not_found) {
      co_return view.error();
    }
  }
  co_return std::move(listed);
}

CaseService::Answer<core::Photo> CaseService::photo(core::Caller caller, core::AlertId id) {
  CaseFile* file = world_.cases.find(id);
  const std::optional<Reader> reader =
      file == nullptr ? std::optional<Reader>() : reader_of(world_, caller, *file);
  if (!reader || file->state.copy(reader->audience).recall_revision != 0) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(*file);
  if (!photo) {
    co_return photo.error();
  }
  co_return **photo;
}

CaseService::Answer<core::Board> CaseService::board(core::Caller caller, core::AlertId id) {
  CaseFile* file = world_.cases.find(id);
  const std::optional<Reader> reader =
      file == nullptr ? std::optional<Reader>() : reader_of(world_, caller, *file);
  if (!reader || !reader->officer) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, *file);
  if (!loaded) {
    co_return loaded.error();
  }
  const core::CaseState& state = file->state;
  core::Board board;
  board.alert_id = state.alert_id;
  board.version = state.version;
  const core::Standings standings = core::standings(state);
  file->tally.fill(board, world_.directory, standings, ways_of(world_, file->tally.expected()));
  core::Result<core::Forecast> forecast = co_await forecast_for(world_, state.alert_id);
  if (!forecast) {
    co_return forecast.error();
  }
  board.forecast = std::move(*forecast);

  const core::RecipientSet silent = silent_of(world_, *file);
  board.silent_total = static_cast<std::uint32_t>(silent.cardinality());
  std::vector<core::Ordinal> first = most_urgent(world_, *file, silent, core::board_silent_rows_max);
  const auto rows = co_await world_.tools.ledger.recipients(std::move(first));
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  for (const ports::DirectoryEntry& entry : *rows) {
    core::SilentRecipient row = silent_row(world_, *file, entry);
    row.unit_vouches = core::vouches_for(caller, world_.directory.at(entry.ordinal), file->state);
    board.silent.push_back(std::move(row));
  }
  std::stable_sort(board.silent.begin(), board.silent.end(), goes_before);
  co_return std::move(board);
}

}  // namespace tuanyuan::engine
