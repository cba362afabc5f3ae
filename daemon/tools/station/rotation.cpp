#include "tools/station/rotation.hpp"

#include <algorithm>

namespace tuanyuan::station {

void Rotation::put(const core::AlertId& alert, std::size_t languages, std::uint32_t revision) {
  Entry& entry = entries_[alert];
  entry.had_turn = entry.had_turn && entry.revision == revision;
  entry.edition = ++editions_;
  entry.languages = std::max<std::size_t>(languages, 1);
  entry.revision = revision;
}

void Rotation::remove(const core::AlertId& alert) {
  entries_.erase(alert);
}

std::optional<Rotation::Turn> Rotation::unseen() const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [](const auto& entry) { return entry.second.placed != entry.second.edition; });
  return found == entries_.end() ? std::nullopt : std::optional(turn_of(*found));
}

/// The next language of what is in place, or the notice after it, round and round. There is one.
Rotation::Turn Rotation::next() const {
  const auto shown = in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
  if (shown != entries_.end() && in_place_.language + 1 < shown->second.languages) {
    return {in_place_.alert, shown->second.edition, in_place_.language + 1, shown->second.revision};
  }
  const auto after = in_place_.alert ? entries_.upper_bound(*in_place_.alert) : entries_.begin();
  return turn_of(after == entries_.end() ? *entries_.begin() : *after);
}

/// Whether what is in place gives way to something else after its time.
bool Rotation::has_turns() const {
  const auto shown = in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
  return shown != entries_.end() && (entries_.size() > 1 || shown->second.languages > 1);
}

std::optional<Rotation::Turn> Rotation::wanted(Steady now) const {
  if (entries_.empty()) {
    return in_place_.alert ? std::optional(Turn()) : std::nullopt;
  }
  const auto shown = in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
  if (shown == entries_.end()) {
    const std::optional<Turn> first = unseen();
    return first ? first : next();
  }
  if (shown->second.edition != in_place_.edition) {
    return turn_of(*shown);
  }
  if (!has_turns() || (!is_over(now) && !shown->second.had_turn)) {
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
  if (found != entries_.end()) {
    found->second.placed = turn.edition;
  }
}

std::optional<Rotation::Steady> Rotation::turn_over() const {
  return has_turns() ? std::optional(since_ + turn_) : std::nullopt;
}

}  // namespace tuanyuan::station
