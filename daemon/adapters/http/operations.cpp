#include "adapters/http/operations.hpp"

#include <exception>
#include <utility>

#include "adapters/http/limits.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/problem.hpp"
#include "adapters/http/target.hpp"
#include "adapters/wire/json.hpp"

namespace tuanyuan::http {
namespace {

constexpr std::string_view health_path = "/healthz";
constexpr std::string_view ready_path = "/readyz";
constexpr std::string_view metrics_path = "/metrics";
/// Prometheus' text format.
constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

Response ready_response(const ports::HealthView& view) {
  Response response;
  response.status = view.ready ? 200 : 503;
  response.content_type = json_type;
  response.body = view.ready ? R"({"ready":true,"degraded":{)" : R"({"ready":false,"degraded":{)";
  bool first = true;
  for (const auto& [part, what] : view.degraded) {
    response.body += first ? "" : ",";
    first = false;
    wire::append_json_string(part, response.body);
    response.body += ':';
    wire::append_json_string(what, response.body);
  }
  response.body += "}}";
  if (!view.ready) {
    response.fields.emplace_back("Retry-After", "2");
  }
  return response;
}

}  // namespace

std::size_t Operations::body_bytes_max(const Request&) const {
  return dropped_body_bytes_max;
}

boost::asio::awaitable<Response> Operations::answer(std::string path) {
  Response response;
  if (path == ready_path) {
    const ports::HealthView view = co_await desks_.health.check();
    co_return ready_response(view);
  }
  if (path == metrics_path) {
    response.content_type = metrics_type;
    response.body = desks_.health.metrics();
  } else {
    response.content_type = json_type;
    response.body = R"({"alive":true})";
  }
  co_return response;
}

boost::asio::awaitable<Response> Operations::handle(Request request) {
  const Language language = language_of(request.accept_language);
  const std::optional<Target> target = parse_target(request.target);
  std::string path = target ? target->path : std::string();
  if (path != health_path && path != ready_path && path != metrics_path) {
    co_return to_response(Problem(core::Refusal(core::Errc::not_found)), language, path);
  }
  if (request.method != "GET" && request.method != "HEAD") {
    co_return to_response(method_not_allowed("GET, HEAD"), language, path);
  }
  Response response;
  try {
    std::string asked = path;
    response = co_await answer(std::move(asked));
  } catch (const std::exception& failure) {
    desks_.log.error("http.handler_failed", {{"route", path}, {"reason", failure.what()}});
    response = to_response(internal_error(), language, path);
  }
  co_return response;
}

}  // namespace tuanyuan::http
