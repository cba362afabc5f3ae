#include "engine/exercises.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "core/authority.hpp"
#include "engine/exercise_circle.hpp"
#include "engine/idempotency.hpp"
#include "engine/timekeeper.hpp"

namespace tuanyuan::engine {
namespace {

constexpr std::string_view live_alert = "an alert that is meant is out for some of its recipients";
constexpr std::string_view another = "another exercise is under way";
constexpr std::string_view no_circle = "nobody in its division has a position";
constexpr std::string_view nobody_there = "it would reach nobody";
constexpr std::string_view not_committed = "it could not be committed";

/// The same time of the same plan is the same request, whoever asks and however often.
ports::Idempotency once_for(const core::ExercisePlan& plan, core::Instant due_at) {
  return {"exercise " + plan.name + ' ' + std::to_string(core::to_epoch_ms(due_at)), "exercise"};
}

bool is_open(const core::CaseState& state) {
  return state.exercise && (state.in_force() || state.report_state == core::ReportState::submitted);
}

core::Refusal conflict(std::string zh, std::string_view en) {
  return core::Refusal(core::Errc::conflict, core::Text(std::move(zh), std::string(en)));
}

core::Refusal not_planned() {
  std::vector<core::FieldError> fields;
  fields.emplace_back("name", core::Text("没有此名称的演练计划", "no exercise of this name is planned"));
  return core::Refusal(std::move(fields));
}

core::Result<void> may_see(const core::Caller& caller) {
  if (!caller.roles.contains_any({core::Role::operator_, core::Role::supervisor})) {
    return core::Refusal(core::Errc::forbidden);
  }
  return {};
}

/// Marks that a start is being committed, for as long as it lives.
class Starting {
 public:
  explicit Starting(bool& flag) : flag_(flag) { flag_ = true; }
  ~Starting() { flag_ = false; }
  Starting(const Starting&) = delete;
  Starting& operator=(const Starting&) = delete;

