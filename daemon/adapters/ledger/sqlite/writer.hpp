#pragma once

#include <cstdint>
#include <optional>

#include "adapters/ledger/sqlite/answer_writer.hpp"
#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/journal_chain.hpp"
#include "adapters/ledger/sqlite/numbering.hpp"
#include "adapters/ledger/sqlite/outbox_writer.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// Turns commits into SQL, inside a transaction that somebody else begins and ends. Errors of SQLite are
/// thrown; the transaction is then rolled back as a whole and the writer has to forget.
class Writer {
 public:
  Writer(Connection& database, std::size_t answer_index_bytes_max);

  /// Committed or Conflict; after a Conflict nothing was written. Answers must have their entries
  /// (require_answers_have_entries).
  ports::CommitResult write(const ports::Commit& commit);
  /// Whether it writes the table of recipients.
  static bool changes_directory(const ports::Commit& commit);
  OutboxWriter& outbox() { return outbox_; }
  /// The smallest write there is.
  void probe();
  /// Between transactions: keeps what is remembered within its limit.
  void trim() { answers_.trim(); }
  /// The transaction is committed.
  void keep() { outbox_.keep(); }
  /// After a rollback: what was remembered may not be true any more.
  void forget();

 private:
  std::optional<ports::Conflict> conflict(const ports::Commit& commit);
  void write_entries(const ports::Commit& commit, ports::Committed& committed);
  void append(const core::Entry& entry);
  void write_documents(const ports::Commit& commit);
  void write_expected(const ports::ExpectedRecipients& expected);
  void write_chased(const ports::ChasedRecipients& chased);
  void write_sightings(const ports::Commit& commit, ports::Committed& committed);
  void write_presence(const ports::Commit& commit);
  core::Ordinal change(const ports::RecipientChange& change);

  Connection& database_;
  Numbering numbering_;
  AnswerWriter answers_;
  OutboxWriter outbox_;
  bool loaded_ = false;
  core::Sequence last_sequence_ = 0;
  ChainHash chain_{};
};

}  // namespace tuanyuan::ledger
