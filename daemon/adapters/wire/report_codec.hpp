#pragma once

#include "core/report.hpp"
#include "tuanyuan/v1/report.pb.h"

namespace tuanyuan::wire {

/// Total: what cannot stand in a Report is noted in the draft, for the rules to refuse with its path. Of a
/// position one of whose numbers is missing that one is not a number; sizes that no whole number of
/// centimetres or kilograms can hold become the nearest one, which is out of range.
core::ReportDraft from_proto(const v1::MissingChildReport& message);
v1::MissingChildReport to_proto(const core::Report& report);

// Parts that notices and sightings share with reports.
v1::Position to_proto(core::Position position, core::Crs crs);
v1::LastSeen to_proto(const core::LastSeen& last_seen);
v1::Suspect to_proto(const core::Suspect& suspect);
v1::Contact to_proto(const core::Contact& contact);
v1::Photo to_proto(const core::Photo& photo);
core::Position from_proto(const v1::Position& position);
core::Suspect from_proto(const v1::Suspect& suspect);
core::Contact from_proto(const v1::Contact& contact);
core::Photo from_proto(const v1::Photo& photo);
/// Without the division, which only its reader can refuse.
core::LastSeen from_proto(const v1::LastSeen& last_seen);

}  // namespace tuanyuan::wire
