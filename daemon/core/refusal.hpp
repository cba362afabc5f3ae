#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.hpp"

namespace tuanyuan::core {

/// Why a request was refused. Each has one stable problem type (RFC 9457) that callers may rely on.
enum class Errc {
  unauthenticated,   ///< no or no usable certificate
  forbidden,         ///< the role or the division does not allow it
  not_found,         ///< no such thing, or none that the caller may know of
  conflict,          ///< the state does not allow it
  duplicate_report,  ///< the report is linked to another which nobody reviewed
  stale_preview,     ///< the preview token is of an earlier state
  stale_revision,    ///< decided on another revision than the one that stands
  idempotency_reused,  ///< the same idempotency key came with another body
  malformed,         ///< not parseable at all
  invalid,           ///< parseable, but fields are wrong: see fields
  too_large,
  unsupported_media,
  unavailable,       ///< cannot be committed now; the same request may be repeated
  overloaded,        ///< a named limit is reached; repeat later
};

/// The stable last part of the problem type, such as "duplicate-report".
std::string_view problem_name(Errc code);
/// The HTTP status that belongs to it (contract, section 2).
int http_status(Errc code);
/// A sentence for people, without any value of the request.
Text problem_title(Errc code);

/// One wrong field. `path` is the JSON path (lowerCamelCase, "child.birthDate", "texts[2].language"); the
/// message names the rule and never the value, because values may be the child's data.
struct FieldError {
  std::string path;
  Text message;

  FieldError() = default;
  FieldError(std::string where, Text what) : path(std::move(where)), message(std::move(what)) {}

  friend bool operator==(const FieldError&, const FieldError&) = default;
};

/// An expected failure: what an operation answers instead of its result.
struct Refusal {
  Errc code = Errc::invalid;
  Text detail;
  std::vector<FieldError> fields;

  Refusal() = default;
  explicit Refusal(Errc why) : code(why), detail(problem_title(why)) {}
  Refusal(Errc why, Text text) : code(why), detail(std::move(text)) {}
  explicit Refusal(std::vector<FieldError> wrong)
      : code(Errc::invalid), detail(problem_title(Errc::invalid)), fields(std::move(wrong)) {}
};

/// Called by Result::value() where there is none; that is a programmer's error, since results are tested.
[[noreturn]] inline void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
  throw std::logic_error("result without a value: " + std::string(problem_name(refusal.code)));
}

template <class T>
using Result = boost::system::result<T, Refusal>;

}  // namespace tuanyuan::core
