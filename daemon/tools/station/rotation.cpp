#include "tools/station/rotation.hpp"

#include <algorithm>

namespace tuanyuan::station {

void Rotation::put(const core::AlertId& alert, std::size_t languages, std::uint32_t revision) {
  const auto in_place = in_force();
  Entry& entry = entries_[alert];
  if (entry.edition == 0 || entry.revision != revision) {
    entry.had_turn = false;
    entry.language = 0;
  } else if (in_place != entries_.end() && in_place->first == alert) {
    entry.language = in_place_.language;
  }
  entry.edition = ++editions_;
  entry.languages = std::max<std::size_t>(languages, 1);
  entry.language = entry.language < entry.languages ? entry.language : 0;
  entry.failures = 0;
  entry.revision = revision;
  entry.rests_until = {};
}

void Rotation::remove(const core::AlertId& alert) {
  entries_.erase(alert);
}

/// What is in place; the end: nothing is, or it was recalled, or there is another revision of it.
Rotation::Entries::const_iterator Rotation::in_force() const {
  const auto found = in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
  return found != entries_.end() && found->second.revision == in_place_.revision ? found : entries_.end();
}

std::optional<Rotation::Turn> Rotation::untried() const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [](const auto& entry) { return is_untried(entry.second); });
  return found == entries_.end() ? std::nullopt : std::optional(turn_of(*found));
}

/// The next language of what is in place, or the notice that was there longest ago. Nothing: all of them rest.
std::optional<Rotation::Turn> Rotation::next(Steady now) const {
  const auto in_place = in_force();
  if (in_place != entries_.end() && in_place->second.language > 0 && in_place->second.rests_until <= now) {
    return turn_of(*in_place);
  }
  auto longest = entries_.end();
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    const bool is_longer = longest == entries_.end() || entry->second.last < longest->second.last;
    if (is_longer && entry->second.rests_until <= now) {
      longest = entry;
    }
  }
  return longest == entries_.end() ? std::nullopt : std::optional(turn_of(*longest));
}

/// Its own new revision first. Where nothing can be drawn the dark picture is better than what is wrong.
std::optional<Rotation::Turn> Rotation::instead_of_what_is_over(Steady now) const {
  const auto updated = in_place_.alert ? entries_.find(*in_place_.alert) : entries_.end();
  if (updated != entries_.end() && is_untried(updated->second)) {
    return turn_of(*updated);
  }
  if (const std::optional<Turn> first = untried()) {
    return first;
  }
  const std::optional<Turn> another = next(now);
  return !another && in_place_.alert ? std::optional(Turn()) : another;
}

/// Whether what is in place gives way to something else after its time.
bool Rotation::has_turns(const Entry& entry) const {
  return entries_.size() > 1 || entry.languages > 1 || entry.edition != in_place_.edition;
}

std::optional<Rotation::Turn> Rotation::wanted(Steady now) const {
  const auto in_place = in_force();
  if (in_place == entries_.end()) {
    return instead_of_what_is_over(now);
  }
  if (is_untried(in_place->second)) {
    return turn_of(*in_place);
  }
  if (!has_turns(in_place->second) || (!is_over(now) && !in_place->second.had_turn)) {
    return std::nullopt;
  }
  if (const std::optional<Turn> first = untried()) {
    return first;
  }
  return is_over(now) ? next(now) : std::nullopt;
}

bool Rotation::is_current(const Turn& turn) const {
  if (!turn.alert) {
    return in_force() == entries_.end();
  }
  const auto found = entries_.find(*turn.alert);
  return found != entries_.end() && found->second.edition == turn.edition;
}

void Rotation::placed(const Turn& turn, Steady now) {
  const bool is_repainted = turn.alert == in_place_.alert && turn.language == in_place_.language &&
                            turn.revision == in_place_.revision && turn.edition != in_place_.edition;
  const auto before = in_force();
  if (!is_repainted) {
    if (before != entries_.end() && is_over(now)) {
      entries_.at(before->first).had_turn = true;
    }
    since_ = now;
  }
  in_place_ = turn;
  const auto found = turn.alert ? entries_.find(*turn.alert) : entries_.end();
  if (found == entries_.end()) {
    return;
  }
  Entry& entry = found->second;
  entry.tried = turn.edition;
  entry.last = ++times_;
  if (turn.edition == entry.edition) {
    entry.language = (turn.language + 1) % entry.languages;
    entry.failures = 0;
  }
}

void Rotation::failed(const Turn& turn, Steady now) {
  if (!turn.alert || !is_current(turn)) {
    return;
  }
  Entry& entry = entries_.at(*turn.alert);
  entry.language = (turn.language + 1) % entry.languages;
  entry.failures += 1;
  if (entry.failures < entry.languages) {
    return;
  }
  entry.tried = entry.edition;
  entry.last = ++times_;
  entry.failures = 0;
  entry.rests_until = now + turn_;
}

std::optional<Rotation::Steady> Rotation::turn_over() const {
  const auto in_place = in_force();
  if (entries_.empty() || (in_place != entries_.end() && !has_turns(in_place->second))) {
    return std::nullopt;
  }
  Steady rested = Steady::max();
  for (const auto& [alert, entry] : entries_) {
    rested = std::min(rested, entry.rests_until);
  }
  return in_place == entries_.end() ? rested : std::max(since_ + turn_, rested);
}

}  // namespace tuanyuan::station
