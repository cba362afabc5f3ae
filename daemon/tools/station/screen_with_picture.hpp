#pragma once

#include <functional>
#include <map>
#include <memory>

#include "core/ids.hpp"
#include "tools/station/display.hpp"

namespace tuanyuan::station {

/// A station's screens and beside them the picture of its own, for a controller without a browser. The two are one
/// display of the station's: DISPLAYED once one of them has the notice, REMOVED once neither has, UNABLE by
/// themselves only while neither has. What people answer comes from the page, and so does all that is about other
/// recipients. Loop thread.
class ScreenWithPicture final : public Display {
 public:
  /// `own` is the recipient that the picture is for.
  ScreenWithPicture(std::unique_ptr<Display> screens, std::unique_ptr<Display> picture, core::RecipientId own);

  void show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) override;
  void take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) override;
  void sighting(const core::RecipientId& station, const ShowSighting& what) override;
  void online(const core::RecipientId& station) override;

 private:
  class Both;

  std::unique_ptr<Display> screens_;
  std::unique_ptr<Display> picture_;
  core::RecipientId own_;
  std::map<core::AlertId, std::shared_ptr<Both>> shown_;  ///< by alert, what is said of its latest version
};

}  // namespace tuanyuan::station
