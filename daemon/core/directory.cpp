#include "core/directory.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tuanyuan::core {
namespace {

/// Coordinates are kept in steps of a ten-millionth of a degree, about a centimetre.
constexpr double steps_per_degree = 1e7;
constexpr double km_per_degree = 111.0;  // a little less than true, so that a box never cuts its circle

std::int32_t packed(double degrees) {
  return static_cast<std::int32_t>(std::lround(degrees * steps_per_degree));
}
double unpacked(std::int32_t steps) {
  return static_cast<double>(steps) / steps_per_degree;
}

/// Bounds outside of which nothing can be inside the circle.
struct Box {
  std::int32_t south, north, west, east;
  bool all_round = false;

  explicit Box(const Circle& circle) {
    const double high = circle.radius_km / km_per_degree;
    const double low_edge = circle.centre.latitude - high;
    const double high_edge = circle.centre.latitude + high;
    south = packed(std::max(low_edge, -90.0));
    north = packed(std::min(high_edge, 90.0));
    const double narrowest =
        std::cos(std::max(std::abs(low_edge), std::abs(high_edge)) * std::numbers::pi / 180.0);
    const double wide = narrowest > 0.01 ? high / narrowest : 360.0;
    all_round = circle.centre.longitude - wide < -180 || circle.centre.longitude + wide > 180;
    west = all_round ? packed(-180) : packed(circle.centre.longitude - wide);
    east = all_round ? packed(180) : packed(circle.centre.longitude + wide);
  }

  bool holds(std::int32_t latitude, std::int32_t longitude) const {
    return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
  }
};

std::size_t hash_of(std::string_view id) {
  return std::hash<std::string_view>{}(id);
}

}  // namespace

std::string_view Directory::id_of(const Row& row) const {
  const char* at = ids_.data() + row.id_at;
  return {at + 1, static_cast<unsigned char>(*at)};
}

void Directory::put(Ordinal ordinal, const Recipient& recipient) {
  ++generation_;
  if (ordinal >= rows_.size()) {
    rows_.resize(ordinal + 1);
  }
  Row& row = rows_[ordinal];
  const bool known = (row.flags & used) != 0;
  if (known) {
    forget(ordinal);
    leave(ordinal);
  } else {
    row.id_at = static_cast<std::uint32_t>(ids_.size());
    ids_.push_back(static_cast<char>(static_cast<unsigned char>(recipient.id.value.size())));
    ids_.insert(ids_.end(), recipient.id.value.begin(), recipient.id.value.end());
  }
  row.flags = used;
  row.division = recipient.division;
  row.category = recipient.category;
  row.audience = recipient.audience;
  row.delivery = recipient.delivery;
  row.latitude = no_position;
  if (recipient.position) {
    const Position place = to_wgs84(*recipient.position, recipient.crs);
    row.latitude = packed(place.latitude);
    row.longitude = packed(place.longitude);
  }
  if (!recipient.coverage.empty()) {
    coverage_of_[ordinal] = recipient.coverage;
  }
  for (Hours& hours : hours_) {
    hours.members.remove(ordinal);
  }
  keep_hours(ordinal, recipient.hours);
  if (!recipient.unit.empty()) {
    units_[ordinal] = recipient.unit.value;
  }
  row.via = no_via;
  if (!recipient.via.empty()) {
    join(ordinal, recipient.via.value);
  }
  index(ordinal);
  set_hub(recipient.id.value, ordinal);
}

void Directory::join(Ordinal member, const std::string& hub) {
  const auto members = members_of_.try_emplace(hub).first;
  members->second.add(member);
  hub_of_[member] = &members->first;
  if (const std::optional<Ordinal> there = find(hub)) {
    rows_[member].via = *there;
    hubs_.add(*there);
  }
}

void Directory::leave(Ordinal member) {
  const auto hub = hub_of_.find(member);
  if (hub == hub_of_.end()) {
    return;
  }
  const auto members = members_of_.find(*hub->second);
  hub_of_.erase(hub);
  members->second.remove(member);
  if (members->second.isEmpty()) {
    if (const std::optional<Ordinal> there = find(members->first)) {
      hubs_.remove(*there);
    }
    members_of_.erase(members);
  }
}

