#include "engine/retained.hpp"

#include <algorithm>
#include <utility>

#include "core/urgency.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

/// What was erased, or never there, is not missing.
template <class Document>
bool is_unread(const core::Result<Document>& document) {
  return !document && document.error().code != core::Errc::not_found;
}

}  // namespace

/// On its own topic a recipient gets its audience's copy: the topic names none. Found among those addressed, where
/// deleted ones still stand.
core::Audience Retained::audience_at(const CaseFile& file, core::Audience named,
                                     const core::Target& target) const {
  if (const auto* recipient = std::get_if<core::RecipientId>(&target)) {
    const std::optional<core::Ordinal> ordinal = told_directly(file, *recipient);
    if (ordinal) {
      return world_.directory.at(*ordinal).audience;
    }
  }
  return named;
}

/// What goes out to these is no stranger on their topics.
std::optional<core::Ordinal> Retained::told_directly(const CaseFile& file, const core::RecipientId& id) const {
  const std::optional<core::Ordinal> ordinal = ordinal_in(world_, file, id);
  const bool told = ordinal && (file.addressed.contains(*ordinal) || file.maybe_addressed.contains(*ordinal));
  return told ? ordinal : std::nullopt;
}

core::Instant Retained::kept_until(const core::CaseState& state, core::Audience audience) const {
  const core::CopyState& copy = state.copy(audience);
  return copy.recall_revision != 0 ? copy.recalled_at + world_.settings.recall_retention : state.expires_at;
}

bool Retained::is_kept(const core::CaseState& state, core::Audience audience) const {
  return state.copy(audience).issued && !state.cleared &&
         world_.tools.clock.wall_now() < kept_until(state, audience);
}

bool Retained::belongs(const CaseFile& file, core::Audience audience, const core::Target& target) const {
  if (const auto* division = std::get_if<core::Division>(&target)) {
    return file.state.audiences.contains(audience) &&
           std::binary_search(file.state.divisions.begin(), file.state.divisions.end(), *division);
  }
  const std::optional<core::Ordinal> told = told_directly(file, std::get<core::RecipientId>(target));
  // From whom it was only taken hears of the recall like everybody, and it stays for whoever was away.
  return told && (file.state.copy(audience).recall_revision != 0 || !file.withdrawn.contains(*told));
}

ports::RetainedVerdict Retained::judge(const ports::RetainedSeen& seen) {
  const CaseFile* file = std::as_const(world_.cases).find(seen.alert_id);
  const core::Audience audience = file == nullptr ? seen.audience : audience_at(*file, seen.audience, seen.target);
  const bool emptied = !seen.version && seen.parcel != core::Parcel::photo;
  if (file == nullptr || !is_kept(file->state, audience) || !belongs(*file, audience, seen.target)) {
    return emptied || seen.parcel == core::Parcel::photo_clear ? ports::RetainedVerdict::in_order
                                                               : ports::RetainedVerdict::stranger;
  }
  const core::CopyState& copy = file->state.copy(audience);
  const bool taken_down = copy.recall_revision != 0;
  if (seen.parcel == core::Parcel::photo) {
    return taken_down ? ports::RetainedVerdict::stranger : ports::RetainedVerdict::in_order;
  }
  if (seen.parcel == core::Parcel::photo_clear) {
    return file->photo && !taken_down ? ports::RetainedVerdict::behind : ports::RetainedVerdict::in_order;
  }
  return seen.version == copy.version ? ports::RetainedVerdict::in_order : ports::RetainedVerdict::behind;
}

ports::Dispatch Retained::blank(const CaseFile& file, core::Audience audience, core::Target target,
                                core::Parcel parcel) const {
  const core::CopyState& copy = file.state.copy(audience);
  ports::Dispatch dispatch;
  dispatch.delivery.alert_id = file.state.alert_id;
  dispatch.delivery.version = copy.version;
  dispatch.delivery.kind = copy.kind;
  dispatch.delivery.status = file.state.status;
  dispatch.delivery.audience = audience;
  dispatch.delivery.target = std::move(target);
  dispatch.delivery.parcel = parcel;
  dispatch.delivery.urgency =
      core::urgency_key(file.state.status, dispatch.delivery.kind, parcel != core::Parcel::notice, 0, 0);
  dispatch.expires_at = kept_until(file.state, audience);
  return dispatch;
}

