#include "adapters/ledger/sqlite/writer.hpp"

#include <algorithm>

#include "adapters/ledger/sqlite/recipient_row.hpp"

namespace tuanyuan::ledger {
namespace {

std::string to_bytes(core::RecipientSet set) {
  set.runOptimize();
  std::string bytes(set.getSizeInBytes(), '\0');
  set.write(bytes.data());
  return bytes;
}

}  // namespace

Writer::Writer(Connection& database, std::size_t answer_index_bytes_max)
    : database_(database),
      numbering_(database),
      answers_(database, numbering_, answer_index_bytes_max),
      outbox_(database, numbering_) {}

void Writer::forget() {
  loaded_ = false;
  numbering_.forget();
  answers_.forget();
  outbox_.roll_back();
}

void Writer::probe() {
  database_.execute("UPDATE probe SET value = value + 1");
}

ports::CommitResult Writer::write(const ports::Commit& commit) {
  if (!loaded_) {
    Rows last = database_.query("SELECT sequence, chain FROM journal ORDER BY sequence DESC LIMIT 1");
    last_sequence_ = 0;
    chain_ = {};
    if (last.next()) {
      last_sequence_ = static_cast<core::Sequence>(last->integer(0));
      const std::string_view stored = last->view(1);
      std::copy_n(stored.begin(), std::min(stored.size(), chain_.size()), chain_.begin());
    }
    loaded_ = true;
  }
  if (const auto why = conflict(commit)) {
    return *why;
  }
  ports::Committed committed;
  committed.answers_first.resize(commit.answers.size());
  committed.answers_recorded_at.resize(commit.answers.size());
  write_entries(commit, committed);
  write_documents(commit);
  outbox_.write(commit, committed);
  write_sightings(commit, committed);
  for (const ports::RecipientChange& changed : commit.recipients) {
    committed.ordinals.push_back(change(changed));
  }
  for (const ports::RetiredEndpoint& retired : commit.retired) {
    retire_endpoint(database_, retired);
  }
  write_presence(commit);
  if (const auto& record = commit.idempotency) {
    database_.execute(
        "INSERT INTO idempotency(key, body_digest, subject, entries, answer, recorded_at) VALUES(?,?,?,?,?,?)",
        std::string_view(record->key), std::string_view(record->body_digest), std::string_view(record->subject),
        number(record->entries), Blob{record->answer}, core::to_epoch_ms(record->recorded_at));
  }
  committed.last_sequence = last_sequence_;
  return committed;
}

bool Writer::changes_directory(const ports::Commit& commit) {
  return !commit.recipients.empty() || !commit.retired.empty();
}

std::optional<ports::Conflict> Writer::conflict(const ports::Commit& commit) {
  // The key first: who repeats a request wants its answer, and its counts do not hold any more either.
  if (commit.idempotency &&
      database_.number("SELECT 1 FROM idempotency WHERE key = ?", std::string_view(commit.idempotency->key))) {
    return ports::Conflict{true};
  }
  for (const ports::ExpectedEntries& expected : commit.expected) {
    const auto count = database_.number("SELECT count(*) FROM journal WHERE subject = ? AND subject <> ''",
                                        std::string_view(expected.subject));
    if (count != number(expected.count)) {
      return ports::Conflict{};
    }
  }
  for (const ports::Requeue& again : commit.requeued) {
    if (!database_.number("SELECT 1 FROM outbox WHERE id = ? AND state IN (3, 5)", number(again.id))) {
      return ports::Conflict{};
    }
  }
  for (const ports::WrappedKey& key : commit.keys) {
    if (database_.number("SELECT 1 FROM data_keys WHERE alert = (SELECT number FROM alerts WHERE id = ?)",
                         std::string_view(key.alert_id.value))) {
      return ports::Conflict{};
    }
  }
  return std::nullopt;
}

void Writer::write_entries(const ports::Commit& commit, ports::Committed& committed) {
  AnswersByAlert by_alert = answers_.sort_out(commit);
  for (const core::Entry& entry : commit.entries) {
    const auto* recorded = std::get_if<core::AnswersRecorded>(&entry.body);
    if (recorded == nullptr) {
      const auto* seen = std::get_if<core::SightingRecorded>(&entry.body);
      const bool repeated = seen != nullptr && database_.number("SELECT 1 FROM sightings WHERE id = ?",
                                                                std::string_view(seen->sighting_id.value));
      if (!repeated) {
        append(entry);
      }
      continue;
    }
    // A second entry for the same alert finds no rows left, and is dropped like one without.
    const std::int64_t alert = numbering_.alert(recorded->alert_id);
    const std::vector<std::size_t> rows = std::move(by_alert[alert]);
    by_alert.erase(alert);
    core::AnswersRecorded filled{recorded->alert_id,
                                 answers_.write(commit, alert, rows, last_sequence_ + 1, committed)};
    if (!filled.counts.empty()) {
      append(core::Entry{entry.time, entry.actor, entry.subject, std::move(filled)});
    }
  }
}

void Writer::append(const core::Entry& entry) {
  const JournalLine line = to_line(last_sequence_ + 1, entry);
  const ChainHash chain = chain_after(chain_, line);
  database_.execute(
      "INSERT INTO journal(sequence, time, actor, type, subject, detail, chain) VALUES(?,?,?,?,?,?,?)",
      number(line.sequence), line.time_ms, std::string_view(line.actor), std::string_view(line.type),
      std::string_view(line.subject), std::string_view(line.detail),
      Blob{{reinterpret_cast<const char*>(chain.data()), chain.size()}});
  last_sequence_ = line.sequence;
  chain_ = chain;
}

void Writer::write_documents(const ports::Commit& commit) {
  for (const ports::WrappedKey& key : commit.keys) {
    database_.execute("INSERT INTO data_keys(alert, wrapped) VALUES(?,?)", numbering_.alert(key.alert_id),
                      Blob{key.wrapped});
  }
  for (const ports::SealedDocument& document : commit.documents) {
    database_.execute(
        "INSERT INTO documents(alert, name, sealed) VALUES(?,?,?) "
        "ON CONFLICT(alert, name) DO UPDATE SET sealed = excluded.sealed",
        numbering_.alert(document.alert_id), std::string_view(document.name), Blob{document.sealed});
  }
  for (const ports::ExpectedRecipients& expected : commit.recipients_expected) {
    write_expected(expected);
  }
  for (const ports::ChasedRecipients& chased : commit.chased) {
    write_chased(chased);
  }
}

void Writer::write_expected(const ports::ExpectedRecipients& expected) {
  const std::int64_t alert = numbering_.alert(expected.alert_id);
  core::RecipientSet united = expected.added;
  std::int64_t at = core::to_epoch_ms(expected.at);
  {
    Rows before = database_.query("SELECT added, at FROM expected WHERE alert = ? AND revision = ? AND step = ?",
                                  alert, number(expected.version.revision), number(expected.version.step));
    if (before.next()) {
      const std::string_view stored = before->view(0);
      united |= core::RecipientSet::readSafe(stored.data(), stored.size());
      at = before->integer(1);
    }
  }
  const std::string bytes = to_bytes(united);
  database_.execute("INSERT OR REPLACE INTO expected(alert, revision, step, added, at) VALUES(?,?,?,?,?)", alert,
                    number(expected.version.revision), number(expected.version.step), Blob{bytes}, at);
}

void Writer::write_chased(const ports::ChasedRecipients& chased) {
  const std::string bytes = to_bytes(chased.recipients);
  database_.execute(
      "INSERT INTO chased(alert, revision, awaited, step, at, counts_from, recipients) VALUES(?,?,?,?,?,?,?)",
      numbering_.alert(chased.alert_id), number(chased.revision), number(chased.awaited), number(chased.step),
      core::to_epoch_ms(chased.at), core::to_epoch_ms(chased.counts_from), Blob{bytes});
}

void Writer::write_sightings(const ports::Commit& commit, ports::Committed& committed) {
  for (const ports::SightingRow& row : commit.sightings) {
    database_.execute(
        "INSERT INTO sightings(id, alert, ordinal, recipient, recorded_at, sealed, assessment) "
        "VALUES(?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING",
        std::string_view(row.sighting_id.value), numbering_.alert(row.alert_id), number(row.ordinal),
        std::string_view(row.recipient_id.value), core::to_epoch_ms(row.recorded_at), Blob{row.sealed},
        number(core::Assessment::unassessed));
    committed.sightings_first.push_back(database_.changes() != 0);
  }
  for (const ports::AssessmentRow& row : commit.assessments) {
    const ports::Verdict& verdict = row.verdict;
    const std::string by = core::to_string(verdict.by);
    database_.execute(
        "UPDATE sightings SET assessment = ?, assessed_at = ?, assessed_by = ?, assessment_note = ? WHERE id = ?",
        number(verdict.assessment), core::to_epoch_ms(verdict.at), std::string_view(by), Blob{verdict.sealed_note},
        std::string_view(row.sighting_id.value));
  }
}

void Writer::write_presence(const ports::Commit& commit) {
  for (const ports::PresenceRow& row : commit.presence) {
    const auto away_since = row.away_since ? std::optional(core::to_epoch_ms(*row.away_since)) : std::nullopt;
    database_.execute(
        "INSERT INTO presence(ordinal, away_since) VALUES(?,?) "
        "ON CONFLICT(ordinal) DO UPDATE SET away_since = excluded.away_since",
        number(row.ordinal), away_since);
  }
  if (commit.presence_noted_at) {
    database_.execute("INSERT OR REPLACE INTO presence_noted(id, at) VALUES(1,?)",
                      core::to_epoch_ms(*commit.presence_noted_at));
  }
}

core::Ordinal Writer::change(const ports::RecipientChange& change) {
  const auto found = database_.number("SELECT ordinal FROM recipients WHERE id = ? AND deleted = 0",
                                      std::string_view(change.recipient.id.value));
  const auto live = static_cast<core::Ordinal>(found.value_or(0));
  if (change.deleted) {
    database_.execute("UPDATE recipients SET deleted = 1 WHERE ordinal = ?", number(live));
    return live;
  }
  if (found) {
    update_recipient(database_, live, change);
    return live;
  }
  insert_recipient(database_, change.recipient);
  return static_cast<core::Ordinal>(database_.last_insert_id());
}

}  // namespace tuanyuan::ledger
