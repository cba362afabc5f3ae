#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "adapters/http/message.hpp"
#include "adapters/http/problem.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::http {

/// Remembers the answers to calls that repeat harmlessly (acknowledgements, sightings and what they are worth,
/// putting, deleting and importing recipients) and whose desks therefore keep no idempotency keys: the same key
/// and body get the same answer, the same key and another body 409. In memory, the latest memo_answers_max of
/// them: after a restart such a call is simply done again, with the same effect. Loop thread.
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
