#include <algorithm>
#include <cmath>
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
/// From when a ring is due until its step is committed.
constexpr Span time_to_step = std::chrono::seconds(10);

/// The alert clock: circles widen by their age, in steps for which nobody rings again, and only those who are
/// newly covered are newly expected; silence is followed up step by step, in the hours of those concerned, and
/// never once they have answered. All of it also after a crash, a long stop or a stepped clock.
class AlertClock final : public Checker {
 public:
  explicit AlertClock(Stage& stage) : Checker("9_alert_clock", stage) {}

  void started() override { begin(); }
  void thawed() override { begin(); }

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
      for (const core::Ordinal who : more.added) {
        expected_at_[{more.alert_id, who}] = more.at;
      }
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

  void sent(const Copy& copy) override {
    const auto chosen = copy.notice ? chosen_.find({copy.alert_id, copy.notice->audience}) : chosen_.end();
    if (chosen == chosen_.end() || !copy.notice->circle || copy.notice->version < chosen->second.since) {
      return;
    }
    const core::Position is = copy.notice->circle->centre;
    const core::Position wanted = chosen->second.centre;
    const double allowed = copy.notice->audience == core::Audience::public_ ? 0.011 : 1e-6;
    check(std::abs(is.latitude - wanted.latitude) < allowed && std::abs(is.longitude - wanted.longitude) < allowed,
          "revision", copy.notice->version.revision, copy.notice->version.step, "of", copy.alert_id,
          "has another centre than the officer chose");
  }

