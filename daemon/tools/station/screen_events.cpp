#include "tools/station/screen_events.hpp"

#include <utility>

namespace tuanyuan::station {
namespace {

/// How soon a browser comes again.
constexpr std::string_view greeting = "retry: 2000\n\n";

}  // namespace

ScreenEvents::ScreenEvents(std::shared_ptr<Screen> screen, std::string page, std::function<std::string()> state,
                           ports::Clock& clock, boost::asio::any_io_executor executor,
                           std::chrono::milliseconds every)
    : screen_(std::move(screen)),
      page_(std::move(page)),
      state_(std::move(state)),
      clock_(clock),
      changes_(std::move(executor)),
      every_(every) {}

ScreenEvents::~ScreenEvents() {
  screen_->unwatch(*this);
}

std::shared_ptr<ScreenEvents> ScreenEvents::follow(std::shared_ptr<Screen> screen, std::string page,
                                                   std::function<std::string()> state, ports::Clock& clock,
                                                   boost::asio::any_io_executor executor,
                                                   std::chrono::milliseconds every) {
  std::shared_ptr<ScreenEvents> events(
      new ScreenEvents(std::move(screen), std::move(page), std::move(state), clock, std::move(executor), every));
  return events->screen_->watch(*events) ? events : nullptr;
}

boost::asio::awaitable<std::optional<std::string>> ScreenEvents::next() {
  std::string piece;
  if (!std::exchange(begun_, true)) {
    piece = greeting;
  } else {
    co_await changes_.wait_until(clock_, clock_.steady_now() + every_);
  }
  if (!screen_->hand_out(page_)) {
    co_return std::nullopt;
  }
  piece += "data: " + state_() + "\n\n";
  co_return piece;
}

}  // namespace tuanyuan::station
