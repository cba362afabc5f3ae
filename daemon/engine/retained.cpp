#include "engine/retained.hpp"

#include <algorithm>
#include <utility>

#include "core/urgency.hpp"

namespace tuanyuan::engine {
namespace {

core::NoticeKind kind_of(const core::CaseState& state) {
  switch (state.alert_state) {
    case core::AlertState::closed:
      return core::NoticeKind::close;
    case core::AlertState::retracted:
      return core::NoticeKind::retract;
    default:
      return state.content.revision > 1 ? core::NoticeKind::update : core::NoticeKind::alert;
  }
}

}  // namespace

bool Retained::is_kept(const core::CaseState& state) const {
  if (state.report_state != core::ReportState::released) {
    return false;
  }
  const core::Instant now = world_.tools.clock.wall_now();
  return state.recalled() ? now < state.ended_at + world_.settings.recall_retention : now < state.expires_at;
}

bool Retained::belongs(const CaseFile& file, core::Audience audience, const core::Target& target) const {
  if (const auto* division = std::get_if<core::Division>(&target)) {
    return file.state.audiences.contains(audience) &&
           std::binary_search(file.state.divisions.begin(), file.state.divisions.end(), *division);
  }
  const std::string& id = std::get<core::RecipientId>(target).value;
  return std::any_of(file.addressed.begin(), file.addressed.end(),
                     [&](core::Ordinal ordinal) { return world_.directory.at(ordinal).id == id; });
}

ports::RetainedVerdict Retained::judge(const ports::RetainedSeen& seen) {
  const CaseFile* file = std::as_const(world_.cases).find(seen.alert_id);
  const bool emptied = !seen.version && seen.parcel != core::Parcel::photo;
  if (file == nullptr || !is_kept(file->state) || !belongs(*file, seen.audience, seen.target)) {
    return emptied || seen.parcel == core::Parcel::photo_clear ? ports::RetainedVerdict::in_order
                                                               : ports::RetainedVerdict::stranger;
  }
  if (seen.parcel == core::Parcel::photo) {
    return file->state.recalled() ? ports::RetainedVerdict::stranger : ports::RetainedVerdict::in_order;
  }
  if (seen.parcel == core::Parcel::photo_clear) {
    return file->photo && !file->state.recalled() ? ports::RetainedVerdict::behind
                                                  : ports::RetainedVerdict::in_order;
  }
  return seen.version == file->state.version ? ports::RetainedVerdict::in_order : ports::RetainedVerdict::behind;
}

ports::Dispatch Retained::blank(const CaseFile& file, core::Audience audience, core::Target target,
                                core::Parcel parcel) const {
  ports::Dispatch dispatch;
  dispatch.delivery.alert_id = file.state.alert_id;
  dispatch.delivery.version = file.state.version;
  dispatch.delivery.kind = kind_of(file.state);
  dispatch.delivery.status = file.state.status;
  dispatch.delivery.audience = audience;
  dispatch.delivery.target = std::move(target);
  dispatch.delivery.parcel = parcel;
  dispatch.delivery.urgency =
      core::urgency_key(file.state.status, dispatch.delivery.kind, parcel != core::Parcel::notice, 0, 0);
  dispatch.expires_at =
      file.state.recalled() ? file.state.ended_at + world_.settings.recall_retention : file.state.expires_at;
  return dispatch;
}

boost::asio::awaitable<void> Retained::add_case(std::vector<ports::Dispatch>& all, CaseFile& file) {
  std::array<std::shared_ptr<const core::SignedCopy>, core::audience_count> copies;
  for (core::Audience audience : core::all_audiences) {
    if (file.state.audiences.contains(audience)) {
      core::Result<std::shared_ptr<const core::SignedCopy>> copy =
          co_await documents_.current_copy(file, audience);
      if (copy) {
        copies[static_cast<std::size_t>(audience)] = *copy;
      }
    }
  }
  std::shared_ptr<const core::Photo> photo;
  if (!file.state.recalled()) {
    core::Result<std::shared_ptr<const core::Photo>> opened = co_await documents_.photo(file);
    if (opened) {
      photo = *opened;
    }
  }
  const auto add_notice = [&](core::Audience audience, core::Target target) {
    ports::Dispatch notice = blank(file, audience, std::move(target), core::Parcel::notice);
    notice.copy = copies[static_cast<std::size_t>(audience)];
    if (notice.copy) {
      all.push_back(std::move(notice));
    }
  };
  for (core::Audience audience : core::all_audiences) {
    if (!file.state.audiences.contains(audience)) {
      continue;
    }
    for (core::Division division : file.state.divisions) {
      add_notice(audience, division);
      if (photo || file.state.recalled()) {
        const core::Parcel parcel = photo ? core::Parcel::photo : core::Parcel::photo_clear;
        ports::Dispatch picture = blank(file, audience, division, parcel);
        picture.photo = photo;
        all.push_back(std::move(picture));
      }
    }
  }
  for (core::Ordinal ordinal : file.addressed) {
    const core::Directory::Entry recipient = world_.directory.at(ordinal);
    add_notice(recipient.audience, core::RecipientId(std::string(recipient.id)));
  }
}

boost::asio::awaitable<std::vector<ports::Dispatch>> Retained::in_force() {
  std::vector<core::AlertId> kept;
  for (const auto& [id, file] : world_.cases.all()) {
    if (is_kept(file.state)) {
      kept.push_back(id);
    }
  }
  std::vector<ports::Dispatch> all;
  for (const core::AlertId& id : kept) {
    co_await add_case(all, *world_.cases.find(id));
  }
  std::stable_sort(all.begin(), all.end(), [](const ports::Dispatch& a, const ports::Dispatch& b) {
    return a.delivery.urgency < b.delivery.urgency;
  });
  co_return all;
}

boost::asio::awaitable<std::optional<ports::Dispatch>> Retained::in_force_at(ports::RetainedSeen seen) {
  std::optional<ports::Dispatch> none;
  CaseFile* file = world_.cases.find(seen.alert_id);
  if (file == nullptr || !is_kept(file->state) || !belongs(*file, seen.audience, seen.target)) {
    co_return none;
  }
  if (const auto* recipient = std::get_if<core::RecipientId>(&seen.target)) {
    // A topic of one's own does not name the audience; the directory does.
    for (const core::Ordinal ordinal : file->addressed) {
      const core::Directory::Entry entry = world_.directory.at(ordinal);
      seen.audience = entry.id == recipient->value ? entry.audience : seen.audience;
    }
  }
  const bool picture = seen.parcel != core::Parcel::notice;
  core::Parcel parcel = core::Parcel::notice;
  if (picture) {
    parcel = file->state.recalled() ? core::Parcel::photo_clear : core::Parcel::photo;
  }
  ports::Dispatch dispatch = blank(*file, seen.audience, seen.target, parcel);
  if (parcel == core::Parcel::notice) {
    core::Result<std::shared_ptr<const core::SignedCopy>> copy =
        co_await documents_.current_copy(*file, seen.audience);
    if (!copy) {
      co_return none;
    }
    dispatch.copy = *copy;
  } else if (parcel == core::Parcel::photo) {
    core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(*file);
    if (!photo) {
      co_return none;
    }
    dispatch.photo = *photo;
  }
  co_return std::optional<ports::Dispatch>(std::move(dispatch));
}

}  // namespace tuanyuan::engine
