#include "tools/station/member.hpp"

#include <algorithm>

namespace tuanyuan::station {

Member::Member(const core::Recipient& recipient)
    : id(recipient.id), name(recipient.name), audience(recipient.audience), division(recipient.division), coverage(recipient.coverage) {
  if (recipient.position) {
    place = core::to_wgs84(*recipient.position, recipient.crs);
  }
}

bool is_targeted(const Member& member, const core::Notice& notice) {
  if (member.audience != notice.audience) {
    return false;
  }
  if (!member.coverage.empty()) {
    return std::any_of(member.coverage.begin(), member.coverage.end(), [&](const core::DivisionPrefix& prefix) {
      return std::any_of(notice.divisions.begin(), notice.divisions.end(),
                         [&](core::Division division) { return prefix.contains(division); });
    });
  }
  return member.place && notice.circle && core::covers(*notice.circle, *member.place);
}

bool is_targeted_directly(const Member& member, const core::Notice& notice) {
  if (member.audience != notice.audience) {
    return false;
  }
  const bool may_be_left_behind = notice.kind == core::NoticeKind::update && member.coverage.empty();
  return !may_be_left_behind || !member.place || !notice.circle || core::covers(*notice.circle, *member.place);
}

}  // namespace tuanyuan::station
