#include "core/targeting.hpp"

#include <algorithm>

namespace tuanyuan::core {

Targets target(const Directory& directory, const Circle& circle, Division place_of_loss, AudienceSet audiences) {
  Targets targets;
  const RecipientSet inside = directory.inside(circle);
  targets.divisions.push_back(place_of_loss);
  for (const auto& [division, members] : directory.by_division()) {
    if (division != place_of_loss && members.and_cardinality(inside) > 0) {
      targets.divisions.push_back(division);
    }
  }
  std::sort(targets.divisions.begin(), targets.divisions.end());

  const RecipientSet covering = directory.covering(targets.divisions);
  const RecipientSet candidates = inside | covering;
  for (Audience audience : all_audiences) {
    if (audiences.contains(audience)) {
      targets.expected |= candidates & directory.of_audience(audience);
    }
  }
  for (Ordinal ordinal : targets.expected) {
    const Directory::Entry entry = directory.at(ordinal);
    if (entry.via) {
      targets.addressed.add(*entry.via);
    } else if (entry.by_coverage || entry.delivery == DeliveryMode::direct) {
      targets.addressed.add(ordinal);
    }
  }
  return targets;
}

}  // namespace tuanyuan::core
