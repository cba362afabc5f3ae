#include "core/authority.hpp"

#include <algorithm>

namespace tuanyuan::core {

bool sees(const Caller& officer, const CaseState& state) {
  if (!state.exists() || officer.unit.empty()) {
    return false;
  }
  const DivisionPrefix own = officer.division();
  return decides_on(officer, state) || std::any_of(state.divisions.begin(), state.divisions.end(),
                                                   [&own](Division reached) { return own.contains(reached); });
}

bool decides_on(const Caller& officer, const CaseState& state) {
  if (!state.exists() || officer.unit.empty()) {
    return false;
  }
  return officer.division().contains(state.division) || officer.unit == state.unit ||
         officer.unit == state.submitted_by.unit;
}

bool vouches_for(const Caller& officer, const Directory::Entry& recipient, const CaseState& state) {
  return decides_on(officer, state) || (sees(officer, state) && officer.division().contains(recipient.division));
}

bool sees(const Directory::Entry& recipient, bool expected, const CaseState& state) {
  if (!state.issued() || !state.audiences.contains(recipient.audience)) {
    return false;
  }
  return expected || std::binary_search(state.divisions.begin(), state.divisions.end(), recipient.division);
}

}  // namespace tuanyuan::core
