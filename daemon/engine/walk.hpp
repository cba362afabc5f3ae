#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/recipient_set.hpp"
#include "core/way.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// By which of its endpoints the chase tells this listener next, after so many direct steps for one missing
/// answer: its further ones in its own order, one a step, those of paused channels left out; at last whatever the
/// directory names since and it was not told by; endpoints_max at the most. None: it has gone through all of them.
std::optional<core::Way> further_way(const World& world, const CaseFile& file, core::Ordinal listener,
                                     std::uint32_t taken);

/// For a chase (core::Chase::Asked): of those who took so many direct steps, who has another such way. World and
/// case outlive it.
std::function<core::RecipientSet(const core::RecipientSet&, std::uint32_t)> further_of(const World& world,
                                                                                       const CaseFile& file);

/// Whether this way is the last one that was tried for a silent one, the usual one where none was: a way that
/// fails late, when the next one has been tried, brings on no third. Endpoint 0: any of that channel.
bool is_last_tried(const World& world, const CaseFile& file, core::Ordinal silent, core::Way way);

/// A way has not reached whom it was to tell: the next one is tried before it is due, unless it has been already.
/// Of a hub that is not expected itself, as for one of those behind it. Endpoint 0: any of that channel.
void way_failed(World& world, CaseFile& file, core::Ordinal told, core::Way way);

}  // namespace tuanyuan::engine
