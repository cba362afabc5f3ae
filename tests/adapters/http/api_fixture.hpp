#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/api.hpp"
#include "fake_desks.hpp"

namespace tuanyuan::http::test {

inline Identity identity_of(core::Caller caller) {
  Identity identity;
  identity.caller = std::move(caller);
  identity.not_after = now + std::chrono::hours(24 * 365);
  return identity;
}

inline Identity officer(core::Roles roles) {
  core::Caller caller;
  caller.unit = unit;
  caller.officer = "021533";
  caller.roles = roles;
  return identity_of(std::move(caller));
}

inline Identity everything() {
  return officer({core::Role::submitter, core::Role::releaser, core::Role::supervisor, core::Role::operator_});
}

inline Identity recipient(const std::string& id = "hospital-1") {
  core::Caller caller;
  caller.recipient = core::RecipientId(id);
  caller.roles = {core::Role::recipient};
  return identity_of(std::move(caller));
}

inline Request get(std::string target, std::optional<Identity> who = everything()) {
  Request request;
  request.method = "GET";
  request.target = "/api/v1" + target;
  request.identity = std::move(who);
  return request;
}

inline Request send(std::string method, std::string target, std::string body,
                    std::optional<Identity> who = everything()) {
  Request request = get(std::move(target), std::move(who));
  request.method = std::move(method);
  request.body = std::move(body);
  request.content_type = "application/json";
  return request;
}

inline Request post(std::string target, std::string body, std::optional<Identity> who = everything()) {
  return send("POST", std::move(target), std::move(body), std::move(who));
}

/// The API on fakes and virtual time, without connections.
class ApiTest : public testing::Test {
 protected:
  explicit ApiTest(pages::Site desk = {}) : api_(fakes_.desks(), Limits{}, desk) {}

  Response ask(Request request) {
    std::optional<Response> answered;
    boost::asio::co_spawn(context_, api_.handle(std::move(request)),
                          [&answered](std::exception_ptr failure, Response response) {
                            if (failure) {
                              std::rethrow_exception(failure);
                            }
                            answered = std::move(response);
                          });
    clock_.run_until([&answered] { return answered.has_value(); }, std::chrono::hours(1));
    return answered.value();
  }

  int status(Request request) { return ask(std::move(request)).status; }

  static boost::json::value json(const Response& response) { return boost::json::parse(response.body); }

  /// The paths of a problem's errors, in their order.
  static std::vector<std::string> paths(const Response& response) {
    std::vector<std::string> found;
    const boost::json::value problem = json(response);
    if (const auto* errors = problem.as_object().if_contains("errors")) {
      for (const boost::json::value& error : errors->as_array()) {
        found.emplace_back(error.at("path").as_string());
      }
    }
    return found;
  }

  static std::string problem_type(const Response& response) {
    return std::string(json(response).at("type").as_string());
  }

  boost::asio::io_context context_{1};
  runtime::VirtualClock clock_{context_, now};
  FakeDesks fakes_{clock_};
  Api api_;
};

}  // namespace tuanyuan::http::test
