#pragma once

#include <cstddef>
#include <set>

#include "core/time.hpp"

namespace tuanyuan::core {

/// A receiver whose sends take no longer than this may have as many under way as there is room for: it frees each
/// soon.
inline constexpr Duration quick_send_max{1'000};
/// How long who finds a slow one with its share under way stays away: as long as one takes, within these.
inline constexpr Duration crowd_pause_min{1'000};
inline constexpr Duration crowd_pause_max{5'000};

/// What is on its way to one receiver, so that a slow one has no more than its share of a channel (promise 6). It
/// is slow until it has shown to be quick. Times are of a steady clock.
class Crowd {
 public:
  explicit Crowd(std::size_t share) : share_(share) {}

  /// Whether one more may be on its way.
  bool has_room(Instant now) const;
  /// When it will be known to be slow, unless something ends before. In the past: it is.
  Instant slow_from() const;
  /// How long to stay away from a slow one.
  Duration pause() const;
  bool is_empty() const { return places_ == 0; }

  /// One takes a place, may be sent, and leaves it.
  void enter() { ++places_; }
  void sent(Instant at) { under_way_.insert(at); }
  void answered(Instant sent_at, Instant now);
  void leave() { --places_; }

 private:
  bool is_quick(Instant now) const;

  std::size_t share_;
  std::size_t places_ = 0;
  std::multiset<Instant> under_way_;  ///< since when
  Duration each_{0};                  ///< what one took lately; 0: none has ended yet
};

}  // namespace tuanyuan::core