boost::asio::awaitable<void> Retained::add_case(ports::RetainedInForce& all, CaseFile& file) {
  const std::uint32_t entries = file.state.entries;
  std::array<std::shared_ptr<const core::SignedCopy>, core::audience_count> copies;
  for (core::Audience audience : core::all_audiences) {
    if (is_kept(file.state, audience)) {
      core::Result<std::shared_ptr<const core::SignedCopy>> copy =
          co_await documents_.current_copy(file, audience);
      all.complete = all.complete && !is_unread(copy);
      if (copy) {
        copies[static_cast<std::size_t>(audience)] = *copy;
      }
    }
  }
  std::shared_ptr<const core::Photo> photo;
  if (!file.state.recalled()) {
    core::Result<std::shared_ptr<const core::Photo>> opened = co_await documents_.photo(file);
    all.complete = all.complete && !is_unread(opened);
    if (opened) {
      photo = *opened;
    }
  }
  if (file.state.entries != entries) {
    all.complete = false;  // decided while it was read: what was read must not pass for what is in force now
    co_return;
  }
  const auto add_notice = [&](core::Audience audience, core::Target target) {
    ports::Dispatch notice = blank(file, audience, std::move(target), core::Parcel::notice);
    notice.copy = copies[static_cast<std::size_t>(audience)];
    if (notice.copy) {
      all.dispatches.push_back(std::move(notice));
    }
  };
  for (core::Audience audience : core::all_audiences) {
    if (!is_kept(file.state, audience)) {
      continue;
    }
    const bool taken_down = file.state.copy(audience).recall_revision != 0;
    for (core::Division division : file.state.divisions) {
      add_notice(audience, division);
      if (photo || taken_down) {
        const core::Parcel parcel = taken_down ? core::Parcel::photo_clear : core::Parcel::photo;
        ports::Dispatch picture = blank(file, audience, division, parcel);
        picture.photo = taken_down ? nullptr : photo;
        all.dispatches.push_back(std::move(picture));
      }
    }
  }
  for (core::Ordinal ordinal : file.addressed) {
    const core::Directory::Entry recipient = world_.directory.at(ordinal);
    core::RecipientId id{std::string(recipient.id)};
    if (is_kept(file.state, recipient.audience) && belongs(file, recipient.audience, id)) {
      add_notice(recipient.audience, std::move(id));
    }
  }
}

boost::asio::awaitable<ports::RetainedInForce> Retained::in_force() {
  std::vector<core::AlertId> kept;
  for (const auto& [id, file] : world_.cases.all()) {
    const auto is_kept_for = [&, state = &file.state](core::Audience audience) {
      return is_kept(*state, audience);
    };
    if (std::any_of(std::begin(core::all_audiences), std::end(core::all_audiences), is_kept_for)) {
      kept.push_back(id);
    }
  }
  ports::RetainedInForce all;
  for (const core::AlertId& id : kept) {
    co_await add_case(all, *world_.cases.find(id));
  }
  std::stable_sort(
      all.dispatches.begin(), all.dispatches.end(),
      [](const ports::Dispatch& a, const ports::Dispatch& b) { return a.delivery.urgency < b.delivery.urgency; });
  co_return all;
}

bool Retained::still_in_force(const core::Delivery& given) const {
  const CaseFile* file = std::as_const(world_.cases).find(given.alert_id);
  return file != nullptr && is_kept(file->state, given.audience) &&
         file->state.copy(given.audience).version == given.version;
}

boost::asio::awaitable<core::Result<std::optional<ports::Dispatch>>> Retained::in_force_at(
    ports::RetainedSeen seen) {
  const std::optional<ports::Dispatch> none;
  CaseFile* file = world_.cases.find(seen.alert_id);
  const core::Audience audience = file == nullptr ? seen.audience : audience_at(*file, seen.audience, seen.target);
  if (file == nullptr || !is_kept(file->state, audience) || !belongs(*file, audience, seen.target)) {
    co_return none;
  }
  const bool picture = seen.parcel != core::Parcel::notice;
  core::Parcel parcel = core::Parcel::notice;
  if (picture) {
    const bool taken_down = file->state.copy(audience).recall_revision != 0;
    parcel = taken_down ? core::Parcel::photo_clear : core::Parcel::photo;
  }
  ports::Dispatch dispatch = blank(*file, audience, seen.target, parcel);
  if (parcel == core::Parcel::notice) {
    core::Result<std::shared_ptr<const core::SignedCopy>> copy = co_await documents_.current_copy(*file, audience);
    if (is_unread(copy)) {
      co_return copy.error();
    }
    if (!copy) {
      co_return none;
    }
    dispatch.copy = *copy;
  } else if (parcel == core::Parcel::photo) {
    core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(*file);
    if (is_unread(photo)) {
      co_return photo.error();
    }
    if (!photo) {
      co_return none;
    }
    dispatch.photo = *photo;
  }
  co_return std::optional<ports::Dispatch>(std::move(dispatch));
}

}  // namespace tuanyuan::engine
