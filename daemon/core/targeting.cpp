#include "core/targeting.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::core {
namespace {

/// Who is told on a topic of its own: by coverage, by choice, or through its hub.
RecipientSet addressed_among(const Directory& directory, const RecipientSet& expected) {
  RecipientSet addressed;
  for (Ordinal ordinal : expected) {
    const Directory::Entry entry = directory.at(ordinal);
    if (entry.via) {
      addressed.add(*entry.via);
    } else if (entry.by_coverage || entry.delivery == DeliveryMode::direct) {
      addressed.add(ordinal);
    }
  }
  return addressed;
}

}  // namespace

Targets target(const Directory& directory, const Circle& circle, Division place_of_loss, AudienceSet audiences) {
  const RecipientSet inside = directory.inside(circle);
  std::vector<Division> divisions{place_of_loss};
  for (const auto& [division, members] : directory.by_division()) {
    if (division != place_of_loss && members.and_cardinality(inside) > 0) {
      divisions.push_back(division);
    }
  }
  std::sort(divisions.begin(), divisions.end());
  return target_drawn(directory, circle, std::move(divisions), audiences);
}

Targets target_drawn(const Directory& directory, const Circle& circle, std::vector<Division> divisions,
                     AudienceSet audiences) {
  Targets targets;
  targets.divisions = std::move(divisions);
  const RecipientSet inside = directory.inside(circle);
  const RecipientSet covering = directory.covering(targets.divisions);
  const RecipientSet candidates = inside | covering;
  for (Audience audience : all_audiences) {
    if (audiences.contains(audience)) {
      targets.expected |= candidates & directory.of_audience(audience);
    }
  }
  targets.addressed = addressed_among(directory, targets.expected);
  return targets;
}

Targets lookout_target(const Directory& directory, Division place_of_loss) {
  Targets targets;
  targets.divisions.push_back(place_of_loss);
  targets.expected = directory.covering(targets.divisions);
  if (const auto here = directory.by_division().find(place_of_loss); here != directory.by_division().end()) {
    targets.expected |= here->second;
  }
  targets.expected &= directory.of_audience(Audience::police) & directory.live();
  targets.addressed = addressed_among(directory, targets.expected);
  return targets;
}

}  // namespace tuanyuan::core
