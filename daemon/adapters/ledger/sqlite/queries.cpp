#include "adapters/ledger/sqlite/queries.hpp"

#include <algorithm>

#include "adapters/ledger/sqlite/answer_block.hpp"
#include "adapters/ledger/sqlite/outbox_row.hpp"
#include "adapters/ledger/sqlite/recipient_row.hpp"

namespace tuanyuan::ledger {
namespace {

/// Limits of callers may be larger than SQLite's numbers.
std::int64_t row_limit(std::size_t limit) {
  return number(std::min(limit, std::size_t{INT32_MAX}));
}

[[noreturn]] void damaged(const char* table) {
  throw SqliteError(SQLITE_CORRUPT, std::string("reading table ") + table);
}

ports::RecordedEntry read_entry(const Statement& row) {
  const auto detail = detail_from_json(row.view(5));
  auto body = detail ? core::from_detail(row.view(3), *detail) : std::nullopt;
  if (!body) {
    damaged("journal");
  }
  ports::RecordedEntry entry;
  entry.sequence = static_cast<core::Sequence>(row.integer(0));
  entry.entry = {core::from_epoch_ms(row.integer(1)), core::parse_actor(row.view(2)), row.text(4),
                 std::move(*body)};
  return entry;
}

template <class... Values>
std::vector<ports::RecordedEntry> read_entries(Connection& database, const char* sql, const Values&... values) {
  std::vector<ports::RecordedEntry> entries;
  Rows rows = database.query(sql, values...);
  while (rows.next()) {
    entries.push_back(read_entry(rows.row()));
  }
  return entries;
}

template <class... Values>
std::optional<std::string> read_blob(Connection& database, const char* sql, const Values&... values) {
  Rows rows = database.query(sql, values...);
  return rows.next() ? std::optional(rows->text(0)) : std::nullopt;
}

#define TUANYUAN_SIGHTING_QUERY                                                                        \
  "SELECT s.id, a.id, ordinal, recipient, recorded_at, sealed, assessment, assessed_at, assessed_by, " \
  "assessment_note FROM sightings s JOIN alerts a ON a.number = s.alert "

ports::SightingRow read_sighting_row(const Statement& row) {
  return {core::SightingId(row.text(0)),
          core::AlertId(row.text(1)),
          static_cast<core::Ordinal>(row.integer(2)),
          core::RecipientId(row.text(3)),
          core::from_epoch_ms(row.integer(4)),
          row.text(5),
          {static_cast<core::Assessment>(row.integer(6)), core::from_epoch_ms(row.integer(7)),
           core::parse_actor(row.text(8)), row.text(9)}};
}

}  // namespace

std::vector<ports::RecordedEntry> read_journal(Connection& database, core::Sequence after,
                                               const std::string& subject, std::size_t limit) {
  const auto from = number(std::min(after, core::Sequence{INT64_MAX}));
  if (subject.empty()) {
    return read_entries(database,
                        "SELECT sequence, time, actor, type, subject, detail FROM journal WHERE sequence > ? "
                        "ORDER BY sequence LIMIT ?",
                        from, row_limit(limit));
  }
  return read_entries(database,
                      "SELECT sequence, time, actor, type, subject, detail FROM journal WHERE subject = ? "
                      "AND subject <> '' AND sequence > ? ORDER BY sequence LIMIT ?",
                      std::string_view(subject), from, row_limit(limit));
}

std::optional<ports::IdempotencyRecord> read_idempotency(Connection& database, const std::string& key) {
  Rows rows =
      database.query("SELECT body_digest, subject, entries, answer, recorded_at FROM idempotency WHERE key = ?",
                     std::string_view(key));
  if (!rows.next()) {
    return std::nullopt;
  }
  return ports::IdempotencyRecord{key,           rows->text(0),
                                  rows->text(1), static_cast<std::uint32_t>(rows->integer(2)),
                                  rows->text(3), core::from_epoch_ms(rows->integer(4))};
}

std::optional<std::string> read_wrapped_key(Connection& database, const core::AlertId& alert) {
  return read_blob(database,
                   "SELECT wrapped FROM data_keys WHERE alert = (SELECT number FROM alerts WHERE id = ?)",
                   std::string_view(alert.value));
}

std::optional<std::string> read_document(Connection& database, const core::AlertId& alert,
                                         const std::string& name) {
  return read_blob(
      database, "SELECT sealed FROM documents WHERE alert = (SELECT number FROM alerts WHERE id = ?) AND name = ?",
      std::string_view(alert.value), std::string_view(name));
}

std::vector<ports::SealedDocument> read_documents(Connection& database, const core::AlertId& alert,
                                                  const std::string& beginning) {
  std::vector<ports::SealedDocument> found;
  Rows rows = database.query(
      "SELECT name, sealed FROM documents WHERE alert = (SELECT number FROM alerts WHERE id = ?1) AND name >= ?2 "
      "ORDER BY name",
      std::string_view(alert.value), std::string_view(beginning));
  while (rows.next()) {
    std::string name(rows->text(0));
    if (!name.starts_with(beginning)) {
      break;
    }
    found.push_back({alert, std::move(name), std::string(rows->view(1))});
  }
  return found;
}

ports::Ledger::Backlog read_backlog(Connection& database, core::ChannelKind channel) {
  Rows rows = database.query(
      "SELECT count(*), min(committed_due) FROM outbox INDEXED BY outbox_unsettled "
      "WHERE channel = ? AND deferred IN (0, 1) AND state < 2",
      number(channel));
  ports::Ledger::Backlog backlog;
  if (rows.next() && rows->integer(0) != 0) {
    backlog.rows = static_cast<std::uint64_t>(rows->integer(0));
    backlog.oldest = core::from_epoch_ms(rows->integer(1));
  }
  return backlog;
}

namespace {

std::vector<ports::Ledger::DeadDelivery> dead_rows(Rows rows) {
  std::vector<ports::Ledger::DeadDelivery> found;
  while (rows.next()) {
    OutboxRow row = read_outbox_row(rows.row());
    found.push_back({std::move(row.delivery), row.settled_at});
  }
  return found;
}

}  // namespace

std::vector<ports::Ledger::DeadDelivery> read_dead(Connection& database, const ports::Ledger::DeadQuery& query,
                                                   std::size_t limit) {
  if (query.only != 0) {
    return dead_rows(database.query("SELECT " TUANYUAN_OUTBOX_COLUMNS
                                    " FROM outbox o JOIN alerts a ON a.number = o.alert WHERE o.id = ?",
                                    number(std::min(query.only, std::uint64_t{INT64_MAX}))));
  }
  const std::int64_t any = -1;
  return dead_rows(database.query(
      "SELECT " TUANYUAN_OUTBOX_COLUMNS
      " FROM outbox o INDEXED BY outbox_dead JOIN alerts a ON a.number = o.alert "
      "WHERE o.state IN (3, 5) AND o.id < ?1 AND (?2 < 0 OR o.channel = ?2) AND (?3 = '' OR a.id = ?3) "
      "ORDER BY o.id DESC LIMIT ?4",
      number(std::min(query.before, std::uint64_t{INT64_MAX})), query.channel ? number(*query.channel) : any,
      std::string_view(query.alert.value), row_limit(limit)));
}

std::vector<ports::Ledger::Waiting> read_waiting(Connection& database, const core::AlertId& alert) {
  std::vector<ports::Ledger::Waiting> found;
  std::vector<std::int64_t> last_urgencies;
  {
    Rows rows = database.query(
        "SELECT channel, count(*), max(urgency) FROM outbox INDEXED BY outbox_unsettled_by_alert "
        "WHERE alert = (SELECT number FROM alerts WHERE id = ?) AND state < 2 GROUP BY channel ORDER BY channel",
        std::string_view(alert.value));
    while (rows.next()) {
      found.push_back(
          {static_cast<core::ChannelKind>(rows->integer(0)), static_cast<std::uint64_t>(rows->integer(1)), 0});
      last_urgencies.push_back(rows->integer(2));
    }
  }
  for (std::size_t index = 0; index < found.size(); ++index) {
    const auto place = database.number(
        "SELECT count(*) FROM outbox INDEXED BY outbox_unsettled "
        "WHERE channel = ?1 AND deferred IN (0, 1) AND state < 2 AND (urgency, id) <= (?2, (SELECT max(id) FROM "
        "outbox "
        "WHERE alert = (SELECT number FROM alerts WHERE id = ?3) AND channel = ?1 AND state < 2 AND urgency = "
        "?2))",
        number(found[index].channel), last_urgencies[index], std::string_view(alert.value));
    found[index].last_place = static_cast<std::uint64_t>(place.value_or(0));
  }
  return found;
}

std::vector<ports::Ledger::Place> read_places(Connection& database, const core::AlertId& alert,
                                              core::ChannelKind channel, std::uint64_t after, std::size_t limit) {
  // Two searches of the index, merged, and no further than is asked for.
  std::vector<ports::Ledger::Place> found;
  Rows rows = database.query(
      "SELECT urgency, o.id, recipient, endpoint, a.id FROM outbox o INDEXED BY outbox_unsettled "
      "JOIN alerts a ON a.number = o.alert WHERE channel = ?1 AND deferred = 0 AND state < 2 UNION ALL "
      "SELECT urgency, o.id, recipient, endpoint, a.id FROM outbox o INDEXED BY outbox_unsettled "
      "JOIN alerts a ON a.number = o.alert WHERE channel = ?1 AND deferred = 1 AND state < 2 ORDER BY 1, 2",
      number(channel));
  for (std::uint64_t place = 1; found.size() < limit && rows.next(); ++place) {
    const bool is_asked_for = alert.empty() || rows->view(4) == alert.value;
    if (place > after && is_asked_for && !rows->is_null(2)) {
      found.push_back({core::RecipientId(rows->text(2)), static_cast<std::uint64_t>(rows->integer(3)), place,
                       core::AlertId(rows->text(4))});
    }
  }
  return found;
}

std::vector<ports::ExpectedRecipients> read_expected(Connection& database, const core::AlertId& alert) {
  std::vector<ports::ExpectedRecipients> sets;
  Rows rows = database.query(
      "SELECT revision, step, added, at FROM expected WHERE alert = (SELECT number FROM alerts WHERE id = ?) "
      "ORDER BY revision, step",
      std::string_view(alert.value));
  while (rows.next()) {
    const std::string_view stored = rows->view(2);
    sets.push_back({alert,
                    {static_cast<std::uint32_t>(rows->integer(0)), static_cast<std::uint32_t>(rows->integer(1))},
                    core::RecipientSet::readSafe(stored.data(), stored.size()),
                    core::from_epoch_ms(rows->integer(3))});
  }
  return sets;
}

std::vector<ports::ChasedRecipients> read_chased(Connection& database, const core::AlertId& alert) {
  std::vector<ports::ChasedRecipients> sets;
  Rows rows = database.query(
      "SELECT revision, awaited, step, at, coalesce(counts_from, at), recipients FROM chased "
      "WHERE alert = (SELECT number FROM alerts WHERE id = ?) ORDER BY id",
      std::string_view(alert.value));
  while (rows.next()) {
    const std::string_view stored = rows->view(5);
    sets.push_back(
        {alert, static_cast<std::uint32_t>(rows->integer(0)), static_cast<core::AnswerKind>(rows->integer(1)),
         static_cast<core::ChaseStep>(rows->integer(2)), core::from_epoch_ms(rows->integer(3)),
         core::from_epoch_ms(rows->integer(4)), core::RecipientSet::readSafe(stored.data(), stored.size())});
  }
  return sets;
}

std::vector<ports::SightingRow> read_sightings(Connection& database, const core::AlertId& alert) {
  std::vector<ports::SightingRow> sightings;
  Rows rows =
      database.query(TUANYUAN_SIGHTING_QUERY "WHERE a.id = ? ORDER BY s.number", std::string_view(alert.value));
  while (rows.next()) {
    sightings.push_back(read_sighting_row(rows.row()));
  }
  return sightings;
}

std::optional<ports::SightingRow> read_sighting(Connection& database, const core::SightingId& id) {
  Rows rows = database.query(TUANYUAN_SIGHTING_QUERY "WHERE s.id = ?", std::string_view(id.value));
  return rows.next() ? std::optional(read_sighting_row(rows.row())) : std::nullopt;
}

std::vector<ports::DirectoryEntry> read_recipients_by_id(Connection& database, const core::RecipientId& after,
                                                         std::size_t limit) {
  std::vector<ports::DirectoryEntry> page;
  Rows rows = database.query("SELECT " TUANYUAN_RECIPIENT_COLUMNS
                             " FROM recipients WHERE deleted = 0 AND id > ? ORDER BY id LIMIT ?",
                             std::string_view(after.value), row_limit(limit));
  while (rows.next()) {
    page.push_back(read_recipient(rows.row()));
  }
  return page;
}

namespace {

std::string json_list(const std::vector<core::Ordinal>& ordinals) {
  std::string list = "[";
  for (const core::Ordinal ordinal : ordinals) {
    list += (list.size() == 1 ? "" : ",") + std::to_string(ordinal);
  }
  return list + "]";
}

}  // namespace

std::vector<ports::DirectoryEntry> read_recipients(Connection& database,
                                                   const std::vector<core::Ordinal>& ordinals) {
  std::vector<ports::DirectoryEntry> entries;
  entries.reserve(ordinals.size());
  // One statement for all, in their order: to begin one anew costs more than to read its row.
  Rows rows =
      database.query("SELECT " TUANYUAN_RECIPIENT_COLUMNS
                     " FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN recipients ON ordinal = wanted",
                     std::string_view(json_list(ordinals)));
  while (rows.next()) {
    entries.push_back(read_recipient(rows.row()));
  }
  return entries;
}

ports::Ledger::Presence read_presence(Connection& database) {
  ports::Ledger::Presence presence;
  const Snapshot snapshot(database);
  presence.noted_at = core::from_epoch_ms(database.number("SELECT at FROM presence_noted").value_or(0));
  Rows rows = database.query("SELECT ordinal, away_since FROM presence ORDER BY ordinal");
  while (rows.next()) {
    ports::PresenceRow row;
    row.ordinal = static_cast<core::Ordinal>(rows->integer(0));
    if (!rows->is_null(1)) {
      row.away_since = core::from_epoch_ms(rows->integer(1));
    }
    presence.rows.push_back(row);
  }
  return presence;
}

std::vector<ports::DirectoryEntry> read_directory_slice(Connection& database, core::Ordinal after) {
  std::vector<ports::DirectoryEntry> slice;
  Rows rows = database.query("SELECT " TUANYUAN_RECIPIENT_COLUMNS
                             " FROM recipients WHERE ordinal > ? ORDER BY ordinal LIMIT ?",
                             number(after), row_limit(slice_rows_max));
  while (rows.next()) {
    slice.push_back(read_recipient(rows.row()));
  }
  return slice;
}

namespace {

/// False: the block would not fit into the slice any more.
bool append_block(std::vector<ports::AnswerRecord>& slice, const Statement& row) {
  const auto answers = unpack_answers(row.view(2));
  if (!answers) {
    damaged("answer_blocks");
  }
  if (!slice.empty() && slice.size() + answers->size() > slice_rows_max) {
    return false;
  }
  const core::Sequence sequence = sequence_of_block(row.integer(0));
  const core::AlertId alert(row.text(1));
  for (const PackedAnswer& answer : *answers) {
    slice.push_back({sequence, alert, answer.revision, answer.ordinal, answer.kind, answer.source, answer.reason,
                     answer.recorded_at, answer.channel});
  }
  return true;
}

std::vector<ports::AnswerRecord> fill_slice(Rows rows, std::int64_t& last_block) {
  std::vector<ports::AnswerRecord> slice;
  while (slice.size() < slice_rows_max && rows.next() && append_block(slice, rows.row())) {
    last_block = rows->integer(0);
  }
  return slice;
}

}  // namespace

std::vector<ports::AnswerRecord> read_answers_slice(Connection& database, const core::AlertId& alert,
                                                    std::int64_t& last_block) {
  if (alert.empty()) {
    return fill_slice(database.query("SELECT b.id, a.id, b.answers FROM answer_blocks b CROSS JOIN alerts a "
                                     "ON a.number = b.alert WHERE b.id > ? ORDER BY b.id",
                                     last_block),
                      last_block);
  }
  return fill_slice(database.query("SELECT b.id, a.id, b.answers FROM alerts a CROSS JOIN answer_blocks b "
                                   "ON b.alert = a.number WHERE a.id = ? AND b.id > ? ORDER BY b.id",
                                   std::string_view(alert.value), last_block),
                    last_block);
}

namespace {

JournalLine read_line(const Statement& row) {
  return {static_cast<core::Sequence>(row.integer(0)),
          row.integer(1),
          row.text(2),
          row.text(3),
          row.text(4),
          row.text(5)};
}

bool holds(const ChainHash& chain, const Statement& row) {
  const std::string_view stored = row.view(6);
  return stored == std::string_view(reinterpret_cast<const char*>(chain.data()), chain.size());
}

}  // namespace

JournalCheck check_journal_slice(Connection& database, JournalCheck so_far) {
  Rows rows = database.query(
      "SELECT sequence, time, actor, type, subject, detail, chain FROM journal WHERE sequence > ? "
      "ORDER BY sequence LIMIT ?",
      number(so_far.lines), row_limit(slice_rows_max));
  so_far.ended = true;
  while (rows.next()) {
    so_far.ended = false;
    const JournalLine line = read_line(rows.row());
    const ChainHash chain = chain_after(so_far.chain, line);
    if (line.sequence != so_far.lines + 1 || !holds(chain, rows.row())) {
      so_far.altered_at = so_far.lines + 1;
      return so_far;
    }
    so_far.lines = line.sequence;
    so_far.chain = chain;
  }
  return so_far;
}

bool journal_tail_is_whole(Connection& database) {
  constexpr std::int64_t tail_lines = 64;
  const std::int64_t last = database.number("SELECT max(sequence) FROM journal").value_or(0);
  JournalCheck check;
  check.lines = static_cast<core::Sequence>(std::max<std::int64_t>(0, last - tail_lines));
  if (check.lines != 0) {
    Rows before = database.query("SELECT chain FROM journal WHERE sequence = ?", number(check.lines));
    if (!before.next() || before->view(0).size() != check.chain.size()) {
      return false;
    }
    const std::string_view stored = before->view(0);
    std::copy(stored.begin(), stored.end(), check.chain.begin());
  }
  return !check_journal_slice(database, check).altered_at;
}

}  // namespace tuanyuan::ledger
