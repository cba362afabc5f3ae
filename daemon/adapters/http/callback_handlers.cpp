#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/limits.hpp"
#include "adapters/http/media.hpp"

namespace tuanyuan::http {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Texts and whole numbers at the top of a JSON object; all else a gateway may have to say is passed over.
std::optional<Parameters> read_object(const std::string& body) {
  boost::system::error_code failed;
  boost::json::parse_options options;
  options.max_depth = json_depth_max;
  const boost::json::value parsed = boost::json::parse(body, failed, {}, options);
  const boost::json::object* object = failed ? nullptr : parsed.if_object();
  if (object == nullptr) {
    return std::nullopt;
  }
  Parameters parameters;
  for (const auto& [name, value] : *object) {
    if (const boost::json::string* text = value.if_string()) {
      parameters.emplace_back(name, text->c_str());
    } else if (const std::int64_t* number = value.if_int64()) {
      parameters.emplace_back(name, std::to_string(*number));
    }
  }
  return parameters;
}

std::optional<Parameters> read_body(const std::string& body, std::string_view type) {
  if (body.empty()) {
    return Parameters();
  }
  if (type == json_type) {
    return read_object(body);
  }
  auto form = parse_target("/?" + body);
  return form ? std::optional(std::move(form->query)) : std::nullopt;
}

}  // namespace

Answering call_back(Api& api, Exchange x) {
  if (x.obstacle()) {
    co_return x.refuse(*x.obstacle());
  }
  ports::Callback callback;
  callback.token = std::string(x.path_id());
  callback.parameters = x.target().query;
  callback.is_posted = x.route().unsafe();
  if (callback.is_posted) {
    auto posted = read_body(x.request().body, x.body_type());
    if (!posted) {
      co_return x.refuse(Problem(core::Refusal(core::Errc::malformed)));
    }
    callback.parameters.insert(callback.parameters.end(), posted->begin(), posted->end());
  }
  const core::Result<ports::CallbackAnswer> said = co_await api.desks().callbacks.called(std::move(callback));
  if (!said) {
    co_return x.refuse(said.error());
  }
  Response response;
  response.content_type = std::string(said->is_page ? page_type : text_type) + "; charset=utf-8";
  response.body = said->text;
  if (said->is_page) {
    // The address is the right to answer: it goes nowhere else.
    response.fields.emplace_back("Referrer-Policy", "no-referrer");
    response.fields.emplace_back("Content-Security-Policy",
                                 "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                                 "base-uri 'none'; frame-ancestors 'none'");
  }
  co_return response;
}

}  // namespace tuanyuan::http
