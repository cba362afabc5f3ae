#include "engine/scorebook.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace tuanyuan::engine {
namespace {

using core::AnswerKind;
using core::Promptness;

constexpr core::Instant never = core::Instant::max();
constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

/// Gathers what was asked of each expected recipient and what it answered first.
class Marking {
 public:
  Marking(const World& world, core::CaseState state) : world_(world), state_(std::move(state)) {}

  void expect(const std::vector<ports::ExpectedRecipients>& rows) {
    core::RecipientSet all;
    for (const ports::ExpectedRecipients& row : rows) {
      all |= row.added;
    }
    place_of_.assign(all.isEmpty() ? 0 : all.maximum() + 1, nobody);
    for (const core::Ordinal ordinal : all) {
      place_of_[ordinal] = static_cast<std::uint32_t>(students_.size());
      Student& student = students_.emplace_back();
      student.ordinal = ordinal;
    }
    for (const ports::ExpectedRecipients& row : rows) {
      for (const core::Ordinal ordinal : row.added) {
        core::Instant& since = students_[place_of_[ordinal]].since;
        since = std::min(since, row.at);
      }
    }
  }

  void answer(const ports::AnswerRecord& record) {
    if (record.ordinal >= place_of_.size() || place_of_[record.ordinal] == nobody) {
      return;
    }
    Student& student = students_[place_of_[record.ordinal]];
    const core::CopyState& copy = state_.copy(world_.directory.at(record.ordinal).audience);
    if (record.kind == AnswerKind::removed) {
      if (record.revision == copy.recall_revision) {
        note(student.first, AnswerKind::removed, record.recorded_at);
      }
      return;
    }
    if (record.revision != copy.content.revision) {
      return;
    }
    for (const AnswerKind implied : core::all_answer_kinds) {
      if (core::implies(record.kind, implied)) {
        note(student.first, implied, record.recorded_at);
      }
    }
    if (record.kind == AnswerKind::unable) {
      student.unable = record.reason;
    }
  }

  std::vector<ScoreLine> mark(core::Instant now) const {
    std::vector<const core::OpeningHours*> hours(students_.size(), nullptr);
    for (const core::Directory::Hours& each : world_.directory.hours()) {
      for (const core::Ordinal ordinal : each.members) {
        if (ordinal < place_of_.size() && place_of_[ordinal] != nobody) {
          hours[place_of_[ordinal]] = &each.open;
        }
      }
    }
    std::vector<ScoreLine> lines;
    lines.reserve(students_.size());
    for (std::size_t place = 0; place < students_.size(); ++place) {
      lines.push_back(mark(students_[place], hours[place], now));
    }
    return lines;
  }

 private:
  using First = std::array<core::Instant, core::answer_kind_count>;
  struct Student {
    core::Ordinal ordinal = 0;
    core::Instant since = never;
    First first = all_never();
    core::UnableReason unable = core::UnableReason::none;
  };
  static constexpr First all_never() {
    First first{};
    first.fill(never);
    return first;
  }
  static void note(First& first, AnswerKind kind, core::Instant at) {
    core::Instant& earliest = first[static_cast<std::size_t>(kind)];
    earliest = std::min(earliest, at);
  }

  ScoreLine mark(const Student& student, const core::OpeningHours* hours, core::Instant now) const {
    const core::Directory::Entry recipient = world_.directory.at(student.ordinal);
    const core::CopyState& copy = state_.copy(recipient.audience);
    const core::AnswerTimes& times = world_.settings.chase.of(recipient.audience, recipient.category);
    const bool recalled = copy.recall_revision != 0;
    const core::Instant asked_at = std::max(student.since, copy.content_at);
    const core::Instant until = recalled ? std::min(now, copy.recalled_at) : now;
    const auto judged = [&](AnswerKind kind, core::Instant from, core::Duration allowed, core::Instant at) {
      core::ExerciseQuestion question;
      question.asked_at = from;
      question.allowed = allowed;
      question.due_at = core::answer_deadline(hours, state_.wake, from, allowed);
      question.judged_at = at;
      if (const core::Instant first = student.first[static_cast<std::size_t>(kind)]; first != never) {
        question.answered_at = first;
      }
      return core::judge(question);
    };
    ScoreLine line;
    line.ordinal = student.ordinal;
    line.unable = student.unable;
    line.score.received = judged(AnswerKind::received, asked_at, times.received, until);
    line.score.displayed = judged(AnswerKind::displayed, asked_at, times.confirmed, until);
    line.score.confirmed = judged(AnswerKind::confirmed, asked_at, times.confirmed, until);
    if (recalled) {
      line.score.removed = judged(AnswerKind::removed, copy.recalled_at, times.removed, now);
    } else {
      line.score.removed.allowed = times.removed;
    }
    return line;
  }

  const World& world_;
  core::CaseState state_;
  std::vector<Student> students_;        ///< by ordinal
  std::vector<std::uint32_t> place_of_;  ///< ordinal -> place among them
};

bool is_settled(const core::ExerciseScore& score) {
  const auto settled = [](const core::ExerciseAnswer& answer) { return answer.promptness != Promptness::open; };
  return settled(score.received) && settled(score.displayed) && settled(score.confirmed) && settled(score.removed);
}

class Mean {
 public:
  void add(std::uint32_t points) {
    sum_ += points;
    ++count_;
  }
  std::uint32_t count() const { return count_; }
  double value() const { return static_cast<double>(sum_) / count_; }

