#include "adapters/ledger/sqlite/answer_index.hpp"

#include <algorithm>

#include "adapters/ledger/sqlite/answer_block.hpp"

namespace tuanyuan::ledger {
namespace {

// A slot holds the milliseconds since the first answer and one, so for seven weeks; 0: none.
constexpr std::uint32_t far_away = UINT32_MAX;
constexpr std::size_t far_entry_bytes = 48;

}  // namespace

FirstAnswers::Page& FirstAnswers::page_of(core::Ordinal ordinal) {
  const auto number = static_cast<std::uint32_t>(ordinal / page_slots);
  if (last_page_ == nullptr || last_number_ != number) {
    auto& page = pages_[number];
    if (!page) {
      page = std::make_unique<Page>();
    }
    last_page_ = page.get();
    last_number_ = number;
  }
  return *last_page_;
}

FirstAnswers::Outcome FirstAnswers::record(core::Ordinal ordinal, core::Instant at) {
  if (pages_.empty()) {
    base_ = at;
  }
  std::uint32_t& slot = page_of(ordinal)[ordinal % page_slots];
  if (slot == far_away) {
    return {false, far_.at(ordinal)};
  }
  if (slot != 0) {
    return {false, base_ + core::Duration(slot - 1)};
  }
  const std::int64_t since = (at - base_).count();
  if (since >= 0 && since < std::int64_t{far_away} - 1) {
    slot = static_cast<std::uint32_t>(since) + 1;
  } else {
    slot = far_away;
    far_.emplace(ordinal, at);
  }
  return {true, at};
}

std::size_t FirstAnswers::bytes() const {
  return pages_.size() * sizeof(Page) + far_.size() * far_entry_bytes;
}

std::size_t AnswerIndex::OfAlert::bytes() const {
  std::size_t sum = 0;
  for (const auto& [key, set] : sets) {
    sum += set.bytes();
  }
  return sum;
}

FirstAnswers::Outcome AnswerIndex::record(std::int64_t alert, std::uint32_t revision, core::AnswerKind kind,
                                          core::Ordinal ordinal, core::Instant at) {
  const auto found = alerts_.find(alert);
  OfAlert& of_alert = found == alerts_.end() ? load(alert) : found->second;
  of_alert.last_used = ++uses_;
  return of_alert.sets[{revision, kind}].record(ordinal, at);
}

AnswerIndex::OfAlert& AnswerIndex::load(std::int64_t alert) {
  OfAlert loaded;
  {
    Rows rows = database_.query("SELECT answers FROM answer_blocks WHERE alert = ? ORDER BY id", alert);
    while (rows.next()) {
      const auto answers = unpack_answers(rows->view(0));
      if (!answers) {
        throw SqliteError(SQLITE_CORRUPT, "reading table answer_blocks");
      }
      for (const PackedAnswer& answer : *answers) {
        loaded.sets[{answer.revision, answer.kind}].record(answer.ordinal, answer.recorded_at);
      }
    }
  }
  return alerts_.emplace(alert, std::move(loaded)).first->second;
}

void AnswerIndex::forget() {
  alerts_.clear();
}

void AnswerIndex::trim() {
  std::size_t bytes = 0;
  for (const auto& [alert, answers] : alerts_) {
    bytes += answers.bytes();
  }
  while (bytes > bytes_max_ && alerts_.size() > 1) {
    const auto oldest = std::min_element(alerts_.begin(), alerts_.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    });
    bytes -= oldest->second.bytes();
    alerts_.erase(oldest);
  }
}

}  // namespace tuanyuan::ledger
