#pragma once

#include <map>
#include <vector>

#include "core/directory.hpp"
#include "core/geo.hpp"
#include "core/recipient.hpp"
#include "core/recipient_set.hpp"

namespace tuanyuan::core {

/// Whom an alert is for (contract, section 3: "who is expected").
struct Targets {
  /// The place of loss's division and those of the recipients positioned in the circle, sorted.
  std::vector<Division> divisions;
  /// Of the released audiences: in the circle, or covering one of the divisions.
  RecipientSet expected;
  /// Among them, who is addressed on a topic of its own: by coverage, by choice, or through its hub (then the
  /// hub's ordinal stands here).
  RecipientSet addressed;
};

/// Whom a lookout is for: the police of the division of loss, checkpoints and borders among them, before
/// anything is released (快速查找机制).
Targets lookout_target(const Directory& directory, Division place_of_loss);

Targets target(const Directory& directory, const Circle& circle, Division place_of_loss, AudienceSet audiences);
/// Whom a circle and the divisions that were drawn for it concern, the directory being what it is now.
Targets target_drawn(const Directory& directory, const Circle& circle, std::vector<Division> divisions,
                     AudienceSet audiences);

/// Of every audience: whom an alert with this circle would be for, whichever of the divisions in it the child was
/// lost in. Where nobody is positioned in it, those who cover everything remain.
RecipientSet concerned(const Directory& directory, const Circle& circle);
/// Likewise whom alerts of the divisions under a prefix are for: who is positioned there, and who covers any of
/// it.
RecipientSet concerned(const Directory& directory, const DivisionPrefix& within);
/// The same of each part of a division one level below it: of those that the directory knows, because somebody
/// stands there or covers just that. Who covers several of them is of each.
std::map<DivisionPrefix, RecipientSet> concerned_by_part(const Directory& directory, const DivisionPrefix& whole);

}  // namespace tuanyuan::core
