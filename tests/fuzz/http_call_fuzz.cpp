// The API's calls on stand-ins for what is behind them: a request line, fields, an empty line, a body. The field
// `caller` says whose certificate it is. Whatever is asked, the answer is one of the contract's, and a refusal is
// problem+json in which nothing of the body comes back.
#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "adapters/http/api.hpp"
#include "adapters/http/fake_desks.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;
using namespace tuanyuan::http;

namespace {

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::optional<Identity> identity_of(std::string_view caller) {
  Identity identity;
  identity.not_after = test::now + std::chrono::hours(1);
  if (caller == "recipient") {
    identity.caller.roles = {core::Role::recipient};
    identity.caller.recipient = core::RecipientId("hospital-1");
    return identity;
  }
  identity.caller.unit = test::unit;
  identity.caller.officer = "021533";
  identity.caller.roles = {core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                           core::Role::operator_};
  return caller == "nobody" ? std::nullopt : std::optional(identity);
}

void take_field(std::string_view line, Request& request) {
  const std::size_t colon = line.find(": ");
  if (colon == line.npos) {
    return;
  }
  const std::string_view name = line.substr(0, colon);
  const std::string value(line.substr(colon + 2));
  if (name == "caller") {
    request.identity = identity_of(value);
  } else if (name == "content-type") {
    request.content_type = value;
  } else if (name == "accept") {
    request.accept = value;
  } else if (name == "accept-language") {
    request.accept_language = value;
  } else if (name == "idempotency-key") {
    request.idempotency_key = value;
  } else if (name == "last-event-id") {
    request.last_event_id = value;
  }
}

Request request_of(std::string_view text) {
  Request request;
  request.identity = identity_of("officer");
  const std::string_view first = take_line(text);
  const std::size_t space = std::min(first.find(' '), first.size());
  request.method = first.substr(0, space);
  request.target = first.substr(std::min(space + 1, first.size()));
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    take_field(line, request);
  }
  request.body = text;
  return request;
}

struct World {
  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context, test::now};
  test::FakeDesks fakes{clock};
  Api api{fakes.desks(), Limits{}};

  Response ask(Request request) {
    std::optional<Response> answered;
    boost::asio::co_spawn(context, api.handle(std::move(request)),
                          [&answered](std::exception_ptr failure, Response response) {
                            require(failure == nullptr);
                            answered = std::move(response);
                          });
    require(clock.run_until([&answered] { return answered.has_value(); }, std::chrono::hours(1)));
    return std::move(*answered);
  }
};

void refused(const Response& response) {
  require(response.content_type == "application/problem+json");
  const boost::json::value problem = boost::json::parse(response.body);
  require(problem.at("status").as_int64() == response.status && !problem.at("title").as_string().empty());
  if (const auto* errors = problem.as_object().if_contains("errors")) {
    require(errors->as_array().size() <= import_errors_max + 64);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World world;
  const Request request = request_of(fuzz::text_of(data, size));
  const std::size_t room = world.api.body_bytes_max(request);
  require(room <= import_body_bytes_max);
  const Response response = world.ask(request);
  require(response.status >= 200 && response.status < 600 && response.status != 500);
  if (response.status >= 400) {
    refused(response);
  }
  require(response.content_type.find_first_of("\r\n") == std::string::npos);
  for (const auto& [name, value] : response.fields) {
    require((name + value).find_first_of("\r\n") == std::string::npos);
  }
  return 0;
}