 private:
  bool& flag_;
};

}  // namespace

const core::ExercisePlan* Exercises::plan_of(const std::string& name) const {
  const auto& plans = world_.settings.exercises;
  const auto found = std::find_if(plans.begin(), plans.end(), [&](const auto& plan) { return plan.name == name; });
  return found == plans.end() ? nullptr : &*found;
}

std::vector<core::AlertId> Exercises::waiting() const {
  std::vector<core::AlertId> ids;
  for (const auto& [id, file] : std::as_const(world_.cases).all()) {
    if (file.state.exercise && file.state.report_state == core::ReportState::submitted) {
      ids.push_back(id);
    }
  }
  return ids;
}

std::map<std::string, std::vector<core::Instant>> Exercises::begun() const {
  std::map<std::string, std::vector<core::Instant>> times;
  for (const auto& [id, file] : std::as_const(world_.cases).all()) {
    if (file.state.exercise) {
      times[file.state.exercise->name].push_back(file.state.exercise->due_at);
    }
  }
  return times;
}

bool Exercises::under_way() const {
  const auto& all = std::as_const(world_.cases).all();
  return starting_ ||
         std::any_of(all.begin(), all.end(), [](const auto& each) { return is_open(each.second.state); });
}

bool Exercises::concerned() const {
  return !world_.settings.exercises.empty() || !waiting().empty();
}

std::string Exercises::obstacle(const core::ExercisePlan& plan, core::Instant last_seen_at) const {
  const core::Result<core::Circle> circle =
      exercise_circle(world_, plan, last_seen_at, world_.tools.clock.wall_now());
  if (!circle) {
    return std::string(no_circle);
  }
  const core::Targets targets = exercise_targets(world_, plan, *circle);
  if (targets.expected.isEmpty()) {
    return std::string(nobody_there);
  }
  return live_alert_in_reach(world_, targets) ? std::string(live_alert) : std::string();
}

void Exercises::say_put_off(std::string why) {
  if (why != put_off_) {
    put_off_ = std::move(why);
    if (put_off_.empty()) {
      world_.tools.log.info("exercise.no_longer_put_off");
    } else {
      world_.tools.log.warning("exercise.put_off", {{"why", put_off_}});
    }
  }
}

/// One that was ordered: it begins now, or waits, or its time is over.
boost::asio::awaitable<std::string> Exercises::go_on(core::AlertId id) {
  const core::ExerciseOrdered order = *std::as_const(world_.cases).find(id)->state.exercise;
  const core::ExercisePlan* plan = plan_of(order.name);
  std::string why;
  if (plan == nullptr || world_.tools.clock.wall_now() > order.begin_until) {
    const core::Result<ports::ReportView> dropped = co_await cases_.drop_exercise(id);
    world_.tools.log.warning("exercise.dropped", {{"alert", id.value}, {"plan", order.name}});
    why = dropped ? "" : not_committed;
    co_return why;
  }
  why = obstacle(*plan, order.due_at);
  if (!why.empty()) {
    co_return why;
  }
  core::ExercisePlan wanted = *plan;
  const core::Result<ports::AlertView> released = co_await cases_.release_exercise(id, std::move(wanted));
  if (!released && released.error().code != core::Errc::conflict) {
    why = not_committed;
  }
  co_return why;
}

boost::asio::awaitable<std::string> Exercises::begin(core::ExercisePlan plan, core::Instant due_at) {
  std::string why = under_way() ? std::string(another) : obstacle(plan, due_at);
  if (!why.empty()) {
    co_return why;
  }
  core::Result<ports::ReportView> report = core::Refusal(core::Errc::unavailable);
  {
    const Starting starting(starting_);
    ports::Idempotency once = once_for(plan, due_at);
    core::ExercisePlan wanted = plan;
    core::Actor actor = core::system_actor();
    report = co_await cases_.submit_exercise(std::move(actor), std::move(wanted), due_at, std::move(once));
  }
  if (!report) {
    why = not_committed;
    co_return why;
  }
  core::AlertId id = report->alert_id;
  co_return co_await go_on(std::move(id));
}

/// Says why something that is due does not begin.
boost::asio::awaitable<std::string> Exercises::turn() {
  std::string why;
  for (const core::AlertId& id : waiting()) {
    if (starting_) {
      break;  // somebody is at it
    }
    std::string here = co_await go_on(id);
    why = here.empty() ? why : here;
  }
  const auto times = begun();
  const std::vector<core::Instant> none;
  for (const core::ExercisePlan& plan : world_.settings.exercises) {
    const auto found = times.find(plan.name);
    const std::optional<core::Instant> due =
        core::due_exercise(plan, found == times.end() ? none : found->second, world_.tools.clock.wall_now());
    if (due) {
      core::ExercisePlan wanted = plan;
      std::string here = co_await begin(std::move(wanted), *due);
      why = here.empty() ? why : here;
    }
  }
  co_return why;
}

boost::asio::awaitable<void> Exercises::run() {
  ports::Clock& clock = world_.tools.clock;
  for (;;) {
    std::string why = co_await turn();
    say_put_off(std::move(why));
    co_await clock.sleep_until(clock.steady_now() + (put_off_ == not_committed ? retry_pause : exercise_tick));
  }
}

std::vector<const CaseFile*> Exercises::released() const {
  std::vector<const CaseFile*> files;
  for (const auto& [id, file] : std::as_const(world_.cases).all()) {
    if (file.state.status == core::Status::exercise && file.state.report_state == core::ReportState::released) {
      files.push_back(&file);
    }
  }
  std::sort(files.begin(), files.end(), [](const CaseFile* one, const CaseFile* other) {
    return std::pair(other->state.released_at, other->state.alert_id.value) <
           std::pair(one->state.released_at, one->state.alert_id.value);
  });
  return files;
}

Exercises::Answer<ports::Listed<ports::ExerciseView>> Exercises::exercises(core::Caller caller, ports::Page page) {
  if (core::Result<void> may = may_see(caller); !may) {
    co_return may.error();
  }
  std::vector<const CaseFile*> files = released();
  std::erase_if(files, [&caller](const CaseFile* file) { return !core::sees(caller, file->state); });
  files.resize(std::min(files.size(), exercises_kept_max));
  auto next = files.begin();
  if (!page.token.empty()) {
    next = std::find_if(files.begin(), files.end(),
                        [&page](const CaseFile* file) { return file->state.alert_id.value == page.token; });
    next = next == files.end() ? next : next + 1;
  }
  ports::Listed<ports::ExerciseView> list;
  for (; next != files.end() && list.items.size() < page.size; ++next) {
    core::Result<ports::ExerciseView> view = co_await scorebook_.view(**next);
    if (!view) {
      co_return view.error();
    }
    list.items.push_back(std::move(*view));
  }
  if (next != files.end()) {
    list.next_token = list.items.back().alert_id.value;
  }
  co_return std::move(list);
}

Exercises::Answer<std::vector<ports::RecipientScore>> Exercises::named(std::vector<ScoreLine> lines) {
  std::vector<core::Ordinal> ordinals;
  for (const ScoreLine& line : lines) {
    ordinals.push_back(line.ordinal);
  }
  const auto rows = co_await world_.tools.ledger.recipients(std::move(ordinals));
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  std::map<core::Ordinal, const core::Recipient*> known;
  for (const ports::DirectoryEntry& row : *rows) {
    known[row.ordinal] = &row.recipient;
  }
  std::vector<ports::RecipientScore> all;
  for (const ScoreLine& line : lines) {
    ports::RecipientScore score;
    const core::Directory::Entry entry = world_.directory.at(line.ordinal);
    score.id = core::RecipientId(std::string(entry.id));
    score.category = entry.category;
    score.score = line.score;
    score.unable = line.unable;
    if (const auto found = known.find(line.ordinal); found != known.end()) {
      score.name = found->second->name;
    }
    all.push_back(std::move(score));
  }
  co_return std::move(all);
}

Exercises::Answer<ports::Listed<ports::RecipientScore>> Exercises::scores(core::Caller caller, core::AlertId id,
                                                                          ports::Page page) {
  if (core::Result<void> may = may_see(caller); !may) {
    co_return may.error();
  }
  const CaseFile* file = std::as_const(world_.cases).find(id);
  if (file == nullptr || file->state.status != core::Status::exercise ||
      file->state.report_state != core::ReportState::released || !core::sees(caller, file->state)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const core::Result<ScoreSheet> sheet = co_await scorebook_.sheet(*file);
  if (!sheet) {
    co_return sheet.error();
  }
  const std::vector<ScoreLine>& lines = **sheet;
  core::Ordinal after = 0;
  const bool first_page = page.token.empty();
  std::from_chars(page.token.data(), page.token.data() + page.token.size(), after);
  auto begin = std::find_if(lines.begin(), lines.end(),
                            [&](const ScoreLine& line) { return first_page || line.ordinal > after; });
  const auto left = static_cast<std::size_t>(lines.end() - begin);
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(page.size, left));
  ports::Listed<ports::RecipientScore> list;
  if (end != lines.end()) {
    list.next_token = std::to_string((end - 1)->ordinal);
  }
  std::vector<ScoreLine> rows(begin, end);
  core::Result<std::vector<ports::RecipientScore>> named_rows = co_await named(std::move(rows));
  if (!named_rows) {
    co_return named_rows.error();
  }
  list.items = std::move(*named_rows);
  co_return std::move(list);
}

Exercises::Answer<ports::ExerciseView> Exercises::start(core::Caller caller, std::string name,
                                                        ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::operator_)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  const core::ExercisePlan* found = plan_of(name);
  if (found == nullptr || !caller.division().contains(found->division)) {
    co_return not_planned();
  }
  const core::ExercisePlan plan = *found;
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  const core::Instant now = world_.tools.clock.wall_now();
  if (!*before) {
    if (under_way()) {
      co_return conflict("已有演练正在进行", another);
    }
    if (const std::string why = obstacle(plan, now); !why.empty()) {
      co_return conflict("演练范围内有实战警情，或无接收单位", why);
    }
  }
  core::Result<ports::ReportView> report = core::Refusal(core::Errc::unavailable);
  {
    const Starting starting(starting_);
    core::ExercisePlan wanted = plan;
    core::Actor actor = caller.actor();
    report = co_await cases_.submit_exercise(std::move(actor), std::move(wanted), now, std::move(once));
  }
  if (!report) {
    co_return report.error();
  }
  const core::AlertId id = report->alert_id;
  const CaseFile& file = *std::as_const(world_.cases).find(id);
  if (file.state.report_state == core::ReportState::submitted) {
    core::AlertId wanted_id = id;
    core::ExercisePlan wanted = plan;
    const auto released = co_await cases_.release_exercise(std::move(wanted_id), std::move(wanted));
    if (!released && file.state.report_state != core::ReportState::released) {
      co_return released.error();
    }
  }
  co_return co_await scorebook_.view(file);
}

boost::asio::awaitable<void> Exercises::refresh_gauges() {
  ports::Metrics& metrics = world_.tools.metrics;
  metrics.set("tuanyuan_exercise_put_off", {}, put_off_.empty() ? 0 : 1);
  const std::vector<const CaseFile*> files = released();
  if (files.empty()) {
    co_return;
  }
  const std::chrono::duration<double> begun = files.front()->state.released_at.time_since_epoch();
  metrics.set("tuanyuan_exercise_last_timestamp_seconds", {}, begun.count());
  const auto ended =
      std::find_if(files.begin(), files.end(), [](const CaseFile* file) { return file->state.recalled(); });
  if (ended == files.end()) {
    co_return;
  }
  const core::Result<ports::ExerciseView> view = co_await scorebook_.view(**ended);
  if (!view) {
    co_return;
  }
  for (const auto& [category, score] : view->by_category) {
    metrics.set("tuanyuan_exercise_score", {{"category", category}}, score);
  }
}

}  // namespace tuanyuan::engine
