#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/message.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::http {

enum class Language { zh, en };

/// Wrong fields of one body; after that many nobody reads on. Of an imported file see import_errors_max.
inline constexpr std::size_t field_errors_max = 64;

/// One wrong field; `line` is of an imported file, 0 elsewhere.
struct WrongField {
  std::uint32_t line = 0;
  std::string path;
  core::Text message;

  WrongField() = default;
  WrongField(std::uint32_t at, std::string where, core::Text what)
      : line(at), path(std::move(where)), message(std::move(what)) {}
};

/// Why there is no other answer (RFC 9457). Refusals of the desks become one; some are HTTP's own.
struct Problem {
  int status = 500;
  std::string name;  ///< stable: the last part of the type
  core::Text title;
  core::Text detail;  ///< empty: the title says it all
  std::vector<WrongField> errors;
  std::vector<std::pair<std::string, std::string>> fields;  ///< of the response: Allow, Retry-After

  Problem() = default;
  Problem(int code, std::string stable_name, core::Text what)
      : status(code), name(std::move(stable_name)), title(std::move(what)) {}
  Problem(const core::Refusal& refusal);  // NOLINT(google-explicit-constructor): every refusal is a problem

  /// 404 and 409 are said before anything is said of the body (contract, section 2: order of refusal).
  bool precedes_body_errors() const { return status == 401 || status == 403 || status == 404 || status == 409; }
};

[[noreturn]] inline void throw_exception_from_error(const Problem& problem, const boost::source_location&) {
  throw std::logic_error("outcome without a value: " + problem.name);
}

template <class T>
using Outcome = boost::system::result<T, Problem>;

Problem wrong_field(std::string path, core::Text message);
Problem method_not_allowed(std::string allow);
Problem not_acceptable();
Problem internal_error();

// Refusals of what is hardly a request.
Problem bad_request();
Problem header_too_large();
Problem request_timeout();
Problem expectation_failed();
Problem version_not_supported();

/// `instance`: the path that was asked for; may be empty.
Response to_response(const Problem& problem, Language language, std::string_view instance);

}  // namespace tuanyuan::http
