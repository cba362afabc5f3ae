#pragma once

#include <optional>

#include "core/caller.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Whose copy an alert is read in.
struct Reader {
  core::Audience audience = core::Audience::police;
  bool officer = false;
};

/// Nothing: the caller may not know of this alert.
std::optional<Reader> reader_of(const World& world, const core::Caller& caller, const CaseFile& file);

}  // namespace tuanyuan::engine
