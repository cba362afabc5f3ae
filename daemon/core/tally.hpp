#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "core/answer.hpp"
#include "core/board.hpp"
#include "core/directory.hpp"
#include "core/geo.hpp"
#include "core/recipient_set.hpp"

namespace tuanyuan::core {

/// Who was expected and who answered what, for one alert: bitmaps, rebuilt from the ledger at start. Which
/// answer was the first of its kind is the ledger's word, never this one's.
class Tally {
 public:
  /// Newly expected at a version; `ring` names where they stand ("100", "coverage").
  void expect(std::uint32_t revision, const RecipientSet& recipients);
  void place_in_ring(const std::string& ring, const RecipientSet& recipients);
  /// Records an answer with all that it implies.
  void answer(std::uint32_t revision, AnswerKind kind, AnswerSource source, Ordinal ordinal);
  const RecipientSet& expected() const { return expected_; }
  const RecipientSet& answered(std::uint32_t revision, AnswerKind kind) const;

  /// Counts for the latest content revision; REMOVED for the latest recall (contract, section 3: board).
  TallyRow count(const RecipientSet& among, std::uint32_t content_revision, std::uint32_t recall_revision) const;
  /// Expected, and silent so far: neither RECEIVED nor UNABLE for the content in force; once it is recalled,
  /// everybody who has not said REMOVED.
  RecipientSet silent(std::uint32_t content_revision, std::uint32_t recall_revision) const;
  /// Adds this alert's silent recipients to the sums by ring.
  void add_silent_by_ring(std::map<std::string, std::uint32_t>& sums, std::uint32_t content_revision,
                          std::uint32_t recall_revision) const;
  /// Everything of the board but the rows of the silent, which need the ledger for their names.
  void fill(Board& board, const Directory& directory, std::uint32_t content_revision,
            std::uint32_t recall_revision) const;

 private:
  void fill_groups(Board& board, const Directory& directory, std::uint32_t content_revision,
                   std::uint32_t recall_revision) const;

  struct Revision {
    RecipientSet expected;  ///< those expected up to this revision
    std::array<RecipientSet, answer_kind_count> answered;
  };
  RecipientSet expected_;
  std::map<std::uint32_t, Revision> revisions_;
  std::map<std::string, RecipientSet> rings_;
  std::array<RecipientSet, answer_source_count> by_source_;
};

}  // namespace tuanyuan::core
