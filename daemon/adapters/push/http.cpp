#include "adapters/push/http.hpp"

#include <algorithm>

namespace tuanyuan::push {
namespace {

bool is_field_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

bool is_sendable(const HttpRequest& request) {
  const auto are_good = [](const auto& fields) {
    return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
      return !field.first.empty() && is_field_text(field.first) && is_field_text(field.second);
    });
  };
  const auto both = fields_of(request);
  return std::all_of(both.begin(), both.end(), are_good);
}

HttpResult HttpResult::answered(HttpAnswer answer) {
  HttpResult result;
  result.outcome = Outcome::answered;
  result.status = answer.status;
  result.retry_after = std::move(answer.retry_after);
  result.body = std::move(answer.body);
  result.body_cut = answer.body_cut;
  return result;
}

std::string_view to_string(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::none:
      return "none";
    case HttpFailure::malformed:
      return "malformed";
    case HttpFailure::not_due:
      return "not_due";
    case HttpFailure::overloaded:
      return "overloaded";
    case HttpFailure::no_connection:
      return "no_connection";
    case HttpFailure::unresolvable:
      return "unresolvable";
    case HttpFailure::address_refused:
      return "address_refused";
    case HttpFailure::name_refused:
      return "name_refused";
    case HttpFailure::unreachable:
      return "unreachable";
    case HttpFailure::not_trusted:
      return "not_trusted";
    case HttpFailure::other_protocol:
      return "other_protocol";
    case HttpFailure::broken_off:
      return "broken_off";
    case HttpFailure::timed_out:
      return "timed_out";
    case HttpFailure::bad_answer:
      return "bad_answer";
  }
  return "";
}

std::string reason_of(const HttpResult& result) {
  return result.outcome == HttpResult::Outcome::answered ? std::to_string(result.status)
                                                         : std::string(to_string(result.failure));
}

}  // namespace tuanyuan::push
