#include "adapters/ledger/memory/memory_ledger.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tuanyuan::ledger {
namespace {

using boost::asio::awaitable;
using ports::Read;

constexpr std::size_t slice_rows_max = 4096;

/// Comes back later, as a real ledger does: a caller must not rely on an answer inside its call.
template <class T>
awaitable<T> later(T value) {
  co_await boost::asio::post(boost::asio::use_awaitable);
  co_return std::move(value);
}

template <class T>
awaitable<Read<T>> later_unless(bool fails, T value) {
  Read<T> answer;
  if (!fails) {
    answer.emplace(std::move(value));
  }
  return later(std::move(answer));
}

}  // namespace

MemoryLedger::MemoryLedger(boost::asio::any_io_executor executor, std::shared_ptr<MemoryStore> store,
                           ports::Clock* clock)
    : executor_(std::move(executor)), store_(std::move(store)), clock_(clock) {
  store_->begin_anew();
}

MemoryLedger::MemoryLedger(boost::asio::any_io_executor executor)
    : MemoryLedger(std::move(executor), std::make_shared<MemoryStore>()) {}

MemoryLedger::~MemoryLedger() {
  release_commits();
}

void MemoryLedger::release_commits() {
  held_ = false;
  while (!waiting_.empty()) {
    auto [commit, answer] = std::move(waiting_.front());
    waiting_.pop_front();
    Answer::post(std::move(answer), settle(commit));
  }
}

ports::CommitResult MemoryLedger::settle(const ports::Commit& commit) {
  switch (faults.commit_fate ? faults.commit_fate(commit) : CommitFate::normal) {
    case CommitFate::normal:
      break;
    case CommitFate::not_committed:
      return ports::NotCommitted{"injected"};
    case CommitFate::unknown_committed:
      store_->commit(commit);
      return ports::UnknownCommit{"injected"};
    case CommitFate::unknown_lost:
      return ports::UnknownCommit{"injected"};
  }
  return store_->commit(commit);
}

awaitable<ports::CommitResult> MemoryLedger::commit(ports::Commit commit) {
  const auto answer = std::make_shared<Answer>(executor_);
  // The ledger may be gone while the answer is on its way, as the daemon may be after a commit.
  ports::Clock* const clock = clock_;
  const auto delay =
      faults.answer_delay && clock != nullptr ? faults.answer_delay(commit) : ports::Clock::Steady::duration{0};
  if (held_ || (faults.holds && faults.holds(commit))) {
    waiting_.emplace_back(std::move(commit), answer);
  } else {
    Answer::post(answer, settle(commit));
  }
  ports::CommitResult result = co_await Answer::wait(answer);
  if (delay.count() > 0) {
    co_await clock->sleep_until(clock->steady_now() + delay);
  }
  co_return result;
}

awaitable<Read<std::vector<ports::RecordedEntry>>> MemoryLedger::journal(core::Sequence after, std::string subject,
                                                                         std::size_t limit) {
  return later_unless(read_fails(), store_->journal(after, subject, limit));
}

awaitable<Read<std::optional<ports::IdempotencyRecord>>> MemoryLedger::idempotency(std::string key) {
  return later_unless(read_fails(), store_->idempotency(key));
}

awaitable<Read<std::optional<std::string>>> MemoryLedger::wrapped_key(core::AlertId alert) {
  return later_unless(read_fails(), store_->wrapped_key(alert));
}

awaitable<Read<std::optional<std::string>>> MemoryLedger::document(core::AlertId alert, std::string name) {
  return later_unless(read_fails(), store_->document(alert, name));
}

awaitable<Read<std::vector<ports::SealedDocument>>> MemoryLedger::documents(core::AlertId alert,
                                                                            std::string beginning) {
  return later_unless(read_fails(), store_->documents(alert, beginning));
}

awaitable<Read<std::vector<core::Delivery>>> MemoryLedger::claim(core::ChannelKind channel, core::Instant now,
                                                                 core::Instant lease_until, std::size_t limit) {
  const bool fails = read_fails();
  return later_unless(fails,
                      fails ? std::vector<core::Delivery>{} : store_->claim(channel, now, lease_until, limit));
}

