#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include "ports/ledger.hpp"

namespace tuanyuan::bench {

/// A ledger that notes when what was committed: the moment from which the benchmarks count. Calls on the loop
/// thread, counts on any.
class TimedLedger final : public ports::Ledger {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  struct Count {
    std::uint64_t first = 0;
    std::uint64_t commits = 0;
  };

  explicit TimedLedger(ports::Ledger& inner) : inner_(inner) {}

  /// When the last commit with outbox rows stood.
  Steady announced_at() const { return Steady(Steady::duration(announced_.load())); }
  Count answers() const { return {first_.load(), commits_.load()}; }
  /// When the last commit with acknowledgements stood.
  Steady last_answer_at() const { return Steady(Steady::duration(answered_.load())); }

  boost::asio::awaitable<ports::CommitResult> commit(ports::Commit commit) override {
    const bool announces = !commit.deliveries.empty();
    const bool answers = !commit.answers.empty();
    ports::CommitResult result = co_await inner_.commit(std::move(commit));
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    if (const auto* committed = std::get_if<ports::Committed>(&result)) {
      if (announces) {
        announced_ = now;
      }
      if (answers) {
        std::uint64_t first = 0;
        for (const bool is_first : committed->answers_first) {
          first += is_first ? 1 : 0;
        }
        answered_ = now;
        ++commits_;
        first_ += first;
      }
    }
    co_return result;
  }

  // The rest passes through.
  boost::asio::awaitable<ports::Read<std::vector<ports::RecordedEntry>>> journal(core::Sequence after,
                                                                                 std::string subject,
                                                                                 std::size_t limit) override {
    return inner_.journal(after, std::move(subject), limit);
  }
  boost::asio::awaitable<ports::Read<std::optional<ports::IdempotencyRecord>>> idempotency(
      std::string key) override {
    return inner_.idempotency(std::move(key));
  }
  boost::asio::awaitable<ports::Read<std::optional<std::string>>> wrapped_key(core::AlertId alert) override {
    return inner_.wrapped_key(std::move(alert));
  }
  boost::asio::awaitable<ports::Read<std::optional<std::string>>> document(core::AlertId alert,
                                                                           std::string name) override {
    return inner_.document(std::move(alert), std::move(name));
  }
  boost::asio::awaitable<ports::Read<std::vector<core::Delivery>>> claim(core::ChannelKind channel,
                                                                         core::Instant now,
                                                                         core::Instant lease_until,
                                                                         std::size_t limit) override {
    return inner_.claim(channel, now, lease_until, limit);
  }
  boost::asio::awaitable<ports::Read<Backlog>> backlog(core::ChannelKind channel) override {
    return inner_.backlog(channel);
  }
  boost::asio::awaitable<ports::Read<std::vector<DeadDelivery>>> dead(DeadQuery query,
                                                                      std::size_t limit) override {
    return inner_.dead(std::move(query), limit);
  }
  boost::asio::awaitable<ports::Read<std::vector<Waiting>>> waiting(core::AlertId alert) override {
    return inner_.waiting(std::move(alert));
  }
  boost::asio::awaitable<ports::Read<std::vector<Place>>> places(core::AlertId alert, core::ChannelKind channel,
                                                                 std::uint64_t after, std::size_t limit) override {
    return inner_.places(std::move(alert), channel, after, limit);
  }
  boost::asio::awaitable<ports::Read<std::vector<ports::ExpectedRecipients>>> expected(
      core::AlertId alert) override {
    return inner_.expected(std::move(alert));
  }
  boost::asio::awaitable<ports::Read<std::vector<ports::ChasedRecipients>>> chased(core::AlertId alert) override {
    return inner_.chased(std::move(alert));
  }
  boost::asio::awaitable<bool> answers(core::AlertId alert, core::Sequence after, AnswerVisitor visitor) override {
    return inner_.answers(std::move(alert), after, std::move(visitor));
  }
  boost::asio::awaitable<ports::Read<std::vector<ports::SightingRow>>> sightings(core::AlertId alert) override {
    return inner_.sightings(std::move(alert));
  }
  boost::asio::awaitable<ports::Read<std::optional<ports::SightingRow>>> sighting(core::SightingId id) override {
    return inner_.sighting(std::move(id));
  }
  boost::asio::awaitable<ports::Read<std::vector<ports::DirectoryEntry>>> recipients_by_id(
      core::RecipientId after, std::size_t limit) override {
    return inner_.recipients_by_id(std::move(after), limit);
  }
  boost::asio::awaitable<ports::Read<std::vector<ports::DirectoryEntry>>> recipients(
      std::vector<core::Ordinal> ordinals) override {
    return inner_.recipients(std::move(ordinals));
  }
  boost::asio::awaitable<bool> directory(DirectoryVisitor visitor) override {
    return inner_.directory(std::move(visitor));
  }
  boost::asio::awaitable<std::string> health() override { return inner_.health(); }

 private:
  ports::Ledger& inner_;
  std::atomic<std::chrono::steady_clock::rep> announced_{0};
  std::atomic<std::chrono::steady_clock::rep> answered_{0};
  std::atomic<std::uint64_t> first_{0};
  std::atomic<std::uint64_t> commits_{0};
};

}  // namespace tuanyuan::bench
