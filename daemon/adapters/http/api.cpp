#include "adapters/http/api.hpp"

#include <boost/system/system_error.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "adapters/http/media.hpp"
#include "adapters/http/openapi.hpp"
#include "adapters/http/site_files.hpp"

namespace tuanyuan::http {
namespace {

/// The path a request asks for, empty where it cannot be read.
std::string path_of(const Request& request) {
  const std::optional<Target> target = parse_target(request.target);
  return target ? target->path : std::string();
}

/// Only methods that are known: the others are whatever somebody sent.
std::string method_name(const Request& request) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    if (request.method == known) {
      return request.method;
    }
  }
  return "other";
}

/// What logs and metrics call a request: its route, never its path, which names recipients.
std::string route_name(const Request& request) {
  const Routed routed = find_route(request.method, path_of(request));
  return routed.route ? std::string(routed.route->pattern) : "none";
}

constexpr std::string_view desk_folder = "/desk/";

/// A browser shows its certificate to whoever asks for it, so a page from elsewhere could decide in an officer's
/// name. Browsers say where a page is from that changes something; programs say nothing.
bool is_from_elsewhere(const Request& request) {
  if (!request.origin || request.method == "GET" || request.method == "HEAD") {
    return false;
  }
  return *request.origin != "https://" + request.host.value_or("");
}

}  // namespace

Api::Api(const Desks& desks, const Limits& limits, pages::Site desk)
    : desks_(desks),
      limits_(limits),
      desk_(desk),
      event_places_(limits.event_streams_max, limits.event_streams_per_caller_max),
      openapi_(openapi_document()) {}

/// 401 and 403 come before all else, so that who has no certificate does not even learn what there is.
std::optional<Problem> Api::not_admitted(const Request& request, const Routed& routed) const {
  if (routed.route && routed.route->callers.open()) {
    return std::nullopt;
  }
  if (!request.identity || desks_.clock.wall_now() >= request.identity->not_after) {
    return Problem(core::Refusal(core::Errc::unauthenticated));
  }
  if (!routed.route) {
    return routed.allow.empty() ? Problem(core::Refusal(core::Errc::not_found)) : method_not_allowed(routed.allow);
  }
  if (!routed.route->callers.admits(request.identity->caller.roles) || is_from_elsewhere(request)) {
    return Problem(core::Refusal(core::Errc::forbidden));
  }
  return std::nullopt;
}

std::size_t Api::body_bytes_max(const Request& head) const {
  const Routed routed = find_route(head.method, path_of(head));
  if (not_admitted(head, routed) || routed.route->body == BodyKind::none) {
    return dropped_body_bytes_max;
  }
  return routed.route->body_bytes_max;
}

/// What stands beside the calls: the desk, and the way there for whoever types the bare address.
std::optional<Response> Api::page(const Request& request) const {
  const std::string path = path_of(request);
  if (desk_.empty()) {
    return std::nullopt;
  }
  if (path.starts_with(desk_folder)) {
    return site_file(desk_, std::string_view(path).substr(desk_folder.size()), request);
  }
  if (path == "/" || path == "/desk") {
    Response response;
    response.status = 302;
    response.fields.emplace_back("Location", desk_folder);
    return response;
  }
  return std::nullopt;
}

boost::asio::awaitable<Response> Api::answer(Request request) {
  if (std::optional<Response> file = page(request)) {
    co_return std::move(*file);
  }
  const Language language = language_of(request.accept_language);
  std::optional<Target> target = parse_target(request.target);
  if (!target) {
    co_return to_response(bad_request(), language, "");
  }
  Routed routed = find_route(request.method, target->path);
  if (const auto problem = not_admitted(request, routed)) {
    co_return to_response(*problem, language, target->path);
  }
  // No id looks otherwise, so there is no such thing; only who puts one is told what it has to look like.
  if (!routed.id.empty() && !is_id(routed.id) && routed.route->method != "PUT") {
    co_return to_response(Problem(core::Refusal(core::Errc::not_found)), language, target->path);
  }
  const bool has_key = request.idempotency_key.has_value();
  Exchange exchange(std::move(request), std::move(*target), *routed.route, std::move(routed.id));
  if (has_key) {
    co_return co_await answer_once(std::move(exchange));
  }
  co_return co_await routed.route->handler(*this, std::move(exchange));
}

// A repeat that comes before the first is answered waits for that answer.
boost::asio::awaitable<Response> Api::answer_once(Exchange exchange) {
  const ports::Idempotency once = exchange.once();
  std::string key = once.key;
  const runtime::Turns::Turn turn = co_await turns_.take(std::move(key));
  const Route& route = exchange.route();
  if (route.remembered) {
    Outcome<std::optional<Response>> earlier = memo_.find(once);
    if (!earlier) {
      co_return exchange.refuse(earlier.error());
    }
    if (*earlier) {
      co_return std::move(**earlier);
    }
  }
  Response response = co_await route.handler(*this, std::move(exchange));
  if (route.remembered) {
    memo_.keep(once, response);
  }
  co_return response;
}

boost::asio::awaitable<Response> Api::handle(Request request) {
  const ports::Clock::Steady started = desks_.clock.steady_now();
  Request head;
  head.method = request.method;
  head.target = request.target;
  head.identity = request.identity;
  const Language language = language_of(request.accept_language);
  Response response;
  try {
    response = co_await answer(std::move(request));
  } catch (const std::exception& failure) {
    desks_.log.error("http.handler_failed", {{"route", route_name(head)}, {"reason", failure.what()}});
    response = to_response(internal_error(), language, path_of(head));
  }
  record(head, response, started);
  co_return response;
}

void Api::record(const Request& head, const Response& response, ports::Clock::Steady started) {
  const std::string route = route_name(head);
  const std::string status = std::to_string(response.status);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(desks_.clock.steady_now() - started);
  std::string unit = head.identity ? head.identity->caller.unit : "";
  if (head.identity && unit.empty()) {
    unit = "recipient";
  }
  desks_.metrics.add("tuanyuan_http_requests_total", {{"route", route}, {"status", status}});
  desks_.log.info("http.request", {{"method", method_name(head)},
                                   {"route", route},
                                   {"status", status},
                                   {"ms", std::to_string(ms.count())},
                                   {"unit", std::move(unit)}});
}

}  // namespace tuanyuan::http
