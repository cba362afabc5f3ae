#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/message.hpp"
#include "ports/clock.hpp"
#include "runtime/event.hpp"
#include "tools/station/screen.hpp"

namespace tuanyuan::station {

/// One page's events: the whole state, at once with every change and every now and then without one. Changes that
/// come while one is written count as one. Ends when the screen knows the page no more. Loop thread.
class ScreenEvents final : public http::Source, private Screen::Watcher {
 public:
  /// Nothing: too many follow already.
  static std::shared_ptr<ScreenEvents> follow(std::shared_ptr<Screen> screen, std::string page,
                                              std::function<std::string()> state, ports::Clock& clock,
                                              boost::asio::any_io_executor executor,
                                              std::chrono::milliseconds every);
  ~ScreenEvents();
  ScreenEvents(const ScreenEvents&) = delete;
  ScreenEvents& operator=(const ScreenEvents&) = delete;

  boost::asio::awaitable<std::optional<std::string>> next() override;

 private:
  ScreenEvents(std::shared_ptr<Screen> screen, std::string page, std::function<std::string()> state,
               ports::Clock& clock, boost::asio::any_io_executor executor, std::chrono::milliseconds every);
  void changed() override { changes_.notify(); }

  std::shared_ptr<Screen> screen_;
  std::string page_;
  std::function<std::string()> state_;
  ports::Clock& clock_;
  runtime::Notifier changes_;
  std::chrono::milliseconds every_;
  bool begun_ = false;
};

}  // namespace tuanyuan::station
