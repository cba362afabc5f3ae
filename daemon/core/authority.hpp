#pragma once

#include "core/caller.hpp"
#include "core/case.hpp"
#include "core/directory.hpp"

namespace tuanyuan::core {

/// Whether an officer may know of the case: it is of the unit's own division, its own unit took it, or its
/// circle reaches the unit's division (contract, section 2).
bool sees(const Caller& officer, const CaseState& state);

/// Whether an officer may decide on it: only where the place of loss lies in the unit's division, or the unit
/// itself took the report.
bool decides_on(const Caller& officer, const CaseState& state);

/// Whether an officer may vouch for what a recipient answered: on its own unit's case, or for a recipient of its
/// own division.
bool vouches_for(const Caller& officer, const Directory::Entry& recipient, const CaseState& state);

/// Whether a recipient may read its audience's copy: the alert was released to its audience, and it is
/// expected or stands in one of the alert's divisions.
bool sees(const Directory::Entry& recipient, bool expected, const CaseState& state);

}  // namespace tuanyuan::core
