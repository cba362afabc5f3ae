#include "engine/replies.hpp"

#include <utility>

#include "core/telephone.hpp"
#include "engine/tallies.hpp"
#include "engine/walk.hpp"

namespace tuanyuan::engine {
namespace {

/// Or was: who has another number since may answer what it was told from the one that it had.
bool is_at(const ports::DirectoryEntry& entry, core::ChannelKind gateway, const std::string& number) {
  for (const std::vector<core::Endpoint>* known : {&entry.recipient.endpoints, &entry.former}) {
    for (const core::Endpoint& endpoint : *known) {
      if (endpoint.channel == gateway && core::national_number(endpoint.address) == number) {
        return true;
      }
    }
  }
  return false;
}

bool was_told(const CaseFile& file, core::ChannelKind gateway, core::Ordinal recipient) {
  return file.told_by.contains(recipient, gateway) || file.maybe_told_by.contains(recipient, gateway);
}

}  // namespace

boost::asio::awaitable<core::Result<std::vector<ports::Told>>> Replies::told(core::ChannelKind gateway,
                                                                             std::string address) {
  std::vector<ports::Told> found;
  const std::string number = core::national_number(address);
  std::vector<core::Ordinal> ordinals = world_.endpoints.maybe_at(gateway, number);
  if (number.empty() || ordinals.empty()) {
    co_return found;
  }
  const auto entries = co_await world_.tools.ledger.recipients(std::move(ordinals));
  if (!entries) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  for (const ports::DirectoryEntry& entry : *entries) {
    if (!is_at(entry, gateway, number)) {
      continue;
    }
    for (const auto& [id, file] : world_.cases.all()) {
      if (was_told(file, gateway, entry.ordinal)) {
        const core::CopyState& copy = file.state.copy(entry.recipient.audience);
        ports::Told told;
        told.alert_id = id;
        told.recipient = entry.recipient.id;
        told.revision = copy.version.revision;
        told.is_recall = copy.recall_revision != 0;
        found.push_back(std::move(told));
      }
    }
  }
  co_return found;
}

/// A tally that is not loaded yet knows of fewer answers, and not who was left outside of the circle. A revision
/// that another has followed is still open: that one may be on its way, and whoever reads the former has read it.
ports::LinkStanding Replies::standing(const ports::Told& told) const {
  const CaseFile* file = std::as_const(world_.cases).find(told.alert_id);
  if (file == nullptr) {
    return ports::LinkStanding::over;
  }
  const std::optional<core::Ordinal> ordinal = ordinal_in(world_, *file, told.recipient);
  if (!ordinal) {
    return ports::LinkStanding::open;
  }
  const core::CopyState& copy = file->state.copy(world_.directory.at(*ordinal).audience);
  const bool was_left = file->tally.outside().contains(*ordinal) || file->withdrawn.contains(*ordinal);
  const bool is_taken_down = file->state.recalled() || copy.recall_revision != 0 || was_left;
  if (!told.is_recall && is_taken_down) {
    return ports::LinkStanding::over;
  }
  if (told.is_recall && !is_taken_down && copy.issued && file->tally_loaded) {
    return ports::LinkStanding::outdated;
  }
  const core::AnswerKind asked = told.is_recall ? core::AnswerKind::removed : core::AnswerKind::confirmed;
  const bool has_come = file->tally.answered(told.revision, asked).contains(*ordinal);
  return has_come ? ports::LinkStanding::answered : ports::LinkStanding::open;
}

void Replies::not_reached(const core::AlertId& alert, const core::RecipientId& recipient,
                          core::ChannelKind gateway) {
  CaseFile* file = world_.cases.find(alert);
  const std::optional<core::Ordinal> ordinal =
      file == nullptr ? std::nullopt : ordinal_in(world_, *file, recipient);
  if (ordinal) {
    way_failed(world_, *file, *ordinal, {gateway, 0});
  }
}

}  // namespace tuanyuan::engine
