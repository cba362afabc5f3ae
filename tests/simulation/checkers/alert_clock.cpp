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
/// From when a step of the chase is due until it is committed.
constexpr core::Duration time_to_follow = std::chrono::seconds(60);
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
      is_evidence(commit, row);
    }
    for (const ports::AnswerRow& row : commit.answers) {
      if (row.kind == core::AnswerKind::unable) {
        unable_.emplace(Answer{row.alert_id, row.revision, row.ordinal, row.kind}, row.recorded_at);
      }
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
        const bool settles =
            row.reason == core::UnableReason::not_concerned && core::implies(core::AnswerKind::confirmed, kind);
        if (core::implies(row.kind, kind) || settles) {
          known_.emplace(Answer{row.alert_id, row.revision, row.ordinal, kind}, stage_.clock.steady_now());
        }
      }
    }
  }

  void handed(core::ChannelKind, const ports::Dispatch& dispatch) override {
    const core::Delivery& row = dispatch.delivery;
    const AlertTruth* alert = row.concerns.empty() ? nullptr : stage_.truth.find(row.alert_id);
    if (alert != nullptr) {
      const core::Ordinal who = stage_.truth.ordinal(row.concerns);
      // The row may be for its unit, which has another copy.
      const core::CopyState& copy = alert->state.copy(recipient(who).audience);
      const bool removal = row.awaits == core::AnswerKind::removed && copy.recall_revision != 0;
      const std::uint32_t revision = removal ? copy.recall_revision : copy.content.revision;
      check(!answered_long_ago({row.alert_id, revision, who, row.awaits}), row.concerns, "is chased for revision",
            revision, "which it answered");
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
      recalled_in_time(id, alert);
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
    core::Instant counts_from;
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

  const core::Recipient& recipient(core::Ordinal ordinal) const {
    return stage_.truth.store().directory()[ordinal - 1].recipient;
  }

  /// Who keeps silent for longer than it may is followed up, step by step, if it is always there or the alert
  /// wakes it; who says that it is unable, at once.
  void followed_in_time(const core::AlertId& id, const AlertTruth& alert) {
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
      if (!always || !asked) {
        continue;
      }
      const bool has = heard(id, copy.content.revision, ordinal);
      const core::AnswerKind awaited = has ? core::AnswerKind::confirmed : core::AnswerKind::received;
      const core::AnswerTimes& times = settings_.chase.of(who.audience, who.category);
      const core::Instant since = std::max(expected_at_[{id, ordinal}], copy.content_at);
      goes_on({id, copy.content.revision, ordinal, awaited},
              {copy.content_at, since, since + (has ? times.confirmed : times.received)});
    }
  }

  /// Likewise who does not say that it shows nothing any more; and it is told again for as long as the recall is
  /// kept.
  void recalled_in_time(const core::AlertId& id, const AlertTruth& alert) {
    if (alert.state.cleared || !settled()) {
      return;
    }
    for (const core::Ordinal ordinal : alert.expected) {
      const StationPlan& plan = stage_.scenario.stations[ordinal - 1];
      const core::CopyState& copy = alert.state.copy(plan.recipient.audience);
      const bool always = alert.state.wake || plan.recipient.hours.empty();
      if (copy.recall_revision == 0 || !always || plan.changed_at.count() >= 0) {
        continue;
      }
      const core::Instant since = std::max(expected_at_[{id, ordinal}], copy.recalled_at);
      const core::Duration retention = stage_.scenario.retention.value_or(settings_.recall_retention);
      const core::AnswerTimes& times = settings_.chase.of(plan.recipient.audience, plan.recipient.category);
      goes_on({id, copy.recall_revision, ordinal, core::AnswerKind::removed},
              {copy.recalled_at, since, since + times.removed, copy.recalled_at + retention});
    }
  }

  /// When something is awaited of somebody.
  struct Awaited {
    core::Instant asked;      ///< since when of everybody
    core::Instant since;      ///< of this one: later where it was expected later, or before the clock was set back
    core::Instant first_due;  ///< its first step
    core::Instant until = core::Instant::max();
  };

  /// The step that follows the last one has been taken, or is still to come.
  void goes_on(const Followed& followed, const Awaited& times) {
    const auto& [asked, since, first_due, until] = times;
    const auto& [id, revision, who, awaited] = followed;
    const auto last = followed_.find(followed);
    const bool begun = last != followed_.end();
    const std::optional<core::ChaseStep> next = begun ? step_after(last->second.step, awaited) : std::nullopt;
    if ((begun && !next) || answered_lately(id, revision, who) || is_over(followed)) {
      return;
    }
    const core::Instant counts_from = begun ? last->second.counts_from : since;
    core::Instant due = begun ? counts_from + pause_before(*next, counts_from - asked) : first_due;
    const auto unable = unable_.find({id, revision, who, core::AnswerKind::unable});
    if (unable != unable_.end() && (!begun || unable->second > last->second.at)) {
      due = std::min(due, std::max(since, unable->second));
    }
    const core::Instant late = stage_.clock.wall_now() - time_to_follow;
    check(due > late || due >= until || late >= until, recipient(who).id, "keeps silent about revision", revision,
          core::to_string(awaited), "and nobody follows it up, after step",
          begun ? core::to_string(last->second.step) : "none");
  }

  /// By an answer another one may have come to be due that was not before.
  bool answered_lately(const core::AlertId& id, std::uint32_t revision, core::Ordinal who) const {
    return std::any_of(std::begin(core::all_answer_kinds), std::end(core::all_answer_kinds), [&](auto kind) {
      const auto found = known_.find({id, revision, who, kind});
      return found != known_.end() && found->second + time_to_follow > stage_.clock.steady_now();
    });
  }

  bool is_over(const Followed& followed) {
    const auto& [id, revision, who, awaited] = followed;
    const bool ends = awaited != core::AnswerKind::removed &&
                      stage_.truth.unable(id, revision, who) == core::UnableReason::not_concerned;
    const auto answers = [&, &id = id, &revision = revision, &who = who,
                          &awaited = awaited](core::AnswerKind kind) {
      return core::implies(kind, awaited) && stage_.truth.has_answer(id, revision, who, kind);
    };
    return ends || std::any_of(std::begin(core::all_answer_kinds), std::end(core::all_answer_kinds), answers);
  }

  static std::optional<core::ChaseStep> step_after(core::ChaseStep step, core::AnswerKind awaited) {
    if (step == core::ChaseStep::direct) {
      return core::ChaseStep::unit;
    }
    if (step == core::ChaseStep::unit) {
      return core::ChaseStep::late;
    }
    return awaited == core::AnswerKind::removed ? std::optional(core::ChaseStep::again) : std::nullopt;
  }
  core::Duration pause_before(core::ChaseStep step, core::Duration silent_for) const {
    constexpr core::Duration a_day = std::chrono::hours(24);
    return step == core::ChaseStep::again ? std::max(stage_.scenario.recall_again, std::min(silent_for, a_day))
                                          : settings_.chase.between_steps;
  }

  /// What the journal says was done is what was done: who had a unit that could be told had it told, by its own
  /// copy, and whoever is late is named.
  void is_evidence(const ports::Commit& commit, const ports::ChasedRecipients& row) {
    const core::SilentChased* said = nullptr;
    for (const core::Entry& entry : commit.entries) {
      const auto* chased = std::get_if<core::SilentChased>(&entry.body);
      said = chased != nullptr ? chased : said;
    }
    check(said != nullptr && said->count == row.recipients.cardinality(), "a step of", row.alert_id,
          "is not in the journal");
    if (said == nullptr) {
      return;
    }
    std::set<core::RecipientId> told;
    for (const core::Delivery& delivery : commit.deliveries) {
      told.insert(delivery.concerns);
    }
    check(said->told == told.size(), "the journal says that for", said->told.value_or(0), "somebody was told, and",
          told.size(), "it is");
    std::set<std::string> named(said->recipients.begin(), said->recipients.end());
    for (const core::Ordinal who : row.recipients) {
      // Who was deleted has no unit any more.
      if (row.step == core::ChaseStep::unit && !stage_.truth.store().directory()[who - 1].deleted) {
        unit_is_told(commit, row.alert_id, recipient(who), told);
      }
      check(named.erase(recipient(who).id.value) == (row.step == core::ChaseStep::late ? 1U : 0U),
            recipient(who).id, "is late, and the journal does not name it");
    }
    check(named.empty(), "the journal names others than who is late");
  }

  void unit_is_told(const ports::Commit& commit, const core::AlertId& id, const core::Recipient& silent,
                    const std::set<core::RecipientId>& told) {
    const AlertTruth* alert = stage_.truth.find(id);
    const core::Ordinal unit = silent.unit.empty() ? 0 : stage_.truth.ordinal(silent.unit);
    if (alert == nullptr || unit == 0 || stage_.truth.store().directory()[unit - 1].deleted) {
      return;
    }
    for (const StationPlan& plan : stage_.scenario.stations) {
      const bool concerned = plan.recipient.id == silent.id || plan.recipient.id == silent.unit;
      if (concerned && stage_.changed_since(plan, stage_.clock.steady_now())) {
        return;
      }
    }
    const core::CopyState& its_own = alert->state.copy(recipient(unit).audience);
    const bool taken_down = alert->state.copy(silent.audience).recall_revision != 0;
    const bool can_be = its_own.issued && (its_own.recall_revision != 0) == taken_down;
    const bool is = std::any_of(commit.deliveries.begin(), commit.deliveries.end(), [&](const auto& row) {
      return row.concerns == silent.id && row.target == core::Target(silent.unit) &&
             row.audience == recipient(unit).audience && row.version == its_own.version;
    });
    check(is == can_be && told.contains(silent.id) == can_be, silent.id, "keeps silent, and its unit", silent.unit,
          can_be ? "is not told" : "is told what says something else");
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
      in_order(row, who, id);
    }
  }

  void in_order(const ports::ChasedRecipients& row, core::Ordinal who, const core::RecipientId& id) {
    const Followed followed{row.alert_id, row.revision, who, row.awaited};
    const auto last = followed_.find(followed);
    const Step before = last == followed_.end() ? Step() : last->second;
    check(follows(before, row.step, row.awaited, stage_.scenario.stations[who - 1]), id, "gets step",
          core::to_string(row.step), "after", before.direct_steps, "by its endpoints; the last was",
          core::to_string(before.step), "of revision", row.revision, core::to_string(row.awaited));
    if (last != followed_.end()) {
      const auto unable = unable_.find({row.alert_id, row.revision, who, core::AnswerKind::unable});
      const bool asked_for = unable != unable_.end() && (unable->second > before.at || !steady_wall());
      // Since when it is silent the daemon alone knows: from a step of the circle, maybe.
      const bool apart = row.at >= before.counts_from + pause_before(row.step, core::Duration(0));
      check(apart || asked_for, id, "gets one step on the heels of the other");
    }
    const bool direct = row.step == core::ChaseStep::direct;
    check(row.counts_from >= row.at, id, "gets the next step sooner than it should");
    followed_[followed] = {row.step, row.at, row.counts_from, before.direct_steps + (direct ? 1 : 0)};
  }

  /// By each further endpoint of its own, or of its hub, then by its unit, then the list, and of a recall again
  /// from there. Of whose entry has changed meanwhile only that much is said.
  bool follows(const Step& before, core::ChaseStep step, core::AnswerKind awaited, const StationPlan& plan) const {
    if (before.step != core::ChaseStep::direct) {
      return step == step_after(before.step, awaited);
    }
    const bool direct = step == core::ChaseStep::direct;
    if (!direct && step != core::ChaseStep::unit) {
      return false;
    }
    const core::RecipientId& hub = plan.recipient.via;
    const auto& all = stage_.scenario.stations;
    const auto listener = std::find_if(all.begin(), all.end(), [&](const StationPlan& other) {
      return other.recipient.id == (hub.empty() ? plan.recipient.id : hub);
    });
    const std::size_t most = std::max<std::size_t>(1, listener->further_endpoints());
    const bool changed = plan.changed_at.count() >= 0 || listener->changed_at.count() >= 0;
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
  std::map<Answer, core::Instant> unable_;  ///< since when it says so, as the ledger has it
  std::map<Followed, Step> followed_;
};

}  // namespace

std::unique_ptr<Checker> alert_clock(Stage& stage) {
  return std::make_unique<AlertClock>(stage);
}

}  // namespace tuanyuan::simulation
