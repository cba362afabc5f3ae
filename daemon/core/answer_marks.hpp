#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/answer.hpp"
#include "core/board.hpp"
#include "core/recipient_set.hpp"

namespace tuanyuan::core {

/// What each recipient answered, unpacked from bitmaps into a byte each, to count many small groups. A county's
/// members are scattered over all ordinals; bitmaps would be intersected with them afresh for each kind of answer,
/// while here one look at a byte settles all kinds. For few large groups the bitmaps are faster.
class AnswerMarks {
 public:
  using ByKind = std::array<const RecipientSet*, answer_kind_count>;

  /// Answers of those who were not expected are left out.
  AnswerMarks(const RecipientSet& expected, const ByKind& answered);

  TallyRow count(const RecipientSet& group);

 private:
  void mark(const RecipientSet& set, std::uint8_t bit);
  /// The set's members, until the next call.
  const std::vector<std::uint32_t>& listed(const RecipientSet& set);

  std::vector<std::uint8_t> marks_;  ///< by ordinal: a bit for each kind, and one for the expected
  std::vector<std::uint32_t> list_;
};

}  // namespace tuanyuan::core
