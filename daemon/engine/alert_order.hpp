#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Where an alert stands in a list.
struct AlertPlace {
  core::Instant at;
  core::AlertId id;
};

/// Newest first; of two that came at once, by their ids.
bool stands_before(const AlertPlace& one, const AlertPlace& other);

/// The newest release first; what was never released, by when its report came in. A lookout that is released moves
/// up: whoever is reading would miss it between two pages. So a reading goes by the releases there were when it
/// began, and all that was there then is read once, wherever it stands by now. What is released since is another
/// reading's to find. Which those are, the journal's numbers say and no clock: a release bears the time at which
/// its decision began, and clocks are set back.
class AlertReading {
 public:
  /// A first page; `newest`: the journal's number then.
  explicit AlertReading(core::Sequence newest) : begun_(newest) {}
  /// Nothing: no list has ever given this token.
  static std::optional<AlertReading> from_token(std::string_view token, core::Sequence newest);

  AlertPlace place_of(const CaseFile& file) const;
  /// Whether it is still to be read.
  bool is_ahead(const AlertPlace& place) const { return !last_ || stands_before(*last_, place); }
  /// Of the page that ends with it.
  std::string token_after(const AlertPlace& place) const;

 private:
  core::Sequence begun_;
  std::optional<AlertPlace> last_;
};

}  // namespace tuanyuan::engine
