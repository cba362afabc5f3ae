#include "core/answer_marks.hpp"

#include <cstddef>

namespace tuanyuan::core {
namespace {

constexpr std::uint8_t expected_bit = 1U << answer_kind_count;
constexpr std::size_t marks_possible = 2 * expected_bit;

constexpr std::uint8_t bit_of(AnswerKind kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}

using Histogram = std::array<std::uint32_t, marks_possible>;

TallyRow row_of(const Histogram& of_mark) {
  TallyRow row;
  for (std::size_t mark = expected_bit; mark < marks_possible; ++mark) {
    if (of_mark[mark] == 0) {
      continue;
    }
    row.expected += of_mark[mark];
    for (AnswerKind kind : all_answer_kinds) {
      row.counts[static_cast<std::size_t>(kind)] += (mark & bit_of(kind)) != 0 ? of_mark[mark] : 0;
    }
  }
  return row;
}

}  // namespace

AnswerMarks::AnswerMarks(const RecipientSet& expected, const ByKind& answered) {
  marks_.resize(expected.isEmpty() ? 0 : std::size_t{expected.maximum()} + 1);
  mark(expected, expected_bit);
  for (AnswerKind kind : all_answer_kinds) {
    mark(*answered[static_cast<std::size_t>(kind)], bit_of(kind));
  }
}

void AnswerMarks::mark(const RecipientSet& set, std::uint8_t bit) {
  for (const std::uint32_t ordinal : listed(set)) {
    if (ordinal < marks_.size()) {
      marks_[ordinal] |= bit;
    }
  }
}

TallyRow AnswerMarks::count(const RecipientSet& group) {
  // Neighbours mostly answered the same, so two histograms in turn keep one from waiting for itself.
  Histogram even{};
  Histogram odd{};
  const std::vector<std::uint32_t>& members = listed(group);
  for (std::size_t index = 0; index < members.size(); ++index) {
    const std::uint32_t ordinal = members[index];
    const std::uint8_t mark = ordinal < marks_.size() ? marks_[ordinal] : std::uint8_t{0};
    ++(index % 2 == 0 ? even : odd)[mark];
  }
  for (std::size_t mark = 0; mark < marks_possible; ++mark) {
    even[mark] += odd[mark];
  }
  return row_of(even);
}

const std::vector<std::uint32_t>& AnswerMarks::listed(const RecipientSet& set) {
  list_.resize(set.cardinality());
  set.toUint32Array(list_.data());
  return list_;
}

}  // namespace tuanyuan::core
