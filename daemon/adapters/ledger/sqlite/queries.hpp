#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/journal_chain.hpp"
#include "ports/ledger.hpp"

// The ledger's reads, each one snapshot that ends with the call unless its caller holds one. Errors of SQLite are
// thrown, and so is what was read but makes no sense (SQLITE_CORRUPT).
namespace tuanyuan::ledger {

inline constexpr std::size_t slice_rows_max = 4096;

std::vector<ports::RecordedEntry> read_journal(Connection& database, core::Sequence after,
                                               const std::string& subject, std::size_t limit);
std::optional<ports::IdempotencyRecord> read_idempotency(Connection& database, const std::string& key);
std::optional<std::string> read_wrapped_key(Connection& database, const core::AlertId& alert);
std::optional<std::string> read_document(Connection& database, const core::AlertId& alert,
                                         const std::string& name);
std::vector<ports::SealedDocument> read_documents(Connection& database, const core::AlertId& alert,
                                                  const std::string& beginning);
ports::Ledger::Backlog read_backlog(Connection& database, core::ChannelKind channel);
std::vector<ports::Ledger::DeadDelivery> read_dead(Connection& database, const ports::Ledger::DeadQuery& query,
                                                   std::size_t limit);
std::vector<ports::Ledger::Waiting> read_waiting(Connection& database, const core::AlertId& alert);
std::vector<ports::Ledger::Place> read_places(Connection& database, const core::AlertId& alert,
                                              core::ChannelKind channel, std::uint64_t after, std::size_t limit);
std::vector<ports::ExpectedRecipients> read_expected(Connection& database, const core::AlertId& alert);
std::vector<ports::ChasedRecipients> read_chased(Connection& database, const core::AlertId& alert);
std::vector<ports::SightingRow> read_sightings(Connection& database, const core::AlertId& alert);
std::optional<ports::SightingRow> read_sighting(Connection& database, const core::SightingId& id);
std::vector<ports::DirectoryEntry> read_recipients_by_id(Connection& database, const core::RecipientId& after,
                                                         std::size_t limit);
std::vector<ports::DirectoryEntry> read_recipients(Connection& database,
                                                   const std::vector<core::Ordinal>& ordinals);
ports::Ledger::Presence read_presence(Connection& database);

/// Whole blocks of answers after the block of that id, together at most slice_rows_max; none: there are no
/// more. `last_block` becomes the id of the last one read.
std::vector<ports::AnswerRecord> read_answers_slice(Connection& database, const core::AlertId& alert,
                                                    std::int64_t& last_block);
std::vector<ports::DirectoryEntry> read_directory_slice(Connection& database, core::Ordinal after);

/// How far a check of the journal has come: as much of it as `lines` is as it was written.
struct JournalCheck {
  core::Sequence lines = 0;
  ChainHash chain{};   ///< of the last good line; written down elsewhere, it proves the journal up to there
  bool ended = false;  ///< there are no more lines
  std::optional<core::Sequence> altered_at;  ///< the first line that is not as it was written, or is missing
};
JournalCheck check_journal_slice(Connection& database, JournalCheck so_far);

/// Checks the last lines against each other, quickly, as at start.
bool journal_tail_is_whole(Connection& database);

}  // namespace tuanyuan::ledger
