#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/ledger/sqlite/answer_block.hpp"
#include "adapters/ledger/sqlite/answer_index.hpp"
#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/numbering.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// Which rows of a commit's answers belong to which alert, by number.
using AnswersByAlert = std::unordered_map<std::int64_t, std::vector<std::size_t>>;

/// The answers part of a transaction.
class AnswerWriter {
 public:
  AnswerWriter(Connection& database, Numbering& numbering, std::size_t index_bytes_max)
      : database_(database), numbering_(numbering), index_(database, index_bytes_max) {}

  AnswersByAlert sort_out(const ports::Commit& commit);

  /// Writes those of the rows that are the first of their kind under `sequence`, and tells how many, by kind.
  std::map<std::string, std::uint32_t> write(const ports::Commit& commit, std::int64_t alert,
                                             const std::vector<std::size_t>& rows, core::Sequence sequence,
                                             ports::Committed& committed);

  /// After a rollback.
  void forget() { index_.forget(); }
  void trim() { index_.trim(); }

 private:
  void write_note(std::int64_t alert, const ports::AnswerRow& row);
  void write_blocks(std::int64_t alert, core::Sequence sequence, const std::vector<PackedAnswer>& answers);

  Connection& database_;
  Numbering& numbering_;
  AnswerIndex index_;
};

/// Throws std::logic_error for an answer whose alert has no AnswersRecorded entry in the same commit: it would
/// have no sequence, and whoever made the commit is wrong.
void require_answers_have_entries(const ports::Commit& commit);

}  // namespace tuanyuan::ledger