  void at_rest(Rest&) override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      const core::CaseState& state = alert.state;
      followed_in_time(id, alert);
      renewed_in_time(id, state);
      if (state.in_force() && !state.radius_chosen && !state.circle_held) {
        const core::Instant due = stage_.clock.wall_now() - time_to_step;
        const double demanded = core::radius_km_at(settings_.rings, state.last_seen_at, due);
        check(state.radius_km >= demanded, "the circle of", id, "has", state.radius_km, "km and its age demands",
              demanded);
      }
    }
  }

 private:
  using Answer = std::tuple<core::AlertId, std::uint32_t, core::Ordinal, core::AnswerKind>;
  using Followed = std::tuple<core::AlertId, std::uint32_t, core::Ordinal, core::AnswerKind>;
  struct Centre {
    core::Version since;
    core::Position centre;
  };
  struct Step {
    core::ChaseStep step = core::ChaseStep::direct;
    core::Instant at;
    std::size_t direct_steps = 0;  ///< none: it has taken no step yet
  };

  void begin() {
    up_since_ = stage_.clock.steady_now();
    up_since_wall_ = stage_.clock.wall_now();
    widened_since_.clear();
  }

  /// However long the daemon was away: one step takes the circle to where it should be, and after that one for
  /// each ring that falls due.
  void no_burst(const core::AlertId& id, core::Instant last_seen, core::Instant at) {
    if (at < up_since_wall_) {
      return;  // decided before it stood still, and committed since
    }
    int allowed = 1;
    for (const core::RingStage& stage : settings_.rings.stages) {
      const bool fell_due = stage.until && last_seen + *stage.until > up_since_wall_ - std::chrono::seconds(1) &&
                            last_seen + *stage.until <= at;
      allowed += fell_due ? 1 : 0;
    }
    const int widened = ++widened_since_[id];
    check(!steady_wall() || widened <= allowed, "since the daemon came up the clock has widened", id, widened,
          "times, where time asks for", allowed);
  }

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
    if (stepped.centre_chosen && !before->second.centre_chosen) {
      centre_chosen(*alert);
    }
    if (!entry.actor.officer.empty()) {
      widened_since_.erase(id);  // what was chosen becomes the clock's again, and may be due at once
      return;
    }
    if (stepped.radius_km == before->second.radius_km) {
      return renewed(id, entry, before->second);
    }
    check(!before->second.radius_chosen && !before->second.circle_held, "the clock widens a circle of", id,
          "that an officer chose or holds");
    const core::Instant seen = alert->state.last_seen_at;
    check(stepped.radius_km > before->second.radius_km &&
              stepped.radius_km <= core::radius_km_at(settings_.rings, seen, stage_.clock.wall_latest()) &&
              (!steady_wall() || stepped.radius_km >= core::radius_km_at(settings_.rings, seen,
                                                                         entry.time - std::chrono::minutes(2))),
          "the clock widens", id, "to", stepped.radius_km, "which is not what its age demands");
    no_burst(id, seen, entry.time);
  }

  /// From its next version on every copy is drawn around it, also by the clock.
  void centre_chosen(const AlertTruth& alert) {
    const CasePlan* plan = stage_.plan_of(alert.state.alert_id);
    for (const core::Audience audience : core::all_audiences) {
      if (plan != nullptr && plan->centre) {
        const core::CopyState& copy = alert.state.copy(audience);
        const bool showing = alert.state.showing().contains(audience);
        const core::Version later{copy.version.revision, copy.version.step + 1};
        chosen_[{alert.state.alert_id, audience}] = {showing ? copy.version : later, *plan->centre};
      }
    }
  }

  /// The display is prolonged shortly before it ends, for as long as the policy says, and nothing else changes.
  void renewed(const core::AlertId& id, const core::Entry& entry, const core::CaseState& before) {
    const core::DisplayPolicy& policy = stage_.scenario.display;
    const bool due = entry.time >= before.expires_at - policy.renewed_before - std::chrono::seconds(1);
    const bool wanted = before.expires_at < before.released_at + policy.renewed_for;
    check(!steady_wall() || (due && wanted), id, "is renewed", due ? "for too long" : "before its time");
  }

  void renewed_in_time(const core::AlertId& id, const core::CaseState& state) {
    const bool wanted =
        state.in_force() && state.expires_at < state.released_at + stage_.scenario.display.renewed_for;
    check(!wanted || !settled() || state.expires_at > stage_.clock.wall_now(), id,
          "ran out and was not renewed, though it should be shown still");
  }

  /// Whether the daemon has had the time to do what was due.
  bool settled() const {
    constexpr Span enough = std::chrono::seconds(45);
    const ports::Clock::Steady since = std::max(up_since_ + stage_.scenario.chase_grace, stage_.healed_at);
    return stage_.clock.steady_now() > since + enough;
  }

  /// Who keeps silent for longer than it may is followed up, if it is always there or the alert wakes it.
  void followed_in_time(const core::AlertId& id, const AlertTruth& alert) {
    constexpr core::Duration tolerance = std::chrono::seconds(60);
    if (!alert.state.in_force() || !settled()) {
      return;
    }
    for (const core::Ordinal ordinal : alert.expected) {
      const StationPlan& plan = stage_.scenario.stations[ordinal - 1];
      const core::Recipient& who = plan.recipient;
      const core::CopyState& copy = alert.state.copy(who.audience);
      const std::shared_ptr<const core::Notice> notice = alert.notice(who.audience);
      const bool always = alert.state.wake || who.hours.empty();
      const bool asked = copy.recall_revision == 0 && notice && targets(*notice, who) &&
                         !at_the_edge(*notice, who) && plan.changed_at.count() < 0;
      if (!always || !asked || heard(id, copy.content.revision, ordinal)) {
        continue;
      }
      const core::Instant due = std::max(expected_at_[{id, ordinal}], copy.content_at) +
                                settings_.chase.of(who.audience, who.category).received + tolerance;
      const Followed followed{id, copy.content.revision, ordinal, core::AnswerKind::received};
      check(due > stage_.clock.wall_now() || followed_.contains(followed), who.id, "keeps silent about revision",
            copy.content.revision, "and nobody follows it up; hours:", who.hours);
    }
  }

  bool heard(const core::AlertId& id, std::uint32_t revision, core::Ordinal who) {
    return std::any_of(std::begin(core::all_answer_kinds), std::end(core::all_answer_kinds), [&](auto kind) {
      return core::implies(kind, core::AnswerKind::received) && stage_.truth.has_answer(id, revision, who, kind);
    });
  }

  bool steady_wall() const { return stage_.steady_wall(); }

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
    const bool at_once = stage_.clock.steady_now() < up_since_ + stage_.scenario.chase_grace;
    check(!at_once || row.at < up_since_wall_, row.alert_id,
          "is followed up before the answers could come in that were given while the daemon was away");
    for (const core::Ordinal who : row.recipients) {
      const core::RecipientId& id = stage_.truth.store().directory()[who - 1].recipient.id;
      check(!answered_long_ago({row.alert_id, row.revision, who, row.awaited}), id, "is followed up for revision",
            row.revision, "which it answered");
      check(alert != nullptr && alert->expected.contains(who), id, "is followed up and was never expected");
      const StationPlan& plan = stage_.scenario.stations[who - 1];
      const bool lately = stage_.changed_since(plan, stage_.clock.steady_now()) && plan.was_there(row.at);
      check((alert != nullptr && alert->state.wake) || plan.is_there(row.at) || lately, id,
            "is followed up outside its hours:", plan.recipient.hours);
      const Followed followed{row.alert_id, row.revision, who, row.awaited};
      const auto last = followed_.find(followed);
      const Step before = last == followed_.end() ? Step() : last->second;
      check(follows(before, row.step, plan), id, "gets step", static_cast<int>(row.step), "after",
            before.direct_steps, "by its endpoints; the last was", static_cast<int>(before.step), "of revision",
            row.revision, core::to_string(row.awaited));
      check(last == followed_.end() || row.at >= last->second.at + settings_.chase.between_steps, id,
            "gets one step on the heels of the other");
      const bool direct = row.step == core::ChaseStep::direct;
      followed_[followed] = {row.step, row.at, before.direct_steps + (direct ? 1 : 0)};
    }
  }

  /// By each further endpoint of its own, or of its hub, then by its unit, then the list. Of whose entry has changed
  /// meanwhile only that much is said.
  bool follows(const Step& before, core::ChaseStep step, const StationPlan& plan) const {
    if (step != core::ChaseStep::direct && static_cast<int>(step) != static_cast<int>(before.step) + 1) {
      return false;
    }
    if (before.step != core::ChaseStep::direct) {
      return step != core::ChaseStep::direct;
    }
    const core::RecipientId& hub = plan.recipient.via;
    const auto& all = stage_.scenario.stations;
    const auto listener = std::find_if(all.begin(), all.end(), [&](const StationPlan& other) {
      return other.recipient.id == (hub.empty() ? plan.recipient.id : hub);
    });
    const std::size_t most = std::max<std::size_t>(1, listener->further_endpoints());
    const bool changed = plan.changed_at.count() >= 0 || listener->changed_at.count() >= 0;
    const bool direct = step == core::ChaseStep::direct;
    return changed ? direct || before.direct_steps > 0 : direct == (before.direct_steps < most);
  }

  bool answered_long_ago(const Answer& answer) const {
    const auto found = known_.find(answer);
    return found != known_.end() && stage_.clock.steady_now() > found->second + in_flight_max;
  }

  engine::Settings settings_;        ///< what production has; the simulation changes none of these
  ports::Clock::Steady up_since_{};  ///< as the daemon's chase_grace counts
  core::Instant up_since_wall_;
  std::map<core::AlertId, int> widened_since_;
  std::map<core::AlertId, core::CaseState> before_;
  std::map<core::AlertId, core::RecipientSet> expected_;
  std::map<std::pair<core::AlertId, core::Ordinal>, core::Instant> expected_at_;
  std::map<std::pair<core::AlertId, core::Audience>, Centre> chosen_;
  std::map<Answer, ports::Clock::Steady> known_;
  std::map<Followed, Step> followed_;
};

}  // namespace

std::unique_ptr<Checker> alert_clock(Stage& stage) {
  return std::make_unique<AlertClock>(stage);
}

}  // namespace tuanyuan::simulation
