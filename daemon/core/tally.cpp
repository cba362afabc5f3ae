#include "core/tally.hpp"

#include <algorithm>
#include <string>

#include "core/answer_marks.hpp"

namespace tuanyuan::core {
namespace {

const RecipientSet nobody;

std::uint32_t size_of(const RecipientSet& set) {
  return static_cast<std::uint32_t>(set.cardinality());
}

}  // namespace

void Tally::expect(std::uint32_t revision, const RecipientSet& recipients) {
  expected_ |= recipients;
  revisions_[revision].expected |= recipients;
}

void Tally::place_in_ring(const std::string& ring, const RecipientSet& recipients) {
  rings_[ring] |= recipients;
}

void Tally::answer(std::uint32_t revision, AnswerKind kind, AnswerSource source, Ordinal ordinal) {
  Revision& at = revisions_[revision];
  for (AnswerKind implied : all_answer_kinds) {
    if (implies(kind, implied)) {
      at.answered[static_cast<std::size_t>(implied)].add(ordinal);
    }
  }
  by_source_[static_cast<std::size_t>(source)].add(ordinal);
}

const RecipientSet& Tally::answered(std::uint32_t revision, AnswerKind kind) const {
  const auto found = revisions_.find(revision);
  return found == revisions_.end() ? nobody : found->second.answered[static_cast<std::size_t>(kind)];
}

TallyRow Tally::count(const RecipientSet& among, std::uint32_t content_revision,
                      std::uint32_t recall_revision) const {
  TallyRow row;
  const RecipientSet expected = among & expected_;
  row.expected = size_of(expected);
  for (AnswerKind kind : all_answer_kinds) {
    const std::uint32_t revision = kind == AnswerKind::removed ? recall_revision : content_revision;
    row.counts[static_cast<std::size_t>(kind)] =
        static_cast<std::uint32_t>(expected.and_cardinality(answered(revision, kind)));
  }
  return row;
}

RecipientSet Tally::silent(std::uint32_t content_revision, std::uint32_t recall_revision) const {
  if (recall_revision != 0) {
    return expected_ - answered(recall_revision, AnswerKind::removed);
  }
  return expected_ - answered(content_revision, AnswerKind::received) -
         answered(content_revision, AnswerKind::unable);
}

void Tally::add_silent_by_ring(std::map<std::string, std::uint32_t>& sums, std::uint32_t content_revision,
                               std::uint32_t recall_revision) const {
  const RecipientSet silent_now = silent(content_revision, recall_revision);
  for (const auto& [ring, members] : rings_) {
    sums[ring] += static_cast<std::uint32_t>(members.and_cardinality(silent_now));
  }
}

void Tally::fill_groups(Board& board, const Directory& directory, std::uint32_t content_revision,
                        std::uint32_t recall_revision) const {
  AnswerMarks::ByKind by_kind{};
  for (AnswerKind kind : all_answer_kinds) {
    const std::uint32_t revision = kind == AnswerKind::removed ? recall_revision : content_revision;
    by_kind[static_cast<std::size_t>(kind)] = &answered(revision, kind);
  }
  AnswerMarks marks(expected_, by_kind);
  const auto concerned = [this](const RecipientSet& group) { return group.intersect(expected_); };
  for (std::size_t index = 0; index < category_count; ++index) {
    const auto category = static_cast<Category>(index);
    if (const RecipientSet& members = directory.of_category(category); concerned(members)) {
      board.by_category.emplace(to_string(category), marks.count(members));
    }
  }
  for (const auto& [division, members] : directory.by_division()) {
    if (concerned(members)) {
      board.by_division.emplace(to_string(division), marks.count(members));
    }
  }
}

void Tally::fill(Board& board, const Directory& directory, std::uint32_t content_revision,
                 std::uint32_t recall_revision) const {
  board.total = count(expected_, content_revision, recall_revision);
  fill_groups(board, directory, content_revision, recall_revision);
  for (const auto& [ring, members] : rings_) {
    board.by_ring.emplace(ring, count(members, content_revision, recall_revision));
  }
  const auto by_source = [this](AnswerSource source) -> const RecipientSet& {
    return by_source_[static_cast<std::size_t>(source)];
  };
  TallyRow mqtt = count(by_source(AnswerSource::station), content_revision, recall_revision);
  mqtt.expected = size_of(expected_);  // everybody is told over MQTT, and some answer by it
  board.by_channel.emplace("mqtt", mqtt);
  if (const RecipientSet& phoned = by_source(AnswerSource::officer); !phoned.isEmpty()) {
    board.by_channel.emplace("telephone", count(phoned, content_revision, recall_revision));
  }
  RecipientSet anybody;
  RecipientSet expected_so_far;
  for (const auto& [revision, at] : revisions_) {
    expected_so_far |= at.expected;
    for (const RecipientSet& set : at.answered) {
      anybody |= set;
    }
    TallyRow row = count(expected_so_far, revision, revision);
    board.by_revision.emplace(std::to_string(revision), row);
  }
  board.unexpected = size_of(anybody - expected_);
}

}  // namespace tuanyuan::core
