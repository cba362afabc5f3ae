#include "tools/station/screens.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tuanyuan::station {

Screens::Screens(JournalLines& lines, ports::Clock& clock, const StationPlan& plan)
    : clock_(clock), printed_(lines, false) {
  screens_.push_back(std::make_shared<Screen>(plan.self.id, plan.self.name, now()));
  for (const Member& member : plan.members) {
    screens_.push_back(std::make_shared<Screen>(member.id, member.name, now()));
  }
}

Moment Screens::now() const {
  return {clock_.wall_now(), std::chrono::duration_cast<Steady>(clock_.steady_now().time_since_epoch())};
}

boost::asio::awaitable<void> Screens::run() {
  for (;;) {
    co_await clock_.sleep_until(clock_.steady_now() + tick_ms);
    for (const auto& screen : screens_) {
      screen->tick(now());
    }
  }
}

std::shared_ptr<Screen> Screens::find(std::string_view recipient) const {
  const auto found = std::find_if(screens_.begin(), screens_.end(),
                                  [&](const auto& screen) { return screen->recipient().value == recipient; });
  return found == screens_.end() ? nullptr : *found;
}

void Screens::show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) {
  printed_.show(station, what, [](Shown) {});
  for (const auto& screen : screens_) {
    const auto& wanted = what.recipients;
    if (std::find(wanted.begin(), wanted.end(), screen->recipient()) != wanted.end()) {
      screen->show(what, told, now());
    } else if (screen->find(what.notice->alert_id) != nullptr) {
      const auto gone = [told, recipient = screen->recipient()] {
        told(Shown{core::AnswerKind::removed, core::UnableReason::none, recipient});
      };
      screen->take_down(what.notice->alert_id, gone, now());
    }
  }
}

/// Each screen that is empty says so at once; for those that never showed it, all together at the end.
void Screens::take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) {
  printed_.take_down(station, what, [] {});
  const auto left = std::make_shared<std::size_t>(screens_.size());
  for (const auto& screen : screens_) {
    const Showing* shown = screen->find(what.alert_id);
    const std::function<void(Shown)> told = shown == nullptr ? nullptr : shown->told;
    const auto one_gone = [left, gone, told, recipient = screen->recipient()] {
      if (told) {
        told(Shown{core::AnswerKind::removed, core::UnableReason::none, recipient});
      }
      *left -= 1;
      if (*left == 0) {
        gone();
      }
    };
    screen->take_down(what.alert_id, one_gone, now());
  }
}

void Screens::sighting(const core::RecipientId& station, const ShowSighting& what) {
  printed_.sighting(station, what);
}

void Screens::online(const core::RecipientId&) {
  for (const auto& screen : screens_) {
    screen->online(now());
  }
}

}  // namespace tuanyuan::station
