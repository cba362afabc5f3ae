#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/notice.hpp"
#include "core/recipient.hpp"

namespace tuanyuan::station {

/// A recipient as the station that answers for it needs it: the station itself, or one whose `via` it is.
struct Member {
  core::RecipientId id;
  std::string name;  ///< for people; may be empty
  core::Audience audience = core::Audience::partner;
  core::Division division;
  std::optional<core::Position> place;  ///< WGS-84
  std::vector<core::DivisionPrefix> coverage;

  Member() = default;
  explicit Member(const core::Recipient& recipient);
};

/// Whether the notice is for this member by its own reckoning: in the circle, or covering one of the divisions
/// (contract, section 3: "who is expected").
bool is_targeted(const Member& member, const core::Notice& notice);

/// The same for a notice that came on the member's own direct topic, where targeting has been done: only an
/// update whose circle has left its place behind is no more for it.
bool is_targeted_directly(const Member& member, const core::Notice& notice);

}  // namespace tuanyuan::station
