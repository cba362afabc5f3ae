#include "adapters/push/http.hpp"

namespace tuanyuan::push {

std::string_view to_string(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::none:
      return "none";
    case HttpFailure::malformed:
      return "malformed";
    case HttpFailure::overloaded:
      return "overloaded";
    case HttpFailure::no_connection:
      return "no_connection";
    case HttpFailure::unresolvable:
      return "unresolvable";
    case HttpFailure::address_refused:
      return "address_refused";
    case HttpFailure::unreachable:
      return "unreachable";
    case HttpFailure::not_trusted:
      return "not_trusted";
    case HttpFailure::broken_off:
      return "broken_off";
    case HttpFailure::timed_out:
      return "timed_out";
    case HttpFailure::bad_answer:
      return "bad_answer";
  }
  return "";
}

}  // namespace tuanyuan::push
