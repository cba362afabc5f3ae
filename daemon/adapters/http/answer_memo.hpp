#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "adapters/http/message.hpp"
#include "adapters/http/problem.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::http {

/// Remembers the answers to calls that programs repeat (acknowledgements, sightings and what they are worth,
/// putting, deleting and importing recipients): the same key and body get the same answer without asking the desk
/// again, also where it has changed since, and the same key with another body gets 409 before that body is read.
/// In memory, the latest memo_answers_max of them; over a restart the desks' own records hold. Loop thread.
class AnswerMemo {
 public:
  /// The answer that was given; nothing where none was, or no key came.
  Outcome<std::optional<Response>> find(const ports::Idempotency& once) const;
  /// Keeps an answer that succeeded; one without a key, or too large to keep, is not.
  void keep(const ports::Idempotency& once, const Response& answer);

 private:
  struct Kept {
    std::string digest;
    Response answer;
  };
  std::map<std::string, Kept> answers_;
  std::deque<std::string> order_;
};

}  // namespace tuanyuan::http