/// Whoever names it is joined to it, or to nobody while it is not there.
void Directory::set_hub(std::string_view hub, Ordinal via) {
  const auto members = members_of_.find(std::string(hub));
  if (members == members_of_.end()) {
    return;
  }
  for (const Ordinal member : members->second) {
    rows_[member].via = via;
  }
  if (via != no_via) {
    hubs_.add(via);
  }
}

/// What cannot be read was refused before it was stored; read as always there, nobody is forgotten for it.
void Directory::keep_hours(Ordinal ordinal, const std::string& text) {
  if (text.empty()) {
    return;
  }
  const auto same = [&text](const Hours& hours) { return hours.text == text; };
  auto found = std::find_if(hours_.begin(), hours_.end(), same);
  if (found == hours_.end()) {
    Result<OpeningHours> open = OpeningHours::parse(text);
    if (!open) {
      return;
    }
    found = hours_.insert(hours_.end(), Hours{text, std::move(*open), RecipientSet()});
  }
  found->members.add(ordinal);
}

void Directory::remove(Ordinal ordinal) {
  if (ordinal >= rows_.size() || (rows_[ordinal].flags & used) == 0) {
    return;
  }
  ++generation_;
  // It stays countable: boards of alerts it was expected for keep its category and division. Its hours, coverage
  // and hub stay too: it may have to be told of a recall, or that the circle has left it behind, and its hub
  // answers.
  std::vector<DivisionPrefix> coverage;
  if (const auto found = coverage_of_.find(ordinal); found != coverage_of_.end()) {
    coverage = found->second;
  }
  forget(ordinal);
  if (!coverage.empty()) {
    coverage_of_[ordinal] = std::move(coverage);
  }
  Row& row = rows_[ordinal];
  hubs_.remove(ordinal);
  set_hub(id_of(row), no_via);
  row.flags |= deleted;
  by_category_[static_cast<std::size_t>(row.category)].add(ordinal);
  by_audience_[static_cast<std::size_t>(row.audience)].add(ordinal);
  by_division_[row.division].add(ordinal);
}

void Directory::index(Ordinal ordinal) {
  const Row& row = rows_[ordinal];
  live_.add(ordinal);
  by_category_[static_cast<std::size_t>(row.category)].add(ordinal);
  by_audience_[static_cast<std::size_t>(row.audience)].add(ordinal);
  by_division_[row.division].add(ordinal);
  if (const auto coverage = coverage_of_.find(ordinal); coverage != coverage_of_.end()) {
    for (const DivisionPrefix& prefix : coverage->second) {
      coverage_[prefix].add(ordinal);
    }
  }
  if (2 * (indexed_ + 1) > slots_.size()) {
    grow_index();
  }
  take_slot(ordinal);
}

void Directory::take_slot(Ordinal ordinal) {
  Ordinal& slot = slots_[slot_of(id_of(rows_[ordinal]))];
  if (slot == 0) {
    ++indexed_;
  } else if (slot != ordinal + 1) {
    with_predecessor_.add(ordinal);
  }
  slot = ordinal + 1;
}

void Directory::forget(Ordinal ordinal) {
  const Row& row = rows_[ordinal];
  live_.remove(ordinal);
  by_category_[static_cast<std::size_t>(row.category)].remove(ordinal);
  by_audience_[static_cast<std::size_t>(row.audience)].remove(ordinal);
  by_division_[row.division].remove(ordinal);
  if (const auto coverage = coverage_of_.find(ordinal); coverage != coverage_of_.end()) {
    for (const DivisionPrefix& prefix : coverage->second) {
      coverage_[prefix].remove(ordinal);
    }
    coverage_of_.erase(coverage);
  }
  units_.erase(ordinal);
}

std::size_t Directory::slot_of(std::string_view id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(id) & mask;
  while (slots_[slot] != 0 && id_of(rows_[slots_[slot] - 1]) != id) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void Directory::grow_index() {
  slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), 0);
  indexed_ = 0;
  // Deleted ones too: whoever is entered anew under such an id has a predecessor.
  for (Ordinal ordinal = 0; ordinal < rows_.size(); ++ordinal) {
    if ((rows_[ordinal].flags & used) != 0) {
      take_slot(ordinal);
    }
  }
}

