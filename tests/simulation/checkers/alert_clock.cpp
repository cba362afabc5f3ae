#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/ring.hpp"
#include "core/widening.hpp"
#include "engine/settings.hpp"
#include "simulation/checkers/checkers.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// How long what was decided by an older state may still be on its way: the ledger may be slow twice.
constexpr Span in_flight_max = std::chrono::seconds(60);

/// The alert clock: circles widen by their age, in steps for which nobody rings again, and only those who are
/// newly covered are newly expected; silence is followed up step by step, in the hours of those concerned, and
/// never once they have answered. All of it also after a crash, a long stop or a stepped clock.
class AlertClock final : public Checker {
 public:
  explicit AlertClock(Stage& stage) : Checker("9_alert_clock", stage) {}

  void committed(const ports::Commit& commit) override {
    for (const core::Entry& entry : commit.entries) {
      if (const auto* stepped = std::get_if<core::AlertStepped>(&entry.body)) {
        widened(core::AlertId(entry.subject), entry, *stepped);
      }
      if (std::holds_alternative<core::AlertSuspended>(entry.body) ||
          std::holds_alternative<core::AlertResumed>(entry.body)) {
        police_undisturbed(core::AlertId(entry.subject));
      }
    }
    for (const ports::ExpectedRecipients& more : commit.recipients_expected) {
      core::RecipientSet& before = expected_[more.alert_id];
      check((more.added & before).isEmpty(), "some are expected of", more.alert_id, "a second time");
      before |= more.added;
    }
    for (const ports::ChasedRecipients& row : commit.chased) {
      chased(row);
    }
    for (const core::Entry& entry : commit.entries) {
      if (const AlertTruth* alert = stage_.truth.find(core::AlertId(entry.subject))) {
        before_[alert->state.alert_id] = alert->state;
      }
    }
  }

  void told_committed(const ports::Commit& commit) override {
    for (const ports::AnswerRow& row : commit.answers) {
      for (const core::AnswerKind kind : core::all_answer_kinds) {
        if (core::implies(row.kind, kind)) {
          known_.emplace(Answer{row.alert_id, row.revision, row.ordinal, kind}, stage_.clock.steady_now());
        }
      }
    }
  }

  void handed(core::ChannelKind, const ports::Dispatch& dispatch) override {
    const core::Delivery& row = dispatch.delivery;
    if (!row.concerns.empty()) {
      const core::Ordinal who = stage_.truth.ordinal(row.concerns);
      check(!answered_long_ago({row.alert_id, row.version.revision, who, row.awaits}), row.concerns,
            "is chased for revision", row.version.revision, "which it answered");
    }
  }

  void at_rest(Rest&) override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      const core::CaseState& state = alert.state;
      if (state.in_force() && !state.radius_chosen && !state.circle_held) {
        const double demanded = core::radius_km_at(settings_.rings, state.last_seen_at, stage_.clock.wall_now());
        check(state.radius_km >= demanded, "the circle of", id, "has", state.radius_km, "km and its age demands",
              demanded);
      }
    }
  }

 private:
  using Answer = std::tuple<core::AlertId, std::uint32_t, core::Ordinal, core::AnswerKind>;
  using Followed = std::tuple<core::AlertId, std::uint32_t, core::Ordinal, core::AnswerKind>;
  struct Step {
    core::ChaseStep step = core::ChaseStep::direct;
    core::Instant at;
  };

  /// A step keeps the revision of everybody who has the alert; the clock's own makes the circle as wide as its age
  /// demands, and leaves it alone where an officer chose or holds it.
  void widened(const core::AlertId& id, const core::Entry& entry, const core::AlertStepped& stepped) {
    const AlertTruth* alert = stage_.truth.find(id);
    const auto before = before_.find(id);
    if (alert == nullptr || before == before_.end()) {
      return;
    }
    for (const core::Audience audience : core::all_audiences) {
      const core::CopyState& was = before->second.copy(audience);
      const core::CopyState& is = alert->state.copy(audience);
      const bool showing = before->second.showing().contains(audience);
      check(is.version.revision == was.version.revision && is.version.step == was.version.step + (showing ? 1 : 0),
            "a step of", id, "made", is.version.revision, is.version.step, "of", was.version.revision,
            was.version.step);
    }
    if (!entry.actor.officer.empty() || stepped.radius_km == before->second.radius_km) {
      return;
    }
    check(!before->second.radius_chosen && !before->second.circle_held, "the clock widens a circle of", id,
          "that an officer chose or holds");
    const core::Instant seen = alert->state.last_seen_at;
    check(stepped.radius_km > before->second.radius_km &&
              stepped.radius_km <= core::radius_km_at(settings_.rings, seen, stage_.clock.wall_latest()) &&
              (!steady_wall() || stepped.radius_km >= core::radius_km_at(settings_.rings, seen,
                                                                         entry.time - std::chrono::minutes(2))),
          "the clock widens", id, "to", stepped.radius_km, "which is not what its age demands");
  }

  bool steady_wall() const {
    return !stage_.faults.has(Fault::wall_step) && !stage_.faults.has(Fault::wall_drift);
  }

  /// Whoever has the alert is not disturbed by what concerns others.
  void police_undisturbed(const core::AlertId& id) {
    const AlertTruth* alert = stage_.truth.find(id);
    const auto before = before_.find(id);
    if (alert != nullptr && before != before_.end()) {
      const core::CopyState& is = alert->state.copy(core::Audience::police);
      const core::CopyState& was = before->second.copy(core::Audience::police);
      check(is.version == was.version && is.kind == was.kind, "the police lose or hear again of", id);
    }
  }

  void chased(const ports::ChasedRecipients& row) {
    const AlertTruth* alert = stage_.truth.find(row.alert_id);
    for (const core::Ordinal who : row.recipients) {
      const core::RecipientId& id = stage_.truth.store().directory()[who - 1].recipient.id;
      check(!answered_long_ago({row.alert_id, row.revision, who, row.awaited}), id, "is followed up for revision",
            row.revision, "which it answered");
      check(alert != nullptr && alert->expected.contains(who), id, "is followed up and was never expected");
      const StationPlan& plan = stage_.scenario.stations[who - 1];
      check((alert != nullptr && alert->state.wake) || plan.is_there(row.at), id,
            "is followed up outside its hours:", plan.recipient.hours);
      const Followed followed{row.alert_id, row.revision, who, row.awaited};
      const auto last = followed_.find(followed);
      const int due = last == followed_.end() ? 0 : static_cast<int>(last->second.step) + 1;
      check(static_cast<int>(row.step) == due, id, "gets step", static_cast<int>(row.step), "and not", due,
            "of revision", row.revision, core::to_string(row.awaited));
      check(last == followed_.end() || row.at >= last->second.at + settings_.chase.between_steps, id,
            "gets one step on the heels of the other");
      followed_[followed] = {row.step, row.at};
    }
  }

  bool answered_long_ago(const Answer& answer) const {
    const auto found = known_.find(answer);
    return found != known_.end() && stage_.clock.steady_now() > found->second + in_flight_max;
  }

  engine::Settings settings_;  ///< what production has; the simulation changes none of these
  std::map<core::AlertId, core::CaseState> before_;
  std::map<core::AlertId, core::RecipientSet> expected_;
  std::map<Answer, ports::Clock::Steady> known_;
  std::map<Followed, Step> followed_;
};

}  // namespace

std::unique_ptr<Checker> alert_clock(Stage& stage) {
  return std::make_unique<AlertClock>(stage);
}

}  // namespace tuanyuan::simulation
