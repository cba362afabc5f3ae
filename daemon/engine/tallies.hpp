#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

#include "core/targeting.hpp"
#include "engine/documents.hpp"
#include "engine/outbox.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Fills an alert's bitmaps from the ledger: who is expected, who was addressed, who answered. Once for each
/// case: at start for those at work, otherwise when somebody asks for the board. Refuses (unavailable) when
/// the ledger cannot be read.
boost::asio::awaitable<core::Result<void>> load_tally(World& world, Documents& documents, CaseFile& file);

/// Before it is filled anew: whoever stood in a ring of an earlier circle would stand in two.
void forget_tally(CaseFile& file);
/// Something was committed that whoever is filling it may have read too early to see.
void outdate_loading(CaseFile& file);

/// A committed mailing, taken into the bitmaps: who is expected since, who was told directly, whom the circle
/// left behind. Whether the rest of them is there too is for load_tally to say.
void take_in(const World& world, CaseFile& file, const std::vector<ports::ExpectedRecipients>& expected,
             const Mailing& mailing);

/// A recipient by its id, as an alert knows it: who was deleted stays in the alerts it was told of until they are
/// recalled, is chased to take them down, and says that it has.
std::optional<core::Ordinal> ordinal_in(const World& world, const CaseFile& file, const core::RecipientId& id);
/// Whose endpoint an outbox row goes to; none: it is not known (any more).
std::optional<core::Ordinal> addressee_in(const World& world, const CaseFile& file,
                                          const core::Delivery& delivery);
/// These targets, and who was told, was deleted since and stands within the circle: nothing new is for it, and it
/// stays in the alert.
core::Targets with_deleted(const core::Directory& directory, const core::Circle& circle, core::Targets targets,
                           const core::RecipientSet& told);
/// Of those expected, whom these targets no longer take in.
core::RecipientSet left_outside(const core::RecipientSet& expected, const core::Targets& targets);
/// Likewise of those told directly. A unit that was told of a silent one keeps the alert while anybody whom it
/// answers for is within.
core::RecipientSet left_unaddressed(const core::Directory& directory, const core::RecipientSet& addressed,
                                    const core::Targets& targets);
/// Those units: they owe the answers of one within.
core::RecipientSet kept_by_units(const core::RecipientSet& addressed, const core::RecipientSet& withdrawn,
                                 const core::Targets& targets);

/// What an audience is asked of this alert now, for its chase.
core::Chase::Asked asked_of(const World& world, const CaseFile& file, core::Audience audience);
/// Likewise, those whom the circle left behind: they still have to take it down.
core::Chase::Asked asked_of_outside(const World& world, const CaseFile& file, core::Audience audience);

/// Who keeps silent now, as the board has it.
core::RecipientSet silent_of(const World& world, const CaseFile& file);
/// So many of these silent ones: first whom a person has to call, then for whom what follows is due first; of
/// equals by ordinal. No more of them are put in order than are asked for.
std::vector<core::Ordinal> most_urgent(const World& world, const CaseFile& file, const core::RecipientSet& silent,
                                       std::size_t most);

}  // namespace tuanyuan::engine
