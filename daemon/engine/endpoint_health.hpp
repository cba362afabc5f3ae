#pragma once

#include <vector>

#include "core/board.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How each way to a recipient is now, in its own order; its connection alone where it has named none.
std::vector<core::EndpointHealth> health_of(const World& world, const CaseFile& file,
                                            const ports::DirectoryEntry& entry);

/// By which of them it, or its hub, was told of this alert, the usual one first; at last by what it has no more.
std::vector<core::ChannelKind> tried_ways(const World& world, const CaseFile& file,
                                          const ports::DirectoryEntry& entry);

}  // namespace tuanyuan::engine