 private:
  std::uint64_t sum_ = 0;
  std::uint32_t count_ = 0;
};

ports::ExerciseView view_of(const World& world, const core::CaseState& state,
                            const std::vector<ScoreLine>& lines) {
  ports::ExerciseView view;
  view.alert_id = state.alert_id;
  view.name = state.exercise ? state.exercise->name : std::string();
  view.state = state.alert_state;
  view.begun = state.released_at;
  if (state.recalled()) {
    view.ended = state.ended_at;
  }
  view.expected = static_cast<std::uint32_t>(lines.size());
  Mean all;
  std::array<Mean, core::category_count> by_category;
  for (const ScoreLine& line : lines) {
    view.received += line.score.received.took ? 1 : 0;
    view.displayed += line.score.displayed.took ? 1 : 0;
    view.confirmed += line.score.confirmed.took ? 1 : 0;
    view.removed += line.score.removed.took ? 1 : 0;
    if (const std::optional<std::uint32_t> points = line.score.points()) {
      all.add(*points);
      by_category[static_cast<std::size_t>(world.directory.at(line.ordinal).category)].add(*points);
    }
  }
  view.scored = all.count();
  if (all.count() > 0) {
    view.mean_score = all.value();
  }
  for (std::size_t index = 0; index < by_category.size(); ++index) {
    if (by_category[index].count() > 0) {
      view.by_category.emplace(core::to_string(static_cast<core::Category>(index)), by_category[index].value());
    }
  }
  return view;
}

}  // namespace

bool Scorebook::is_fresh(const Page& page, const CaseFile& file, bool with_sheet) const {
  if (page.entries != file.state.entries || (with_sheet && page.sheet == nullptr)) {
    return false;
  }
  const bool unchanged = page.settled && page.answers == file.answers;
  return unchanged || world_.tools.clock.steady_now() < page.reckoned + score_sheet_age_max;
}

void Scorebook::forget_old() {
  const auto drop_oldest = [this](std::size_t most, auto counts, auto drop) {
    for (;;) {
      auto oldest = pages_.end();
      std::size_t counted = 0;
      for (auto page = pages_.begin(); page != pages_.end(); ++page) {
        if (counts(page->second)) {
          ++counted;
          oldest = oldest == pages_.end() || page->second.reckoned < oldest->second.reckoned ? page : oldest;
        }
      }
      if (counted <= most) {
        return;
      }
      drop(oldest);
    }
  };
  drop_oldest(
      score_sheets_kept_max, [](const Page& page) { return page.sheet != nullptr; },
      [](auto oldest) { oldest->second.sheet.reset(); });
  drop_oldest(
      exercises_kept_max, [](const Page&) { return true; }, [this](auto oldest) { pages_.erase(oldest); });
}

boost::asio::awaitable<core::Result<Scorebook::Page>> Scorebook::page(const CaseFile& file, bool with_sheet) {
  const core::AlertId alert = file.state.alert_id;
  if (const auto found = pages_.find(alert); found != pages_.end() && is_fresh(found->second, file, with_sheet)) {
    co_return found->second;
  }
  Page page;
  page.entries = file.state.entries;
  page.answers = file.answers;
  page.reckoned = world_.tools.clock.steady_now();
  const core::CaseState state = file.state;
  Marking marking(world_, state);
  core::AlertId expected_of = alert;
  const auto expected = co_await world_.tools.ledger.expected(std::move(expected_of));
  if (!expected) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  marking.expect(*expected);
  ports::Ledger::AnswerVisitor visitor = [&marking](const std::vector<ports::AnswerRecord>& answers) {
    for (const ports::AnswerRecord& answer : answers) {
      marking.answer(answer);
    }
  };
  core::AlertId answers_of = alert;
  const bool read = co_await world_.tools.ledger.answers(std::move(answers_of), 0, std::move(visitor));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  std::vector<ScoreLine> lines = marking.mark(world_.tools.clock.wall_now());
  page.settled =
      std::all_of(lines.begin(), lines.end(), [](const ScoreLine& line) { return is_settled(line.score); });
  page.view = view_of(world_, state, lines);
  page.sheet = std::make_shared<const std::vector<ScoreLine>>(std::move(lines));
  pages_.insert_or_assign(alert, page);
  forget_old();
  co_return std::move(page);
}

boost::asio::awaitable<core::Result<ports::ExerciseView>> Scorebook::view(const CaseFile& file) {
  core::Result<Page> found = co_await page(file, false);
  if (!found) {
    co_return found.error();
  }
  co_return std::move(found->view);
}

boost::asio::awaitable<core::Result<ScoreSheet>> Scorebook::sheet(const CaseFile& file) {
  core::Result<Page> found = co_await page(file, true);
  if (!found) {
    co_return found.error();
  }
  co_return std::move(found->sheet);
}

}  // namespace tuanyuan::engine
