#include "adapters/ledger/sqlite/sqlite_ledger.hpp"

#include <algorithm>

#include "adapters/ledger/sqlite/answer_block.hpp"

namespace tuanyuan::ledger {
namespace {

using boost::asio::awaitable;
using ports::Read;

constexpr std::uint64_t page_bytes = 4'096;

/// Makes what is empty into a ledger; leaves a real one alone, whatever its schema.
void create_schema(Connection& writer, const std::string& path) {
  if (writer.number("SELECT count(*) FROM sqlite_schema").value_or(0) == 0) {
    migrate(writer, path);
  }
}

/// The answer of a read, or nothing when it failed: SQLite's errors, and bitmaps that cannot be parsed.
template <class T>
Read<T> attempt(const std::function<T(Connection&)>& query, Connection& database) {
  Read<T> answer;
  try {
    answer.emplace(query(database));
  } catch (const std::exception&) {
    answer.reset();
  }
  return answer;
}

}  // namespace

Migrated migrate_ledger(const std::string& path) {
  Migrated migrated;
  const FileLock lock(path);
  create_if_missing(path);
  explain_failures(path, [&] {
    Connection writer = open_writer(path, "", 0);
    migrated = migrate(writer, path);
  });
  return migrated;
}

SqliteLedger::SqliteLedger(boost::asio::any_io_executor executor, const SqliteOptions& options)
    : executor_(std::move(executor)) {
  lock_.emplace(options.path);
  create_if_missing(options.path);
  explain_failures(options.path, [&] {
    Connection writer = open_writer(options.path, options.vfs, options.checkpoints.hold_pages * page_bytes);
    create_schema(writer, options.path);
    require_current_schema(writer, options.path);
    if (!journal_tail_is_whole(writer)) {
      throw LedgerUnusable("the journal of " + options.path + " was altered: restore it from a backup");
    }
    checkpointer_ =
        std::make_unique<Checkpointer>(open_checkpointer(options.path, options.vfs), options.checkpoints);
    committer_ = std::make_unique<GroupCommitter>(executor_, std::move(writer), *checkpointer_, options.commits);
    reader_ = std::make_unique<Reader>(open_reader(options.path, options.vfs), options.queued_reads_max,
                                       [this]() -> std::optional<std::uint64_t> {
                                         if (checkpointer_->is_at_bound()) {
                                           return std::nullopt;
                                         }
                                         return committer_->directory_changes();
                                       });
  });
}

SqliteLedger::~SqliteLedger() = default;

awaitable<ports::CommitResult> SqliteLedger::commit(ports::Commit commit) {
  require_answers_have_entries(commit);
  const auto reply = std::make_shared<runtime::Reply<ports::CommitResult>>(executor_);
  CommitJob job{std::move(commit), reply, std::nullopt};
  if (!committer_->submit(WriteJob(std::move(job)))) {
    co_return ports::CommitResult(ports::NotCommitted{"the ledger's queue is full"});
  }
  co_return co_await runtime::Reply<ports::CommitResult>::wait(reply);
}

awaitable<Read<std::vector<core::Delivery>>> SqliteLedger::claim(core::ChannelKind channel, core::Instant now,
                                                                 core::Instant lease_until, std::size_t limit) {
  using Claimed = Read<std::vector<core::Delivery>>;
  const auto reply = std::make_shared<runtime::Reply<Claimed>>(executor_);
  ClaimJob job{channel, now, lease_until, limit, reply, {}};
  if (!committer_->submit(WriteJob(std::move(job)))) {
    co_return std::nullopt;
  }
  co_return co_await runtime::Reply<Claimed>::wait(reply);
}

template <class T>
awaitable<Read<T>> SqliteLedger::read(std::function<T(Connection&)> query, Sees sees) {
  const auto reply = std::make_shared<runtime::Reply<Read<T>>>(executor_);
  Reader::Job job = [reply, asked = std::move(query)](Connection& database) {
    Read<T> answer = attempt(asked, database);
    const bool is_read = answer.has_value();
    runtime::Reply<Read<T>>::post(reply, std::move(answer));
    return is_read;
  };
  if (!reader_->submit(std::move(job), sees)) {
    co_return std::nullopt;
  }
  co_return co_await runtime::Reply<Read<T>>::wait(reply);
}

awaitable<Read<std::vector<ports::RecordedEntry>>> SqliteLedger::journal(core::Sequence after, std::string subject,
                                                                         std::size_t limit) {
  return read<std::vector<ports::RecordedEntry>>([after, asked = std::move(subject), limit](Connection& database) {
    return read_journal(database, after, asked, limit);
  });
}

awaitable<Read<std::optional<ports::IdempotencyRecord>>> SqliteLedger::idempotency(std::string key) {
  return read<std::optional<ports::IdempotencyRecord>>(
      [asked = std::move(key)](Connection& database) { return read_idempotency(database, asked); });
}

awaitable<Read<std::optional<std::string>>> SqliteLedger::wrapped_key(core::AlertId alert) {
  return read<std::optional<std::string>>(
      [asked = std::move(alert)](Connection& database) { return read_wrapped_key(database, asked); });
}

awaitable<Read<std::optional<std::string>>> SqliteLedger::document(core::AlertId alert, std::string name) {
  return read<std::optional<std::string>>(
      [asked = std::move(alert), named = std::move(name)](Connection& database) {
        return read_document(database, asked, named);
      });
}

awaitable<Read<std::vector<ports::SealedDocument>>> SqliteLedger::documents(core::AlertId alert,
                                                                            std::string beginning) {
  return read<std::vector<ports::SealedDocument>>(
      [asked = std::move(alert), begun = std::move(beginning)](Connection& database) {
        return read_documents(database, asked, begun);
      });
}

awaitable<Read<ports::Ledger::Backlog>> SqliteLedger::backlog(core::ChannelKind channel) {
  return read<Backlog>([channel](Connection& database) { return read_backlog(database, channel); });
}

awaitable<Read<std::vector<ports::Ledger::DeadDelivery>>> SqliteLedger::dead(DeadQuery query, std::size_t limit) {
  return read<std::vector<DeadDelivery>>(
      [asked = std::move(query), limit](Connection& database) { return read_dead(database, asked, limit); });
}

awaitable<Read<std::vector<ports::Ledger::Waiting>>> SqliteLedger::waiting(core::AlertId alert) {
  return read<std::vector<Waiting>>(
      [asked = std::move(alert)](Connection& database) { return read_waiting(database, asked); });
}

awaitable<Read<std::vector<ports::Ledger::Place>>> SqliteLedger::places(core::AlertId alert,
                                                                        core::ChannelKind channel,
                                                                        std::uint64_t after, std::size_t limit) {
  return read<std::vector<Place>>([asked = std::move(alert), channel, after, limit](Connection& database) {
    return read_places(database, asked, channel, after, limit);
  });
}

awaitable<Read<std::vector<ports::ExpectedRecipients>>> SqliteLedger::expected(core::AlertId alert) {
  return read<std::vector<ports::ExpectedRecipients>>(
      [asked = std::move(alert)](Connection& database) { return read_expected(database, asked); });
}

awaitable<Read<std::vector<ports::ChasedRecipients>>> SqliteLedger::chased(core::AlertId alert) {
  return read<std::vector<ports::ChasedRecipients>>(
      [asked = std::move(alert)](Connection& database) { return read_chased(database, asked); });
}

awaitable<Read<std::vector<ports::SightingRow>>> SqliteLedger::sightings(core::AlertId alert) {
  return read<std::vector<ports::SightingRow>>(
      [asked = std::move(alert)](Connection& database) { return read_sightings(database, asked); });
}

awaitable<Read<std::optional<ports::SightingRow>>> SqliteLedger::sighting(core::SightingId id) {
  return read<std::optional<ports::SightingRow>>(
      [asked = std::move(id)](Connection& database) { return read_sighting(database, asked); });
}

awaitable<Read<std::vector<ports::DirectoryEntry>>> SqliteLedger::recipients_by_id(core::RecipientId after,
                                                                                   std::size_t limit) {
  return read<std::vector<ports::DirectoryEntry>>([last = std::move(after), limit](Connection& database) {
    return read_recipients_by_id(database, last, limit);
  });
}

awaitable<Read<std::vector<ports::DirectoryEntry>>> SqliteLedger::recipients(std::vector<core::Ordinal> ordinals) {
  return read<std::vector<ports::DirectoryEntry>>(
      [asked = std::move(ordinals)](Connection& database) { return read_recipients(database, asked); },
      Sees::directory);
}

awaitable<Read<ports::Ledger::Presence>> SqliteLedger::presence() {
  return read<Presence>([](Connection& database) { return read_presence(database); });
}

namespace {
struct AnswersSlice {
  std::vector<ports::AnswerRecord> rows;
  std::int64_t last_block = 0;
};
}  // namespace

awaitable<bool> SqliteLedger::answers(core::AlertId alert, core::Sequence after, AnswerVisitor visitor) {
  const core::Sequence largest = static_cast<core::Sequence>(INT64_MAX) >> block_part_bits;
  std::int64_t last_block = block_id(std::min(after, largest - 1) + 1, 0) - 1;
  while (true) {
    std::function<AnswersSlice(Connection&)> query = [alert, last_block](Connection& database) {
      AnswersSlice slice;
      slice.last_block = last_block;
      slice.rows = read_answers_slice(database, alert, slice.last_block);
      return slice;
    };
    const Read<AnswersSlice> slice = co_await read(std::move(query));
    if (!slice) {
      co_return false;
    }
    if (slice->rows.empty()) {
      co_return true;
    }
    visitor(slice->rows);
    last_block = slice->last_block;
  }
}

awaitable<bool> SqliteLedger::directory(DirectoryVisitor visitor) {
  core::Ordinal last = 0;
  while (true) {
    std::function<std::vector<ports::DirectoryEntry>(Connection&)> query = [last](Connection& database) {
      return read_directory_slice(database, last);
    };
    const auto slice = co_await read(std::move(query));
    if (!slice) {
      co_return false;
    }
    if (slice->empty()) {
      co_return true;
    }
    visitor(*slice);
    last = slice->back().ordinal;
  }
}

awaitable<Read<JournalCheck>> SqliteLedger::verify_journal() {
  JournalCheck check;
  while (true) {
    std::function<JournalCheck(Connection&)> query = [check](Connection& database) {
      return check_journal_slice(database, check);
    };
    const Read<JournalCheck> next = co_await read(std::move(query));
    if (!next || next->ended || next->altered_at) {
      co_return next;
    }
    check = *next;
  }
}

awaitable<std::string> SqliteLedger::health() {
  std::function<bool(Connection&)> look = [](Connection& database) {
    return database.number("SELECT value FROM probe").has_value();
  };
  const Read<bool> readable = co_await read(std::move(look));
  if (!readable.value_or(false)) {
    co_return "the ledger cannot be read";
  }
  const auto reply = std::make_shared<runtime::Reply<std::string>>(executor_);
  ProbeJob job{reply, {}};
  if (!committer_->submit(WriteJob(std::move(job)))) {
    co_return "the ledger's queue is full";
  }
  co_return co_await runtime::Reply<std::string>::wait(reply);
}

}  // namespace tuanyuan::ledger
