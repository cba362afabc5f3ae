#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/documents.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Fills an alert's bitmaps from the ledger: who is expected, who was addressed, who answered. Once for each
/// case: at start for those at work, otherwise when somebody asks for the board. Refuses (unavailable) when
/// the ledger cannot be read.
boost::asio::awaitable<core::Result<void>> load_tally(World& world, Documents& documents, CaseFile& file);

/// Newly expected recipients of a version, taken into the bitmaps and sorted into rings around the centre.
void expect(const World& world, CaseFile& file, std::uint32_t revision, const core::RecipientSet& recipients,
            const std::optional<core::Circle>& circle);

}  // namespace tuanyuan::engine
