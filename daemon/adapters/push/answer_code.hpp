#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/http.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::push {

/// What a vendor's own code means for the delivery.
enum class CodeMeaning {
  accepted,
  rejected,   ///< the same request can never do
  dead,       ///< nobody is at this address any more
  retry,      ///< people or time put it right
  throttled,  ///< too much: not before some time has passed
  people,     ///< it refuses us, not the message: retried, once people have put that right
};
struct CodeRow {
  std::int64_t code;
  CodeMeaning meaning;
  std::int32_t wait_seconds = 0;  ///< of what is throttled, where the vendor says so
};

/// What became of one request, and why in a word that may be logged: "200/45009".
struct Verdict {
  ports::SendResult sent;
  std::string reason;

  Verdict() = default;
};

/// A whole number that stands at the top of a JSON object under one of these names; also where it is written as a
/// text of digits. Nothing where the body is no JSON object, or the number is not there.
std::optional<std::int64_t> number_in(std::string_view body, std::initializer_list<std::string_view> names);

/// Likewise one below: `{"error":{"code":…}}`.
std::optional<std::int64_t> number_below(std::string_view body, std::string_view outer, std::string_view name);
/// A text, or the texts of a list, by the names on the way to it; none where it is something else or not there.
std::vector<std::string> texts_in(std::string_view body, std::initializer_list<std::string_view> path);

/// The common part of all vendors that answer in the body. A status that is no 2xx is judged like a webhook's,
/// except that only the body can say an address is dead. In a 2xx the code decides; one that is not in the table
/// is retried (a child is missing, and what nobody knows may pass), a body without any is unknown. What is retried
/// waits as long as table or Retry-After say, whichever is longer.
Verdict judge_by_code(const HttpResult& result, std::optional<std::int64_t> code, std::span<const CodeRow> table,
                      core::Instant now);

/// Of those that say it by the status alone, as a webhook does.
Verdict judge_by_status(const HttpResult& result, core::Instant now);

}  // namespace tuanyuan::push
