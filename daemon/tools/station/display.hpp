#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/answer.hpp"
#include "core/ids.hpp"
#include "tools/station/station_mind.hpp"

namespace tuanyuan::station {

/// What has become of a notice that was to be shown.
struct Shown {
  core::AnswerKind kind = core::AnswerKind::displayed;  ///< any but RECEIVED; REMOVED only with `recipient`
  core::UnableReason reason = core::UnableReason::none;
  /// Whose display this is about, where each recipient of a station has its own; else one display is for all.
  std::optional<core::RecipientId> recipient = std::nullopt;
  bool by_itself = false;  ///< UNABLE, because the display cannot; not because a person says so
};

/// Where notices become visible. All calls on the loop thread; so are the calls back, in any order, during the
/// call or later, and `told` more than once where a person says more.
class Display {
 public:
  virtual ~Display() = default;

  virtual void show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) = 0;
  /// `gone` only when nothing is shown any more.
  virtual void take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) = 0;
  virtual void sighting(const core::RecipientId& station, const ShowSighting& what) = 0;
  /// The station is subscribed: what is in force now follows at once.
  virtual void online(const core::RecipientId&) {}
};

/// A display that always works, as simulated stations have.
class SimulatedDisplay final : public Display {
 public:
  void show(const core::RecipientId&, const Show&, std::function<void(Shown)> told) override { told(Shown{}); }
  void take_down(const core::RecipientId&, const TakeDown&, std::function<void()> gone) override { gone(); }
  void sighting(const core::RecipientId&, const ShowSighting&) override {}
};

}  // namespace tuanyuan::station
