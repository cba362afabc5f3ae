#include "adapters/http/answer_memo.hpp"

#include "adapters/http/limits.hpp"

namespace tuanyuan::http {

Outcome<std::optional<Response>> AnswerMemo::find(const ports::Idempotency& once) const {
  const auto found = answers_.find(once.key);
  if (once.key.empty() || found == answers_.end()) {
    return std::optional<Response>();
  }
  if (found->second.digest != once.body_digest) {
    return Problem(core::Refusal(core::Errc::idempotency_reused));
  }
  return std::optional<Response>(found->second.answer);
}

void AnswerMemo::keep(const ports::Idempotency& once, const Response& answer) {
  const bool worth_it = answer.status < 300 && answer.body.size() <= memo_answer_bytes_max;
  if (once.key.empty() || !worth_it || answers_.contains(once.key)) {
    return;
  }
  if (order_.size() == memo_answers_max) {
    answers_.erase(order_.front());
    order_.pop_front();
  }
  order_.push_back(once.key);
  answers_.emplace(once.key, Kept{once.body_digest, answer});
}

}  // namespace tuanyuan::http
