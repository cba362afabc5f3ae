#include "core/targeting.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::core {
namespace {

/// In no province, so that nobody covers it but who covers everything.
constexpr Division elsewhere{1};

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

std::vector<Division> divisions_of(const Directory& directory, const RecipientSet& recipients) {
  std::vector<Division> divisions;
  for (const auto& [division, members] : directory.by_division()) {
    if (members.intersect(recipients)) {
      divisions.push_back(division);
    }
  }
  return divisions;
}

}  // namespace

Targets target(const Directory& directory, const Circle& circle, Division place_of_loss, AudienceSet audiences) {
  std::vector<Division> divisions = divisions_of(directory, directory.inside(circle));
  if (std::find(divisions.begin(), divisions.end(), place_of_loss) == divisions.end()) {
    divisions.push_back(place_of_loss);
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

RecipientSet concerned(const Directory& directory, const Circle& circle) {
  const RecipientSet inside = directory.inside(circle);
  std::vector<Division> divisions = divisions_of(directory, inside);
  divisions.push_back(elsewhere);
  return inside | directory.covering(divisions);
}

RecipientSet concerned(const Directory& directory, const DivisionPrefix& within) {
  return directory.placed_in(within) | directory.covering(within);
}

std::map<DivisionPrefix, RecipientSet> concerned_by_part(const Directory& directory, const DivisionPrefix& whole) {
  std::map<DivisionPrefix, RecipientSet> parts;
  for (const auto& [division, members] : directory.by_division()) {
    const std::optional<DivisionPrefix> part = part_of(whole, DivisionPrefix{to_string(division)});
    if (part && members.intersect(directory.live())) {
      parts[*part] |= members;
    }
  }
  for (const auto& [covered, members] : directory.by_coverage()) {
    if (const std::optional<DivisionPrefix> part = part_of(whole, covered); part && !members.isEmpty()) {
      parts.try_emplace(*part);
    }
  }
  // Once for all of them: it goes through everybody who has a coverage.
  const RecipientSet placed = directory.placed_in(whole);
  for (auto& [part, members] : parts) {
    members &= placed;
    members |= directory.covering(part);
  }
  return parts;
}

}  // namespace tuanyuan::core
