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
/// that nobody is left out however many come and go.
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
  /// When wanted() may have something else to say though nothing happens.
  std::optional<Steady> turn_over() const;

  const Turn& in_place() const { return in_place_; }

 private:
  struct Entry {
    std::uint64_t edition = 0;
    std::uint64_t placed = 0;  ///< the last edition that was in place
    std::uint64_t last = 0;    ///< when it was in place, by the count of all that were; 0: never
    std::size_t languages = 1;
    std::size_t language = 0;  ///< the next
    std::uint32_t revision = 0;
    bool had_turn = false;  ///< this revision
  };
  using Entries = std::map<core::AlertId, Entry>;

  static Turn turn_of(const Entries::value_type& entry) {
    return {entry.first, entry.second.edition, entry.second.language, entry.second.revision};
  }
  Entries::const_iterator shown() const;
  std::optional<Turn> unseen() const;
  Turn next() const;
  bool has_turns() const;
  bool is_over(Steady now) const { return now - since_ >= turn_; }

  Steady::duration turn_;
  Entries entries_;
  std::uint64_t editions_ = 0;
  std::uint64_t places_ = 0;
  Turn in_place_;
  Steady since_{};
};

}  // namespace tuanyuan::station
