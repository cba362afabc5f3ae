#include "adapters/ledger/sqlite/answer_writer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_set>

namespace tuanyuan::ledger {
namespace {

using KindCounts = std::array<std::uint32_t, core::answer_kind_count>;

std::map<std::string, std::uint32_t> named(const KindCounts& by_kind) {
  std::map<std::string, std::uint32_t> counts;
  for (core::AnswerKind kind : core::all_answer_kinds) {
    if (const std::uint32_t count = by_kind.at(static_cast<std::size_t>(kind)); count != 0) {
      counts.emplace(core::to_string(kind), count);
    }
  }
  return counts;
}

}  // namespace

void require_answers_have_entries(const ports::Commit& commit) {
  std::unordered_set<core::AlertId> alerts;
  for (const core::Entry& entry : commit.entries) {
    if (const auto* recorded = std::get_if<core::AnswersRecorded>(&entry.body)) {
      alerts.insert(recorded->alert_id);
    }
  }
  const core::AlertId* seen = nullptr;  // rows of one alert mostly follow each other
  for (const ports::AnswerRow& row : commit.answers) {
    if (seen != nullptr && *seen == row.alert_id) {
      continue;
    }
    if (!alerts.contains(row.alert_id)) {
      throw std::logic_error("an answer without an entry for its alert");
    }
    seen = &row.alert_id;
  }
}

AnswersByAlert AnswerWriter::sort_out(const ports::Commit& commit) {
  AnswersByAlert by_alert;
  const core::AlertId* before = nullptr;
  std::vector<std::size_t>* rows = nullptr;
  for (std::size_t index = 0; index < commit.answers.size(); ++index) {
    const core::AlertId& alert = commit.answers[index].alert_id;
    if (before == nullptr || *before != alert) {
      rows = &by_alert[numbering_.alert(alert)];
      before = &alert;
    }
    rows->push_back(index);
  }
  return by_alert;
}

std::map<std::string, std::uint32_t> AnswerWriter::write(const ports::Commit& commit, std::int64_t alert,
                                                         const std::vector<std::size_t>& rows,
                                                         core::Sequence sequence, ports::Committed& committed) {
  KindCounts counts{};
  std::vector<PackedAnswer> firsts;
  firsts.reserve(rows.size());
  for (const std::size_t index : rows) {
    const ports::AnswerRow& row = commit.answers[index];
    const auto outcome = index_.record(alert, row.revision, row.kind, row.ordinal, row.recorded_at);
    committed.answers_first[index] = outcome.first;
    committed.answers_recorded_at[index] = outcome.recorded_at;
    if (outcome.first) {
      ++counts.at(static_cast<std::size_t>(row.kind));
      firsts.push_back(
          {row.revision, row.ordinal, row.kind, row.source, row.reason, row.recorded_at, row.at, row.channel});
      if (!row.sealed_note.empty()) {
        write_note(alert, row);
      }
    }
  }
  write_blocks(alert, sequence, firsts);
  return named(counts);
}

void AnswerWriter::write_note(std::int64_t alert, const ports::AnswerRow& row) {
  database_.execute("INSERT INTO answer_notes(alert, revision, ordinal, kind, sealed) VALUES(?,?,?,?,?)", alert,
                    number(row.revision), number(row.ordinal), number(row.kind), Blob{row.sealed_note});
}

void AnswerWriter::write_blocks(std::int64_t alert, core::Sequence sequence,
                                const std::vector<PackedAnswer>& answers) {
  std::int64_t part = 0;
  for (std::size_t from = 0; from < answers.size(); from += block_answers_max) {
    if (part == block_parts_max) {
      throw std::logic_error("more answers in one commit than a journal entry can hold");
    }
    const std::size_t to = std::min(answers.size(), from + block_answers_max);
    const std::vector<PackedAnswer> slice(answers.begin() + number(from), answers.begin() + number(to));
    const std::string block = pack_answers(slice);
    database_.execute("INSERT INTO answer_blocks(id, alert, answers) VALUES(?,?,?)", block_id(sequence, part),
                      alert, Blob{block});
    ++part;
  }
}

}  // namespace tuanyuan::ledger
