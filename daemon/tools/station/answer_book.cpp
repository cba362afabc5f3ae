#include "tools/station/answer_book.hpp"

#include "core/backoff.hpp"
#include "tools/station/random.hpp"

namespace tuanyuan::station {
namespace {

constexpr Steady hurry_ms_max{1'000};

}  // namespace

AnswerBook::Key AnswerBook::key_of(const core::Acknowledgement& answer) {
  return {answer.alert_id, answer.revision, answer.recipient_id, answer.kind};
}

void AnswerBook::add(core::Acknowledgement answer, Steady due) {
  Key key = key_of(answer);
  if (const auto known = entries_.find(key); known != entries_.end()) {
    erase(known);
  }
  if (entries_.size() >= answers_max) {
    return;
  }
  const auto [entry, added] = entries_.emplace(std::move(key), Entry{std::move(answer), 0, {}});
  schedule(entry, due);
}

bool AnswerBook::settle(const core::Receipt& receipt) {
  if (!receipt.kind) {
    return false;
  }
  const auto entry = entries_.find({receipt.alert_id, receipt.revision, receipt.recipient_id, *receipt.kind});
  if (entry == entries_.end()) {
    return false;
  }
  erase(entry);
  totals_->receipts += 1;
  totals_->refused += receipt.result == core::ReceiptResult::refused ? 1 : 0;
  return true;
}

void AnswerBook::forget_unsent(const core::AlertId& alert) {
  auto entry = entries_.lower_bound({alert, 0, {}, core::AnswerKind::received});
  while (entry != entries_.end() && entry->first.alert_id == alert) {
    const auto current = entry++;
    if (current->second.sent == 0 && current->first.kind != core::AnswerKind::removed) {
      erase(current);
    }
  }
}

std::vector<core::Acknowledgement> AnswerBook::take_due(Steady now, std::size_t count_max) {
  std::vector<core::Acknowledgement> due;
  while (due.size() < count_max && !by_due_.empty() && by_due_.begin()->first.first <= now) {
    const auto entry = by_due_.begin()->second;
    Entry& one = entry->second;
    if (one.sent == 0) {
      count(one.answer.kind);
    } else {
      totals_->repeats += 1;
    }
    one.sent += 1;
    due.push_back(one.answer);
    schedule(entry, now + core::backoff_delay(core::answer_repeat_backoff, one.sent, split_mix(random_)));
  }
  return due;
}

void AnswerBook::hurry(Steady now) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->second.sent > 0) {
      schedule(entry, now + Steady(split_mix(random_) % hurry_ms_max.count()));
    }
  }
}

std::optional<Steady> AnswerBook::next_due() const {
  return by_due_.empty() ? std::nullopt : std::optional(by_due_.begin()->first.first);
}

void AnswerBook::schedule(Entries::iterator entry, Steady due) {
  by_due_.erase(entry->second.due);
  entry->second.due = {due, ++last_serial_};
  by_due_.emplace(entry->second.due, entry);
}

void AnswerBook::erase(Entries::iterator entry) {
  by_due_.erase(entry->second.due);
  entries_.erase(entry);
}

void AnswerBook::count(core::AnswerKind kind) {
  switch (kind) {
    case core::AnswerKind::received:
      totals_->received += 1;
      break;
    case core::AnswerKind::displayed:
      totals_->displayed += 1;
      break;
    case core::AnswerKind::confirmed:
      totals_->confirmed += 1;
      break;
    case core::AnswerKind::removed:
      totals_->removed += 1;
      break;
    case core::AnswerKind::unable:
      totals_->unable += 1;
      break;
    case core::AnswerKind::acting:
      break;
  }
}

}  // namespace tuanyuan::station
