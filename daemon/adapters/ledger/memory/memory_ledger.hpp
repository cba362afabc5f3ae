#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "adapters/ledger/memory/memory_store.hpp"
#include "ports/clock.hpp"
#include "runtime/reply.hpp"

namespace tuanyuan::ledger {

/// What becomes of a commit, when a test decides.
enum class CommitFate : std::uint8_t {
  normal,             ///< as the ledger answers by itself
  not_committed,      ///< nothing is written, and that is said
  unknown_committed,  ///< it is written, and the answer is lost
  unknown_lost,       ///< nothing is written, and nobody knows
};

/// Faults on demand. Empty functions: none.
struct MemoryFaults {
  std::function<CommitFate(const ports::Commit&)> commit_fate;
  /// Whether it waits as all do after hold_commits(), while later ones may be answered.
  std::function<bool(const ports::Commit&)> holds;
  /// How long after the commit, which can be read meanwhile, its answer comes; needs a clock.
  std::function<ports::Clock::Steady::duration(const ports::Commit&)> answer_delay;
  std::function<bool()> read_fails;
};

/// The ledger for tests and the simulation. Commits are applied in the order of the calls, at once, and
/// answered later, never inside the call.
class MemoryLedger : public ports::Ledger {
 public:
  /// A ledger on what `store` holds, as after a start of the daemon: earlier leases are void, what is queued is
  /// due.
  MemoryLedger(boost::asio::any_io_executor executor, std::shared_ptr<MemoryStore> store,
               ports::Clock* clock = nullptr);
  explicit MemoryLedger(boost::asio::any_io_executor executor);
  /// Commits that were held are applied; nobody is answered.
  ~MemoryLedger() override;

  MemoryFaults faults;

  /// From here commits wait, neither applied nor answered, until they are released; then all are applied in
  /// their order.
  void hold_commits() { held_ = true; }
  void release_commits();
  std::size_t commits_held() const { return waiting_.size(); }

  const MemoryStore& store() const { return *store_; }

  boost::asio::awaitable<ports::CommitResult> commit(ports::Commit commit) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::RecordedEntry>>> journal(core::Sequence after,
                                                                                 std::string subject,
                                                                                 std::size_t limit) override;
  boost::asio::awaitable<ports::Read<std::optional<ports::IdempotencyRecord>>> idempotency(
      std::string key) override;
  boost::asio::awaitable<ports::Read<std::optional<std::string>>> wrapped_key(core::AlertId alert) override;
  boost::asio::awaitable<ports::Read<std::optional<std::string>>> document(core::AlertId alert,
                                                                           std::string name) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::SealedDocument>>> documents(
      core::AlertId alert, std::string beginning) override;
  boost::asio::awaitable<ports::Read<std::vector<core::Delivery>>> claim(core::ChannelKind channel,
                                                                         core::Instant now,
                                                                         core::Instant lease_until,
                                                                         std::size_t limit) override;
  boost::asio::awaitable<ports::Read<Backlog>> backlog(core::ChannelKind channel) override;
  boost::asio::awaitable<ports::Read<std::vector<DeadDelivery>>> dead(DeadQuery query, std::size_t limit) override;
  boost::asio::awaitable<ports::Read<std::vector<Waiting>>> waiting(core::AlertId alert) override;
  boost::asio::awaitable<ports::Read<std::vector<Place>>> places(core::AlertId alert, core::ChannelKind channel,
                                                                 std::uint64_t after, std::size_t limit) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::ChasedRecipients>>> chased(core::AlertId alert) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::ExpectedRecipients>>> expected(
      core::AlertId alert) override;
  boost::asio::awaitable<bool> answers(core::AlertId alert, core::Sequence after, AnswerVisitor visitor) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::SightingRow>>> sightings(core::AlertId alert) override;
  boost::asio::awaitable<ports::Read<std::optional<ports::SightingRow>>> sighting(core::SightingId id) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::DirectoryEntry>>> recipients_by_id(
      core::RecipientId after, std::size_t limit) override;
  boost::asio::awaitable<ports::Read<std::vector<ports::DirectoryEntry>>> recipients(
      std::vector<core::Ordinal> ordinals) override;
  boost::asio::awaitable<bool> directory(DirectoryVisitor visitor) override;
  boost::asio::awaitable<ports::Read<Presence>> presence() override;
  boost::asio::awaitable<std::string> health() override;

 private:
  using Answer = runtime::Reply<ports::CommitResult>;

  ports::CommitResult settle(const ports::Commit& commit);
  bool read_fails() const { return faults.read_fails && faults.read_fails(); }

  boost::asio::any_io_executor executor_;
  std::shared_ptr<MemoryStore> store_;
  ports::Clock* clock_;
  bool held_ = false;
  std::deque<std::pair<ports::Commit, std::shared_ptr<Answer>>> waiting_;
};

}  // namespace tuanyuan::ledger
