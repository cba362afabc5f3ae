#include "engine/reader.hpp"

#include "core/authority.hpp"

namespace tuanyuan::engine {
namespace {

const core::Roles officers{core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                           core::Role::operator_};

}  // namespace

Reader officer_reading(const core::Caller& officer, const core::CaseState& state) {
  return {core::Audience::police, true, core::decides_on(officer, state)};
}

std::optional<Reader> reader_of(const World& world, const core::Caller& caller, const CaseFile& file) {
  if (!file.state.issued()) {
    return std::nullopt;
  }
  if (caller.roles.contains_any(officers) && core::sees(caller, file.state)) {
    return officer_reading(caller, file.state);
  }
  if (!caller.roles.contains(core::Role::recipient)) {
    return std::nullopt;
  }
  const std::optional<core::Ordinal> ordinal = world.directory.find(caller.recipient.value);
  if (!ordinal) {
    return std::nullopt;
  }
  const core::Directory::Entry recipient = world.directory.at(*ordinal);
  const bool told = file.tally.expected().contains(*ordinal) || file.addressed.contains(*ordinal);
  if (!core::sees(recipient, told, file.state)) {
    return std::nullopt;
  }
  return Reader{recipient.audience, false, false};
}

}  // namespace tuanyuan::engine
