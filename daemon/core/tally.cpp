#include "core/tally.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "core/answer_marks.hpp"

namespace tuanyuan::core {
namespace {

const RecipientSet nobody;

std::uint32_t size_of(const RecipientSet& set) {
  return static_cast<std::uint32_t>(set.cardinality());
}

/// Which revision is answered now: the content in force, and, with REMOVED, the latest recall.
std::uint32_t revision_of(const Standing& standing, AnswerKind kind) {
  return kind == AnswerKind::removed && standing.recall_revision != 0 ? standing.recall_revision
                                                                      : standing.content_revision;
}

}  // namespace

void Tally::expect(std::uint32_t revision, const RecipientSet& recipients) {
  expected_ |= recipients;
  revisions_[revision].expected |= recipients;
}

void Tally::place_in_ring(const std::string& ring, const RecipientSet& recipients) {
  for (auto& [name, members] : rings_) {
    members -= recipients;  // nobody stands in two: another circle may have placed them before
  }
  std::erase_if(rings_, [](const auto& other) { return other.second.isEmpty(); });
  rings_[ring] |= recipients;
}

void Tally::answer(std::uint32_t revision, AnswerKind kind, CameBy by, Ordinal ordinal, Unable why) {
  Revision& at = revisions_[revision];
  const bool by_officer = by.source == AnswerSource::officer;
  auto* came = by_officer || by.channel ? &at.came[by_officer ? std::nullopt : by.channel] : nullptr;
  for (AnswerKind implied : all_answer_kinds) {
    const auto index = static_cast<std::size_t>(implied);
    if (implies(kind, implied) && at.answered[index].addChecked(ordinal) && came != nullptr) {
      (*came)[index].add(ordinal);
    }
  }
  const bool says_why = kind == AnswerKind::unable && at.unable.emplace(ordinal, why).second;
  if (says_why && why.reason == UnableReason::not_concerned) {
    at.not_concerned.add(ordinal);
  }
}

std::optional<Unable> Tally::unable(std::uint32_t revision, Ordinal ordinal) const {
  const auto at = revisions_.find(revision);
  if (at == revisions_.end()) {
    return std::nullopt;
  }
  const auto found = at->second.unable.find(ordinal);
  return found == at->second.unable.end() ? std::nullopt : std::optional(found->second);
}

const RecipientSet& Tally::answered(std::uint32_t revision, AnswerKind kind) const {
  const auto found = revisions_.find(revision);
  return found == revisions_.end() ? nobody : found->second.answered[static_cast<std::size_t>(kind)];
}

const RecipientSet& Tally::not_concerned(std::uint32_t revision) const {
  const auto found = revisions_.find(revision);
  return found == revisions_.end() ? nobody : found->second.not_concerned;
}

RecipientSet Tally::settled(std::uint32_t revision, AnswerKind awaited) const {
  const RecipientSet& answers = answered(revision, awaited);
  return awaited == AnswerKind::removed ? answers : answers | not_concerned(revision);
}

bool Tally::is_settled(std::uint32_t revision, AnswerKind awaited, Ordinal ordinal) const {
  return answered(revision, awaited).contains(ordinal) ||
         (awaited != AnswerKind::removed && not_concerned(revision).contains(ordinal));
}

RecipientSet Tally::gone_before(std::uint32_t revision) const {
  RecipientSet gone;
  for (const auto& [earlier, at] : revisions_) {
    if (earlier > revision) {
      break;
    }
    gone -= at.answered[static_cast<std::size_t>(AnswerKind::received)];
    if (earlier < revision) {
      gone |= at.answered[static_cast<std::size_t>(AnswerKind::removed)];
    }
  }
  return gone;
}

Tally::Now::Now(const Tally& tally, const Directory& directory, const Standings& standings) : by_kind_{} {
  const bool uniform = std::all_of(standings.begin(), standings.end(),
                                   [&](const Standing& each) { return each == standings.front(); });
  for (AnswerKind kind : all_answer_kinds) {
    const auto index = static_cast<std::size_t>(kind);
    if (uniform) {
      by_kind_[index] = &tally.answered(revision_of(standings.front(), kind), kind);
      continue;
    }
    for (Audience audience : all_audiences) {
      const Standing& standing = standings[static_cast<std::size_t>(audience)];
      mixed_[index] |= tally.answered(revision_of(standing, kind), kind) & directory.of_audience(audience);
    }
    by_kind_[index] = &mixed_[index];
  }
  for (Audience audience : all_audiences) {
    const RecipientSet& said = tally.not_concerned(standings[static_cast<std::size_t>(audience)].content_revision);
    not_concerned_ |= said & directory.of_audience(audience);
  }
  taken_down_ = tally.outside_;
  set_gone(tally, directory, standings);
  for (Audience audience : all_audiences) {
    if (standings[static_cast<std::size_t>(audience)].recall_revision != 0) {
      taken_down_ |= uniform ? tally.expected_ : tally.expected_ & directory.of_audience(audience);
    }
  }
}

/// Whom a smaller circle left behind and who took it down then is asked no more for a later revision.
void Tally::Now::set_gone(const Tally& tally, const Directory& directory, const Standings& standings) {
  if (tally.outside_.isEmpty()) {
    return;
  }
  const auto index = static_cast<std::size_t>(AnswerKind::removed);
  RecipientSet removed = *by_kind_[index];
  for (Audience audience : all_audiences) {
    const Standing& standing = standings[static_cast<std::size_t>(audience)];
    if (standing.recall_revision == 0) {
      removed |= tally.gone_before(standing.content_revision) & tally.outside_ & directory.of_audience(audience);
    }
  }
  mixed_[index] = std::move(removed);
  by_kind_[index] = &mixed_[index];
}

Tally::CameByChannel Tally::came(const Directory& directory, const Standings& standings) const {
  CameByChannel came;
  for (Audience audience : all_audiences) {
    const Standing& standing = standings[static_cast<std::size_t>(audience)];
    const RecipientSet& members = directory.of_audience(audience);
    for (AnswerKind kind : all_answer_kinds) {
      const auto index = static_cast<std::size_t>(kind);
      const auto asked = revisions_.find(revision_of(standing, kind));
      if (asked == revisions_.end()) {
        continue;
      }
      for (const auto& [channel, answered] : asked->second.came) {
        came[channel][index] |= answered[index] & members;
      }
    }
    if (standing.recall_revision == 0) {
      add_gone(came, standing.content_revision, members);
    }
  }
  return came;
}

/// What Now::set_gone counts as well: by the channel of that earlier answer, the latest of each.
void Tally::add_gone(CameByChannel& came, std::uint32_t content_revision, const RecipientSet& members) const {
  if (outside_.isEmpty()) {
    return;
  }
  const auto removed = static_cast<std::size_t>(AnswerKind::removed);
  RecipientSet gone = gone_before(content_revision) & outside_ & members;
  gone -= answered(content_revision, AnswerKind::removed);
  for (auto earlier = std::make_reverse_iterator(revisions_.lower_bound(content_revision));
       earlier != revisions_.rend() && !gone.isEmpty(); ++earlier) {
    for (const auto& [channel, answered] : earlier->second.came) {
      came[channel][removed] |= answered[removed] & gone;
    }
    gone -= earlier->second.answered[removed];
  }
}

TallyRow Tally::count(const RecipientSet& among, const Now& now) const {
  TallyRow row;
  const RecipientSet expected = among & expected_;
  row.expected = size_of(expected);
  for (AnswerKind kind : all_answer_kinds) {
    row.counts[static_cast<std::size_t>(kind)] =
        static_cast<std::uint32_t>(expected.and_cardinality(now.answered(kind)));
  }
  return row;
}

RecipientSet Tally::silent(const Now& now, const RecipientSet& reminded) const {
  const RecipientSet shown = expected_ - now.taken_down() - now.not_concerned();
  RecipientSet unconfirmed = now.answered(AnswerKind::unable) | reminded;
  unconfirmed &= shown;
  unconfirmed -= now.answered(AnswerKind::confirmed);
  return unconfirmed | (shown - now.answered(AnswerKind::received)) |
         ((expected_ & now.taken_down()) - now.answered(AnswerKind::removed));
}

void Tally::add_silent_by_ring(std::map<std::string, std::uint32_t>& sums, const RecipientSet& silent) const {
  for (const auto& [ring, members] : rings_) {
    sums[ring] += static_cast<std::uint32_t>(members.and_cardinality(silent));
  }
}

void Tally::fill_groups(Board& board, const Directory& directory, const Now& now) const {
  AnswerMarks marks(expected_, now.by_kind());
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

/// Who answered without saying by which channel is taken to have used its usual one.
void Tally::fill_channels(Board& board, const RecipientsByWay& by_way, const Now& now,
                          const CameByChannel& came) const {
  std::array<RecipientSet, answer_kind_count> said;
  for (const auto& [channel, answered] : came) {
    for (std::size_t kind = 0; kind < answer_kind_count; ++kind) {
      said[kind] |= answered[kind];
    }
  }
  const auto add = [&](std::string_view name, std::optional<ChannelKind> channel, const RecipientSet& usual) {
    TallyRow row;
    row.expected = static_cast<std::uint32_t>(usual.and_cardinality(expected_));
    const auto by_this = came.find(channel);
    bool any = row.expected != 0;
    for (AnswerKind kind : all_answer_kinds) {
      const auto index = static_cast<std::size_t>(kind);
      RecipientSet by_it = usual - said[index];
      if (by_this != came.end()) {
        by_it |= by_this->second[index];
      }
      by_it &= expected_;
      row.counts[index] = static_cast<std::uint32_t>(by_it.and_cardinality(now.answered(kind)));
      any = any || row.counts[index] != 0;
    }
    if (any) {
      board.by_channel.emplace(name, row);
    }
  };
  RecipientSet by_mqtt = expected_;
  for (const auto& [channel, members] : by_way) {
    by_mqtt -= members;
  }
  for (std::size_t index = 0; index < channel_count; ++index) {
    const auto channel = static_cast<ChannelKind>(index);
    const auto usual = by_way.find(channel);
    add(to_string(channel), channel,
        channel == ChannelKind::mqtt ? by_mqtt
        : usual == by_way.end()      ? nobody
                                     : usual->second);
  }
  add("telephone", std::nullopt, nobody);
}

void Tally::fill(Board& board, const Directory& directory, const Standings& standings,
                 const RecipientsByWay& by_way) const {
  const Now now(*this, directory, standings);
  board.total = count(expected_, now);
  fill_groups(board, directory, now);
  for (const auto& [ring, members] : rings_) {
    board.by_ring.emplace(ring, count(members, now));
  }
  fill_channels(board, by_way, now, came(directory, standings));
  fill_revisions(board);
}

void Tally::fill_revisions(Board& board) const {
  RecipientSet anybody;
  RecipientSet expected_so_far;
  for (const auto& [revision, at] : revisions_) {
    expected_so_far |= at.expected;
    TallyRow row;
    row.expected = size_of(expected_so_far);
    for (std::size_t kind = 0; kind < answer_kind_count; ++kind) {
      anybody |= at.answered[kind];
      row.counts[kind] = static_cast<std::uint32_t>(expected_so_far.and_cardinality(at.answered[kind]));
    }
    board.by_revision.emplace(std::to_string(revision), row);
  }
  board.unexpected = size_of(anybody - expected_);
}

}  // namespace tuanyuan::core
