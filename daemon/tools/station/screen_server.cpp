#include "tools/station/screen_server.hpp"

#include <utility>

#include "pages/site.hpp"

namespace tuanyuan::station {
namespace {

http::ListenerSettings listener_settings(const std::string& address, std::uint16_t port) {
  http::ListenerSettings settings;
  settings.name = "screen";
  settings.address = address;
  settings.port = port;
  settings.limits = screen_limits();
  return settings;
}

}  // namespace

void LineLog::write(ports::Severity severity, std::string_view event, Fields fields) {
  if (severity == ports::Severity::info) {
    return;
  }
  boost::json::object said;
  for (const auto& [name, value] : fields) {
    said[name] = value;
  }
  lines_.line(event, std::move(said));
}

ScreenServer::ScreenServer(boost::asio::io_context& loop, Screens& screens, ports::Clock& clock,
                           JournalLines& lines, const std::string& address, std::uint16_t port,
                           ScreenServiceSettings settings)
    : log_(lines),
      lines_(lines),
      screens_(screens),
      service_(screens, clock, loop.get_executor(), pages::screen(), std::move(settings)),
      listener_(http::Listener::create(loop.get_executor(), listener_settings(address, port), service_, clock,
                                       log_, metrics_)),
      tasks_(loop.get_executor()),
      ending_(loop.get_executor()),
      address_(address) {}

void ScreenServer::start() {
  listener_->start();
  tasks_.spawn(screens_.run());
  const bool is_v6 = address_.find(':') != std::string::npos;
  const std::string base =
      "http://" + (is_v6 ? "[" + address_ + "]" : address_) + ":" + std::to_string(listener_->port()) + "/";
  for (const auto& screen : screens_.all()) {
    const std::string& id = screen->recipient().value;
    const std::string url = screen == screens_.own() ? base : base + "screens/" + id + "/";
    lines_.line("screen", {{"recipient_id", id}, {"url", url}});
  }
}

void ScreenServer::stop() {
  tasks_.cancel_all();
  ending_.spawn(listener_->stop());
}

}  // namespace tuanyuan::station
