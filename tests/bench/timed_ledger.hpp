#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "ports/ledger.hpp"

namespace tuanyuan::bench {

/// A ledger that notes when what was committed: the moment from which the benchmarks count. Calls on the loop
/// thread, counts on any.
class TimedLedger final : public ports::Ledger {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  /// When the last commit of its kind stood, and what this process had used of the processors until then.
  struct Moment {
    Steady at;
    double cpu_seconds = 0;
  };
  /// Acknowledgements.
  struct Count {
    std::uint64_t first = 0;
    std::uint64_t commits = 0;
    Moment last;
  };
  /// Of the outbox rows of one channel.
  struct Outcomes {
    std::uint64_t accepted = 0;
    std::uint64_t lost = 0;  ///< rejected or given up
    Moment last;             ///< of those accepted
  };

  explicit TimedLedger(ports::Ledger& inner) : inner_(inner) {}

  /// The last commit with outbox rows.
  Moment announced() const;
  Count answers() const;
  Outcomes outcomes(core::ChannelKind channel) const;
  /// Returns once `is_there`, which is asked after every commit and may ask this ledger; false after `patience`.
  bool await(const std::function<bool()>& is_there, std::chrono::seconds patience);

  boost::asio::awaitable<ports::CommitResult> commit(ports::Commit commit) override;

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
  boost::asio::awaitable<ports::Read<std::vector<ports::SealedDocument>>> documents(
      core::AlertId alert, std::string beginning) override {
    return inner_.documents(std::move(alert), std::move(beginning));
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
  boost::asio::awaitable<ports::Read<Presence>> presence() override { return inner_.presence(); }
  boost::asio::awaitable<std::string> health() override { return inner_.health(); }

 private:
  void note_rows(const std::vector<core::ChannelKind>& channels, const ports::Committed& committed);
  void note_outcomes(const std::vector<ports::DeliveryUpdate>& updates);
  void note_answers(const ports::Committed& committed);

  ports::Ledger& inner_;
  mutable std::recursive_mutex mutex_;  ///< of all below: what is awaited asks in turn
  std::condition_variable_any committed_;
  Moment announced_;
  Count answers_;
  std::unordered_map<std::uint64_t, core::ChannelKind> channels_;  ///< of rows that were committed here
  std::map<core::ChannelKind, Outcomes> outcomes_;
};

}  // namespace tuanyuan::bench