std::optional<Ordinal> Directory::find(std::string_view id) const {
  if (slots_.empty()) {
    return std::nullopt;
  }
  const Ordinal found = slots_[slot_of(id)];
  if (found == 0 || !live_.contains(found - 1)) {
    return std::nullopt;
  }
  return found - 1;
}

Directory::Entry Directory::at(Ordinal ordinal) const {
  const Row& row = rows_.at(ordinal);
  Entry entry;
  entry.id = id_of(row);
  entry.category = row.category;
  entry.audience = row.audience;
  entry.delivery = row.delivery;
  entry.division = row.division;
  entry.by_coverage = coverage_of_.contains(ordinal);
  entry.deleted = (row.flags & deleted) != 0;
  if (row.latitude != no_position) {
    entry.position = Position{unpacked(row.latitude), unpacked(row.longitude)};
  }
  if (row.via != no_via) {
    entry.via = row.via;
  }
  if (const auto unit = units_.find(ordinal); unit != units_.end()) {
    entry.unit = unit->second;
  }
  return entry;
}

RecipientSet Directory::behind(const RecipientSet& hubs) const {
  RecipientSet heard;
  for (const Ordinal hub : hubs& hubs_) {
    heard |= members_of_.at(std::string(id_of(rows_[hub])));
  }
  return heard & live_;
}

RecipientSet Directory::of_audiences(AudienceSet audiences) const {
  RecipientSet members;
  for (Audience audience : all_audiences) {
    if (audiences.contains(audience)) {
      members |= of_audience(audience);
    }
  }
  return members;
}

RecipientSet Directory::inside(const Circle& circle) const {
  const Box box(circle);
  std::vector<Ordinal> found;
  for (Ordinal ordinal = 0; ordinal < rows_.size(); ++ordinal) {
    const Row& row = rows_[ordinal];
    if (row.flags != used || !box.holds(row.latitude, row.longitude) || row.latitude == no_position) {
      continue;
    }
    if (covers(circle, Position{unpacked(row.latitude), unpacked(row.longitude)})) {
      found.push_back(ordinal);
    }
  }
  RecipientSet set(found.size(), found.data());
  for (const auto& [ordinal, coverage] : coverage_of_) {
    set.remove(ordinal);
  }
  set.runOptimize();
  return set;
}

RecipientSet Directory::covering(const std::vector<Division>& divisions) const {
  RecipientSet set;
  for (const auto& [prefix, members] : coverage_) {
    if (std::any_of(divisions.begin(), divisions.end(),
                    [&prefix](Division one) { return prefix.contains(one); })) {
      set |= members;
    }
  }
  return set & live_;
}

RecipientSet Directory::covering(const DivisionPrefix& within) const {
  RecipientSet set;
  for (const auto& [prefix, members] : coverage_) {
    if (prefix.overlaps(within)) {
      set |= members;
    }
  }
  return set & live_;
}

RecipientSet Directory::placed_in(const DivisionPrefix& within) const {
  RecipientSet set;
  for (const auto& [division, members] : by_division_) {
    if (within.contains(division)) {
      set |= members;
    }
  }
  set &= live_;
  for (const auto& [ordinal, coverage] : coverage_of_) {
    set.remove(ordinal);
  }
  return set;
}

bool Directory::hears_for(Ordinal ordinal, const std::vector<Division>& divisions) const {
  const auto coverage = coverage_of_.find(ordinal);
  return coverage != coverage_of_.end() &&
         std::any_of(coverage->second.begin(), coverage->second.end(), [&](const DivisionPrefix& prefix) {
           return std::any_of(divisions.begin(), divisions.end(),
                              [&prefix](Division one) { return prefix.contains(one); });
         });
}

std::optional<Position> Directory::middle_of(Division division) const {
  const std::string digits = to_string(division);
  for (std::size_t length : {6U, 4U, 2U}) {
    const DivisionPrefix prefix{digits.substr(0, length)};
    double latitude = 0;
    double longitude = 0;
    std::size_t count = 0;
    for (const Row& row : rows_) {
      if (row.flags == used && row.latitude != no_position && prefix.contains(row.division)) {
        latitude += unpacked(row.latitude);
        longitude += unpacked(row.longitude);
        ++count;
      }
    }
    if (count > 0) {
      return Position{latitude / static_cast<double>(count), longitude / static_cast<double>(count)};
    }
  }
  return std::nullopt;
}

}  // namespace tuanyuan::core
