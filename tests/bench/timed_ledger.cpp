#include "bench/timed_ledger.hpp"

#include <algorithm>

#include "bench/child_process.hpp"

namespace tuanyuan::bench {
namespace {

TimedLedger::Moment this_moment() {
  return {std::chrono::steady_clock::now(), cpu_seconds_used()};
}

}  // namespace

TimedLedger::Moment TimedLedger::announced() const {
  const std::lock_guard lock(mutex_);
  return announced_;
}

TimedLedger::Count TimedLedger::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

TimedLedger::Outcomes TimedLedger::outcomes(core::ChannelKind channel) const {
  const std::lock_guard lock(mutex_);
  const auto found = outcomes_.find(channel);
  return found == outcomes_.end() ? Outcomes() : found->second;
}

bool TimedLedger::await(const std::function<bool()>& is_there, std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  return committed_.wait_for(lock, patience, is_there);
}

boost::asio::awaitable<ports::CommitResult> TimedLedger::commit(ports::Commit commit) {
  std::vector<core::ChannelKind> channels;
  channels.reserve(commit.deliveries.size());
  for (const core::Delivery& row : commit.deliveries) {
    channels.push_back(row.channel);
  }
  const std::vector<ports::DeliveryUpdate> updates = commit.delivery_updates;
  const bool answers = !commit.answers.empty();
  ports::CommitResult result = co_await inner_.commit(std::move(commit));
  if (const auto* committed = std::get_if<ports::Committed>(&result)) {
    const std::lock_guard lock(mutex_);
    note_rows(channels, *committed);
    note_outcomes(updates);
    if (answers) {
      note_answers(*committed);
    }
    committed_.notify_all();
  }
  co_return result;
}

void TimedLedger::note_rows(const std::vector<core::ChannelKind>& channels, const ports::Committed& committed) {
  if (channels.empty()) {
    return;
  }
  announced_ = this_moment();
  for (std::size_t index = 0; index < channels.size(); ++index) {
    channels_.emplace(committed.delivery_ids[index], channels[index]);
  }
}

void TimedLedger::note_outcomes(const std::vector<ports::DeliveryUpdate>& updates) {
  if (updates.empty()) {
    return;
  }
  const Moment now = this_moment();
  for (const ports::DeliveryUpdate& update : updates) {
    const auto channel = channels_.find(update.id);
    if (channel == channels_.end() || !core::is_settled(update.state)) {
      continue;
    }
    Outcomes& outcomes = outcomes_[channel->second];
    if (update.state == core::DeliveryState::accepted) {
      ++outcomes.accepted;
      outcomes.last = now;
    } else {
      ++outcomes.lost;
    }
  }
}

void TimedLedger::note_answers(const ports::Committed& committed) {
  answers_.first +=
      static_cast<std::uint64_t>(std::count(committed.answers_first.begin(), committed.answers_first.end(), true));
  ++answers_.commits;
  answers_.last = this_moment();
}

}  // namespace tuanyuan::bench