awaitable<Read<ports::Ledger::Backlog>> MemoryLedger::backlog(core::ChannelKind channel) {
  return later_unless(read_fails(), store_->backlog(channel));
}

awaitable<Read<std::vector<ports::Ledger::DeadDelivery>>> MemoryLedger::dead(DeadQuery query, std::size_t limit) {
  return later_unless(read_fails(), store_->dead(query, limit));
}

awaitable<Read<std::vector<ports::Ledger::Waiting>>> MemoryLedger::waiting(core::AlertId alert) {
  return later_unless(read_fails(), store_->waiting(alert));
}

awaitable<Read<std::vector<ports::Ledger::Place>>> MemoryLedger::places(core::AlertId alert,
                                                                        core::ChannelKind channel,
                                                                        std::uint64_t after, std::size_t limit) {
  return later_unless(read_fails(), store_->places(alert, channel, after, limit));
}

awaitable<Read<std::vector<ports::ExpectedRecipients>>> MemoryLedger::expected(core::AlertId alert) {
  return later_unless(read_fails(), store_->expected(alert));
}

awaitable<Read<std::vector<ports::ChasedRecipients>>> MemoryLedger::chased(core::AlertId alert) {
  return later_unless(read_fails(), store_->chased(alert));
}

awaitable<Read<std::vector<ports::SightingRow>>> MemoryLedger::sightings(core::AlertId alert) {
  return later_unless(read_fails(), store_->sightings(alert));
}

awaitable<Read<std::optional<ports::SightingRow>>> MemoryLedger::sighting(core::SightingId id) {
  return later_unless(read_fails(), store_->sighting(id));
}

awaitable<Read<std::vector<ports::DirectoryEntry>>> MemoryLedger::recipients_by_id(core::RecipientId after,
                                                                                   std::size_t limit) {
  return later_unless(read_fails(), store_->recipients_by_id(after, limit));
}

awaitable<Read<std::vector<ports::DirectoryEntry>>> MemoryLedger::recipients(std::vector<core::Ordinal> ordinals) {
  return later_unless(read_fails(), store_->recipients(ordinals));
}

awaitable<bool> MemoryLedger::answers(core::AlertId alert, core::Sequence after, AnswerVisitor visitor) {
  const auto store = store_;
  const auto by_sequence = [](core::Sequence sequence, const ports::AnswerRecord& record) {
    return sequence < record.sequence;
  };
  const auto& all = store->answers();
  auto index =
      static_cast<std::size_t>(std::upper_bound(all.begin(), all.end(), after, by_sequence) - all.begin());
  while (index < all.size()) {
    if (read_fails()) {
      co_return false;
    }
    std::vector<ports::AnswerRecord> slice;
    for (; index < all.size() && slice.size() < slice_rows_max; ++index) {
      if (alert.empty() || all[index].alert_id == alert) {
        slice.push_back(all[index]);
      }
    }
    co_await boost::asio::post(boost::asio::use_awaitable);
    if (!slice.empty()) {
      visitor(slice);
    }
  }
  co_return !read_fails();
}

awaitable<bool> MemoryLedger::directory(DirectoryVisitor visitor) {
  const auto store = store_;
  const auto& all = store->directory();
  for (std::size_t from = 0; from < all.size(); from += slice_rows_max) {
    if (read_fails()) {
      co_return false;
    }
    const std::size_t to = std::min(all.size(), from + slice_rows_max);
    const std::vector<ports::DirectoryEntry> slice(all.begin() + static_cast<std::ptrdiff_t>(from),
                                                   all.begin() + static_cast<std::ptrdiff_t>(to));
    co_await boost::asio::post(boost::asio::use_awaitable);
    visitor(slice);
  }
  co_return !read_fails();
}

awaitable<Read<ports::Ledger::Presence>> MemoryLedger::presence() {
  return later_unless(read_fails(), store_->presence());
}

awaitable<std::string> MemoryLedger::health() {
  return later(read_fails() ? std::string("injected") : std::string());
}

}  // namespace tuanyuan::ledger
