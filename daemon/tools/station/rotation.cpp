#include "tools/station/rotation.hpp"

#include <algorithm>

namespace tuanyuan::station {

void Rotation::put(const core::AlertId& alert, std::size_t languages, std::uint32_t revision) {
  Entry& entry = entries_[alert];
  const bool is_new = entry.edition == 0 || entry.revision != revision;
  if (is_new) {
    entry.had_turn = false;
    entry.language = 0;
  } else if (in_place_.alert == alert && in_place_.revision == revision) {
    entry.language = in_place_.language;
  }
  entry.edition = ++editions_;
  entry.languages = std::max<std::size_t>(languages, 1);
  entry.language = entry.language < entry.languages ? entry.language : 0;
  entry.revision = revision;
}

void Rotation::remove(const core::AlertId& alert) {
  entries_.erase(alert);
}

Rotation::Entries::const_iterator Rotation::shown() const {
  return in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
}

std::optional<Rotation::Turn> Rotation::unseen() const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [](const auto& entry) { return entry.second.placed != entry.second.edition; });
  return found == entries_.end() ? std::nullopt : std::optional(turn_of(*found));
}

/// The next language of what is in place, or the notice that was there longest ago. There is one.
Rotation::Turn Rotation::next() const {
  const auto in_place = shown();
  if (in_place != entries_.end() && in_place->second.language > 0) {
    return turn_of(*in_place);
  }
  return turn_of(*std::min_element(entries_.begin(), entries_.end(), [](const auto& one, const auto& other) {
    return one.second.last < other.second.last;
  }));
}

/// Whether what is in place gives way to something else after its time.
bool Rotation::has_turns() const {
  const auto in_place = shown();
  return in_place != entries_.end() && (entries_.size() > 1 || in_place->second.languages > 1);
}

std::optional<Rotation::Turn> Rotation::wanted(Steady now) const {
  if (entries_.empty()) {
    return in_place_.alert ? std::optional(Turn()) : std::nullopt;
  }
  const auto in_place = shown();
  if (in_place == entries_.end()) {
    const std::optional<Turn> first = unseen();
    return first ? first : next();
  }
  if (in_place->second.edition != in_place_.edition) {
    return turn_of(*in_place);
  }
  if (!has_turns() || (!is_over(now) && !in_place->second.had_turn)) {
    return std::nullopt;
  }
  if (const std::optional<Turn> first = unseen()) {
    return first;
  }
  return is_over(now) ? std::optional(next()) : std::nullopt;
}

bool Rotation::is_current(const Turn& turn) const {
  if (!turn.alert) {
    return entries_.empty();
  }
  const auto found = entries_.find(*turn.alert);
  return found != entries_.end() && found->second.edition == turn.edition;
}

void Rotation::placed(const Turn& turn, Steady now) {
  const bool goes_on =
      turn.alert == in_place_.alert && turn.language == in_place_.language && turn.revision == in_place_.revision;
  if (!goes_on) {
    const auto before = in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
    if (before != entries_.end() && before->second.revision == in_place_.revision && is_over(now)) {
      before->second.had_turn = true;
    }
    since_ = now;
  }
  in_place_ = turn;
  const auto found = turn.alert ? entries_.find(*turn.alert) : entries_.end();
  if (found == entries_.end()) {
    return;
  }
  Entry& entry = found->second;
  entry.placed = turn.edition;
  entry.last = ++places_;
  if (turn.edition == entry.edition) {
    entry.language = (turn.language + 1) % entry.languages;
  }
}

std::optional<Rotation::Steady> Rotation::turn_over() const {
  return has_turns() ? std::optional(since_ + turn_) : std::nullopt;
}

}  // namespace tuanyuan::station
