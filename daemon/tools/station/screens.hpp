#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "ports/clock.hpp"
#include "tools/station/journal_lines.hpp"
#include "tools/station/printing_display.hpp"
#include "tools/station/recipients_file.hpp"
#include "tools/station/screen.hpp"

namespace tuanyuan::station {

/// The screens of one station and of those it answers for, each with its own. Says DISPLAYED, REMOVED and what
/// people answer for each of them by itself. Prints what a PrintingDisplay does. Loop thread.
class Screens final : public Display {
 public:
  static constexpr std::chrono::milliseconds tick_ms{1'000};

  /// `lines` and `clock` have to outlive it.
  Screens(JournalLines& lines, ports::Clock& clock, const StationPlan& plan);

  /// Keeps their time. Ends by cancellation.
  boost::asio::awaitable<void> run();

  /// The station's own.
  const std::shared_ptr<Screen>& own() const { return screens_.front(); }
  /// Nothing: no such recipient is served by this program.
  std::shared_ptr<Screen> find(std::string_view recipient) const;
  const std::vector<std::shared_ptr<Screen>>& all() const { return screens_; }
  Moment now() const;

  void show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) override;
  void take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) override;
  void sighting(const core::RecipientId& station, const ShowSighting& what) override;
  void online(const core::RecipientId& station) override;

 private:
  ports::Clock& clock_;
  PrintingDisplay printed_;
  std::vector<std::shared_ptr<Screen>> screens_;  ///< the station's own first; shared with who follows them
};

}  // namespace tuanyuan::station
