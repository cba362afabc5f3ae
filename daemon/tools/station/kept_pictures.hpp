#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>

#include "adapters/drawing/documents.hpp"
#include "core/ids.hpp"
#include "tools/station/rotation.hpp"

namespace tuanyuan::station {

/// Pictures that were drawn, for when their turn comes again: a notice in two languages would be drawn anew every
/// ten seconds. A picture is made of one edition of a notice with its photo, of the language, and of what stays as
/// it is for as long as the program runs (size, where public copies are); never of the time, and if it ever says
/// how long ago something was, it must not be kept. It shows the child, so it goes with its notice.
///
/// At most so many bytes of them. What finds no room is drawn anew each time, and what is kept stays: where all
/// have turns, the one that was needed longest ago is needed next.
class KeptPictures {
 public:
  using Picture = std::shared_ptr<const drawing::DisplayPicture>;

  explicit KeptPictures(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Null: there is none.
  Picture find(const Rotation::Turn& turn) const;
  /// Of a turn that has an alert and is current.
  void keep(const Rotation::Turn& turn, Picture picture);
  /// All editions in all languages, when the notice is taken down, is over or has changed.
  void drop(const core::AlertId& alert);
  std::size_t bytes() const;

 private:
  using Key = std::tuple<core::AlertId, std::uint64_t, std::size_t>;
  static Key key(const Rotation::Turn& turn) { return {turn.alert.value(), turn.edition, turn.language}; }

  std::size_t bytes_max_;
  std::map<Key, Picture> pictures_;
};

}  // namespace tuanyuan::station
