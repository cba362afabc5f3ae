#include "tools/station/screen_service.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <utility>

#include "adapters/http/media.hpp"
#include "adapters/http/problem.hpp"
#include "adapters/http/site_files.hpp"
#include "adapters/http/target.hpp"
#include "tools/station/qr_code.hpp"
#include "tools/station/screen_events.hpp"

namespace tuanyuan::station {
namespace {

constexpr std::string_view screens_path = "/screens/";
constexpr std::string_view photos_path = "photos/";
constexpr std::string_view codes_path = "codes/";
constexpr std::string_view code_suffix = ".svg";

http::Problem foreign() {
  return {403, "foreign-origin", core::Text("请求来自其他站点", "the request comes from another site")};
}

http::Problem unknown_page() {
  return {404, "unknown-page", core::Text("尚未收到该页面的报告", "the page has given no account yet")};
}

http::Problem not_shown() {
  return {409, "not-shown",
          core::Text("该页面现在没有显示这一版通告", "the page does not show that revision now")};
}

http::Problem not_found() {
  return core::Refusal(core::Errc::not_found);
}

http::Problem too_many() {
  return {503, "too-many-pages", core::Text("页面过多", "there are too many pages")};
}

/// A page of this program's is on the origin that it asks. Whoever does not say where it comes from is no browser,
/// or an old one that asks its own origin; those send no JSON to others without asking first (Fetch, CORS
/// protocol).
bool is_foreign(const http::Request& request) {
  if (request.origin) {
    return *request.origin != "http://" + request.host.value_or("");
  }
  return request.method == "POST" && http::essence_of(request.content_type.value_or("")) != http::json_type;
}

struct Place {
  std::shared_ptr<Screen> screen;
  std::string rest;            ///< of the path, below the screen's own
  bool without_slash = false;  ///< the screen's own path, so that the page's would lead to another screen
};

http::Response with_body(std::string_view type, std::string body) {
  http::Response response;
  response.content_type = type;
  response.body = std::move(body);
  // Nothing may stay with anybody after the recall: what is not said otherwise is no-store.
  response.fields = {{"Cross-Origin-Resource-Policy", "same-origin"}, {"Referrer-Policy", "no-referrer"}};
  return response;
}

http::Response moved(std::string to) {
  http::Response response;
  response.status = 302;
  response.fields = {{"Location", std::move(to)}};
  return response;
}

/// What a screen shows and the page may ask for by its own name; nothing else.
const Showing* showing_of_photo(const Screen& screen, std::string_view name) {
  for (const Showing* showing : screen.showing()) {
    if (showing->photo != nullptr && photo_name(*showing->notice) == name) {
      return showing;
    }
  }
  return nullptr;
}

std::optional<std::string> code_of(const Screen& screen, std::string_view file, const PublicCopies& copies) {
  if (!file.ends_with(code_suffix)) {
    return std::nullopt;
  }
  file.remove_suffix(code_suffix.size());
  const Showing* showing = screen.find(core::AlertId(std::string(file)));
  return showing == nullptr ? std::nullopt : qr_svg(public_copy_of(*showing->notice, copies));
}

/// Only what browsers take for a picture and nothing else.
std::string_view picture_type(const core::Notice& notice) {
  return notice.photo && notice.photo->media_type == "image/png" ? "image/png" : "image/jpeg";
}

std::optional<http::Problem> problem_of(Screen::Taken taken) {
  switch (taken) {
    case Screen::Taken::taken:
      return std::nullopt;
    case Screen::Taken::unknown_page:
      return unknown_page();
    case Screen::Taken::not_shown:
      return not_shown();
    case Screen::Taken::full:
      return too_many();
  }
  return std::nullopt;
}

/// Where a path leads: the screen it is below, and what follows that screen's own path.
std::optional<Place> place_of(const Screens& screens, std::string_view path) {
  if (!path.starts_with(screens_path)) {
    return path.starts_with('/') ? std::optional(Place{screens.own(), std::string(path.substr(1))}) : std::nullopt;
  }
  path.remove_prefix(screens_path.size());
  const std::size_t end = path.find('/');
  const auto screen = screens.find(path.substr(0, end));
  if (screen == nullptr) {
    return std::nullopt;
  }
  return end == std::string_view::npos ? Place{screen, {}, true}
                                       : Place{screen, std::string(path.substr(end + 1))};
}

}  // namespace

http::Limits screen_limits() {
  http::Limits limits;
  limits.connections_max = 256;
  limits.header_bytes_max = 8 * 1024;
  limits.body_bytes_total_max = 16 * page_body_bytes_max;
  limits.request_ms_max = std::chrono::milliseconds(10'000);
  limits.heartbeat_ms = ScreenService::state_every_ms;
  limits.drain_ms_max = std::chrono::milliseconds(500);
  return limits;
}

bool is_our_host(std::string_view host, const std::vector<std::string>& names) {
  const bool has_port = !host.empty() && host.back() != ']' && host.find(':') != std::string_view::npos;
  std::string name(has_port ? host.substr(0, host.rfind(':')) : host);
  if (name.starts_with('[') && name.ends_with(']')) {
    name = name.substr(1, name.size() - 2);
  }
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  boost::system::error_code no_address;
  boost::asio::ip::make_address(name, no_address);
  return !no_address || name == "localhost" || std::find(names.begin(), names.end(), name) != names.end();
}

ScreenService::ScreenService(Screens& screens, ports::Clock& clock, boost::asio::any_io_executor executor,
                             pages::Site site, ScreenServiceSettings settings)
    : screens_(screens),
      clock_(clock),
      executor_(std::move(executor)),
      site_(site),
      settings_(std::move(settings)) {}

std::size_t ScreenService::body_bytes_max(const http::Request& head) const {
  return head.method == "POST" ? page_body_bytes_max : http::dropped_body_bytes_max;
}

boost::asio::awaitable<http::Response> ScreenService::handle(http::Request request) {
  const auto target = http::parse_target(request.target);
  const std::string path = target ? target->path : std::string();
  auto answered = answer(request, path, target ? target->parameter("page").value_or("") : std::string());
  http::Response response =
      answered ? std::move(*answered)
               : http::to_response(answered.error(), http::language_of(request.accept_language), path);
  co_return response;
}

http::Outcome<http::Response> ScreenService::answer(const http::Request& request, const std::string& path,
                                                    const std::string& page) const {
  if (!request.host || !is_our_host(*request.host, settings_.names) || is_foreign(request)) {
    return foreign();
  }
  const auto place = place_of(screens_, path);
  if (!place) {
    return not_found();
  }
  if (place->without_slash) {
    return moved(path + "/");
  }
  if (place->rest == "shown" || place->rest == "answers") {
    return request.method == "POST" ? on_post(*place->screen, place->rest, request)
                                    : http::Outcome<http::Response>(http::method_not_allowed("POST"));
  }
  if (place->rest == "events") {
    return request.method == "GET" ? follow(place->screen, page)
                                   : http::Outcome<http::Response>(http::method_not_allowed("GET"));
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return http::method_not_allowed("GET, HEAD");
  }
  return on_get(*place->screen, place->rest, page, request);
}

http::Outcome<http::Response> ScreenService::on_get(Screen& screen, std::string_view rest, std::string_view page,
                                                    const http::Request& request) const {
  if (rest == "current.json") {
    // A page says who it is; a program only wants to know.
    if (!page.empty() && !screen.hand_out(page)) {
      return unknown_page();
    }
    return with_body(http::json_type, current_json(screen, settings_.copies, clock_.wall_now()));
  }
  if (rest.starts_with(photos_path)) {
    const Showing* showing = showing_of_photo(screen, rest.substr(photos_path.size()));
    return showing == nullptr ? http::Outcome<http::Response>(not_found())
                              : with_body(picture_type(*showing->notice), *showing->photo);
  }
  if (rest.starts_with(codes_path)) {
    auto code = code_of(screen, rest.substr(codes_path.size()), settings_.copies);
    return code ? with_body("image/svg+xml", std::move(*code)) : http::Outcome<http::Response>(not_found());
  }
  auto file = http::site_file(site_, rest, request);
  return file ? std::move(*file) : http::Outcome<http::Response>(not_found());
}

http::Outcome<http::Response> ScreenService::follow(const std::shared_ptr<Screen>& screen,
                                                    const std::string& page) const {
  if (!screen->hand_out(page)) {
    return unknown_page();
  }
  const auto state = [screen, copies = settings_.copies, clock = &clock_] {
    return current_json(*screen, copies, clock->wall_now());
  };
  auto events = ScreenEvents::follow(screen, page, state, clock_, executor_, state_every_ms);
  if (events == nullptr) {
    return too_many();
  }
  http::Response response = with_body(http::event_stream_type, {});
  response.source = std::move(events);
  return response;
}

http::Outcome<http::Response> ScreenService::on_post(Screen& screen, std::string_view rest,
                                                     const http::Request& request) const {
  if (request.body_too_large || request.overloaded) {
    return http::Problem(core::Refusal(request.overloaded ? core::Errc::overloaded : core::Errc::too_large));
  }
  std::optional<Screen::Taken> taken;
  if (rest == "shown") {
    if (const auto account = parse_account(request.body)) {
      taken = screen.account(*account, screens_.now());
    }
  } else if (const auto answer = parse_answer(request.body)) {
    taken = screen.answer(*answer);
  }
  if (!taken) {
    return http::Problem(core::Refusal(core::Errc::malformed));
  }
  if (const auto problem = problem_of(*taken)) {
    return *problem;
  }
  return with_body(http::json_type, "{}");
}

}  // namespace tuanyuan::station
