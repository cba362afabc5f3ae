#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "core/ids.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::station {

/// Whose turn it is where there is room for one notice, in one language, at a time. Without input or output: what
/// is in place is told to it, what should be there it says. The languages of a notice follow each other, each for
/// a turn; where something comes between, it goes on later with the one that is next. What has never been in place
/// goes before what has, but takes from nobody its first whole turn; then comes what was in place longest ago, so
/// that nobody is left out however many come and go. What cannot be drawn in any language rests for a turn, and
/// holds up nobody: not what else there is to show, and not the end of what is in force no longer.
class Rotation {
 public:
  using Steady = ports::Clock::Steady;

  /// What is in place: one edition of a notice in one of its languages, or nothing.
  struct Turn {
    std::optional<core::AlertId> alert;
    std::uint64_t edition = 0;
    std::size_t language = 0;
    std::uint32_t revision = 0;

    friend bool operator==(const Turn&, const Turn&) = default;
  };

  explicit Rotation(Steady::duration turn) : turn_(turn) {}

  /// To be shown from now on, or shown anew, because something of it has changed. A new revision has to be read
  /// like a new notice, from its first language; whatever else has changed is painted anew within the same turn.
  void put(const core::AlertId& alert, std::size_t languages = 1, std::uint32_t revision = 1);
  void remove(const core::AlertId& alert);

  /// What should take the place of what is there; nothing: all is as it should be.
  std::optional<Turn> wanted(Steady now) const;
  /// Whether it is still right to put this there.
  bool is_current(const Turn& turn) const;
  void placed(const Turn& turn, Steady now);
  /// There is no such picture: the next language has its turn, and after the last one another notice.
  void failed(const Turn& turn, Steady now);
  /// When wanted() may have something else to say though nothing happens.
  std::optional<Steady> turn_over() const;

  const Turn& in_place() const { return in_place_; }

 private:
  struct Entry {
    std::uint64_t edition = 0;
    std::uint64_t tried = 0;  ///< the last edition that was in place, or failed in every language
    std::uint64_t last = 0;   ///< when that was, by the count of all such times; 0: never
    std::size_t languages = 1;
    std::size_t language = 0;  ///< the next
    std::size_t failures = 0;  ///< languages that failed since one was in place
    std::uint32_t revision = 0;
    bool had_turn = false;  ///< this revision
    Steady rests_until{};
  };
  using Entries = std::map<core::AlertId, Entry>;

  static Turn turn_of(const Entries::value_type& entry) {
    return {entry.first, entry.second.edition, entry.second.language, entry.second.revision};
  }
  static bool is_untried(const Entry& entry) { return entry.tried != entry.edition; }
  Entries::const_iterator in_force() const;
  std::optional<Turn> untried() const;
  std::optional<Turn> next(Steady now) const;
  std::optional<Turn> instead_of_what_is_over(Steady now) const;
  bool has_turns(const Entry& entry) const;
  bool is_over(Steady now) const { return now - since_ >= turn_; }

  Steady::duration turn_;
  Entries entries_;
  std::uint64_t editions_ = 0;
  std::uint64_t times_ = 0;
  Turn in_place_;
  Steady since_{};
};

}  // namespace tuanyuan::station
