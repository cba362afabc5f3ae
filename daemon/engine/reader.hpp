#pragma once

#include <optional>

#include "core/caller.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Whose copy an alert is read in.
struct Reader {
  core::Audience audience = core::Audience::police;
  bool officer = false;
  bool decides = false;  ///< the officer's unit does, on this case
};

/// Who has just decided on the case, or did when the request came for the first time.
inline constexpr Reader who_decided{core::Audience::police, true, true};

/// An officer who may know of the case.
Reader officer_reading(const core::Caller& officer, const core::CaseState& state);

/// Nothing: the caller may not know of this alert.
std::optional<Reader> reader_of(const World& world, const core::Caller& caller, const CaseFile& file);

}  // namespace tuanyuan::engine
