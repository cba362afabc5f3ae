#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/ledger/sqlite/group_committer.hpp"
#include "adapters/ledger/sqlite/ledger_file.hpp"
#include "adapters/ledger/sqlite/queries.hpp"
#include "adapters/ledger/sqlite/reader.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

struct SqliteOptions {
  std::string path;
  std::string vfs;  ///< SQLite's file layer by name; empty: the system's
  CommitLimits commits;
  CheckpointLimits checkpoints;
  std::size_t queued_reads_max = 1'024;
};

/// Makes the ledger, or brings its schema up to this program's. Nobody else may have it open. Throws
/// LedgerUnusable.
Migrated migrate_ledger(const std::string& path);

/// The embedded ledger: one file, one process, one thread that writes and one that reads. All calls on the
/// loop thread, which `executor` belongs to; the io_context outlives the ledger.
class SqliteLedger final : public ports::Ledger {
 public:
  /// Opens the ledger, or makes it. Blocking. Throws LedgerUnusable, whose text is for the operator: in use
  /// by another process, damaged, altered, of another schema, not writable.
  SqliteLedger(boost::asio::any_io_executor executor, const SqliteOptions& options);
  /// Commits what is queued, then joins its threads; answers are posted, whether somebody waits or not.
  ~SqliteLedger() override;

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

  /// Reads the whole journal and its chain. Nothing: it could not be read.
  boost::asio::awaitable<ports::Read<JournalCheck>> verify_journal();

  CommitStatistics statistics() const { return committer_->statistics(); }

 private:
  template <class T>
  boost::asio::awaitable<ports::Read<T>> read(std::function<T(Connection&)> query, Sees sees = Sees::everything);

  boost::asio::any_io_executor executor_;
  // Opened in this order and closed in the opposite one.
  std::optional<FileLock> lock_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<GroupCommitter> committer_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace tuanyuan::ledger
