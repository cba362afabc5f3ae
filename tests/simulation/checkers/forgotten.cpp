#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "simulation/checkers/checkers.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/broker.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 3: each expected recipient has answered or stands on the silent list with a next step or as late, and
/// the board adds up. Once nothing is wrong any more, everybody who can be reached has the version in force of its
/// audience, shows it where it is for it, and has answered.
class NobodyIsForgotten final : public Checker {
 public:
  explicit NobodyIsForgotten(Stage& stage) : Checker("3_nobody_forgotten", stage) {}

  void sent(const Copy& copy) override {
    const auto* direct = std::get_if<mqtt::DirectTopic>(&copy.topic);
    if (direct != nullptr && !copy.bytes) {
      emptied_at_[{copy.alert_id, direct->recipient}] = stage_.clock.steady_now();
    }
  }

  void receipted(const StationPlan& plan, const core::Receipt& receipt) override {
    if (receipt.result != core::ReceiptResult::refused || !receipt.kind) {
      return;
    }
    const AlertTruth* alert = stage_.truth.find(receipt.alert_id);
    const core::Ordinal who = stage_.truth.ordinal(receipt.recipient_id);
    const bool its_own = who != 0 && answers_for(plan, stage_.scenario.stations[who - 1]) &&
                         (alert == nullptr || stage_.scenario.stations[who - 1].enrolled ||
                          (alert->expected.contains(who) && !alert->state.cleared));
    const bool valid = its_own && alert != nullptr && alert->state.issued() &&
                       receipt.revision >= (alert->state.looked_out ? 0 : 1) &&
                       receipt.revision <= alert->state.version.revision;
    check(!valid, plan.recipient.id, "was refused what is in order:", receipt.reason, receipt.revision);
  }

  bool waits() override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (alert.state.issued() && !unheard(id, alert).empty()) {
        return true;
      }
    }
    return false;
  }

  void at_rest(Rest& rest) override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (!alert.state.issued()) {
        continue;
      }
      const auto board = rest.boards.find(id);
      check(board != rest.boards.end(), id, "has no board");
      if (board != rest.boards.end()) {
        adds_up(alert, board->second);
      }
      for (const std::string& who : unheard(id, alert)) {
        check(false, who, "of", id);
      }
      everybody_in_the_circle(id, alert);
    }
    const auto forgotten = rest.gauges->find("tuanyuan_recipients_expected standing=forgotten");
    check(forgotten == rest.gauges->end() || forgotten->second == 0, "the auditor misses",
          forgotten == rest.gauges->end() ? 0 : forgotten->second);
    const auto unread = rest.gauges->find("tuanyuan_alerts_unaudited");
    check(unread == rest.gauges->end() || unread->second == 0, "the auditor cannot read all alerts");
  }

 private:
  /// What it is set up for: not what somebody else answers for since lately. An answer may have been judged before
  /// that, and its receipt have come by a repetition.
  bool answers_for(const StationPlan& plan, const StationPlan& who) const {
    const bool lately = stage_.changed_since(who, stage_.clock.steady_now() - 2 * (stall_max + repeat_max));
    return !lately && (who.recipient.id == plan.recipient.id || who.recipient.via == plan.recipient.id);
  }

  /// Who came, moved or left joins, or leaves, at the alert's next step; with them the unit that was told for
  /// them, and the hub on whose own topic they were told: what stands there is for itself, where nobody else is
  /// left.
  bool joins_later(const AlertTruth& alert, const core::Recipient& who) const {
    const std::vector<StationPlan>& all = stage_.scenario.stations;
    return alert.state.in_force() && std::any_of(all.begin(), all.end(), [&](const StationPlan& plan) {
             const bool concerns = plan.recipient.id == who.id || plan.units_before.contains(who.id) ||
                                   plan.hubs_before.contains(who.id);
             return concerns && stage_.changed_since(plan, alert.changed_at(who.audience));
           });
  }

  /// Which answer is due of whom, by its own audience's copy.
  struct Owed {
    bool removed = false;
    std::uint32_t revision = 0;
  };

  const core::Recipient& recipient(core::Ordinal ordinal) const {
    return stage_.truth.store().directory()[ordinal - 1].recipient;
  }

  Owed owed(const AlertTruth& alert, const core::Recipient& who) const {
    const core::CopyState& copy = alert.state.copy(who.audience);
    if (copy.recall_revision != 0) {
      return {true, copy.recall_revision};
    }
    const std::shared_ptr<const core::Notice> notice = alert.notice(who.audience);
    // Of a lookout it is the division that counts, and not the circle.
    const bool outside = alert.state.in_force() && notice && !targets(*notice, who);
    return {outside, copy.content.revision};
  }

  void adds_up(const AlertTruth& alert, const core::Board& board) {
    const auto expected = static_cast<std::uint32_t>(alert.expected.cardinality());
    check(board.total.expected == expected, "the board expects", board.total.expected, "the ledger", expected);
    check(board.version == alert.state.version, "the board is of another version");
    std::map<core::RecipientId, const core::SilentRecipient*> silent;
    for (const core::SilentRecipient& row : board.silent) {
      silent.emplace(row.recipient_id, &row);
      check(!row.next_step.empty(), row.recipient_id, "is silent and nothing follows");
    }
    check(board.silent_total == silent.size(), "the silent list has", silent.size(), "of", board.silent_total);
    for (const core::Ordinal ordinal : alert.expected) {
      const core::Recipient& who = recipient(ordinal);
      const std::shared_ptr<const core::Notice> notice = alert.notice(who.audience);
      const bool elsewhere = owed(alert, who).removed && alert.state.in_force() && answers_for_others(who.id);
      const bool unseen = !notice && alert.state.in_force();  // it ran out before it could leave
      if (unseen || (notice && at_the_edge(*notice, who)) || elsewhere || joins_later(alert, who)) {
        continue;
      }
      const std::optional<core::AnswerKind> missing = missing_of(alert, ordinal);
      const auto listed = silent.find(who.id);
      check(missing.has_value() == (listed != silent.end()), who.id,
            missing ? "is neither answered nor silent of" : "answered and is called silent of",
            alert.state.alert_id);
      if (missing && listed != silent.end()) {
        const core::UnableReason why =
            stage_.truth.unable(alert.state.alert_id, owed(alert, who).revision, ordinal);
        check(listed->second->awaited == *missing, who.id, "is silent, and the board awaits",
              core::to_string(listed->second->awaited), "and not", core::to_string(*missing));
        check(listed->second->reason == why, who.id, "is unable for the reason", core::to_string(why),
              "and the board says", core::to_string(listed->second->reason));
      }
    }
  }

  /// For which answer it stands on the silent list. Who has received has its time to confirm, unless it says that
  /// it cannot; whom it does not concern is left alone.
  std::optional<core::AnswerKind> missing_of(const AlertTruth& alert, core::Ordinal ordinal) {
    const core::AlertId& id = alert.state.alert_id;
    const Owed due = owed(alert, recipient(ordinal));
    const core::UnableReason why = stage_.truth.unable(id, due.revision, ordinal);
    if (due.removed || why == core::UnableReason::not_concerned) {
      const bool silent = due.removed && !has_answered(alert, ordinal);
      return silent ? std::optional(core::AnswerKind::removed) : std::nullopt;
    }
    if (!has_received(id, due.revision, ordinal)) {
      return core::AnswerKind::received;
    }
    const bool read = stage_.truth.has_answer(id, due.revision, ordinal, core::AnswerKind::confirmed) ||
                      stage_.truth.has_answer(id, due.revision, ordinal, core::AnswerKind::acting);
    const bool pressed = why != core::UnableReason::none || was_reminded(id, due.revision, ordinal);
    return !read && pressed ? std::optional(core::AnswerKind::confirmed) : std::nullopt;
  }

  /// Its time to confirm was over.
  bool was_reminded(const core::AlertId& id, std::uint32_t revision, core::Ordinal who) const {
    const std::vector<ports::ChasedRecipients> rows = stage_.truth.store().chased(id);
    return std::any_of(rows.begin(), rows.end(), [&](const ports::ChasedRecipients& row) {
      return row.revision == revision && row.awaited == core::AnswerKind::confirmed &&
             row.recipients.contains(who);
    });
  }

  bool has_answered(const AlertTruth& alert, core::Ordinal who) {
    Truth& truth = stage_.truth;
    const core::AlertId& id = alert.state.alert_id;
    const Owed due = owed(alert, recipient(who));
    if (due.removed) {
      const bool recalled = alert.state.copy(recipient(who).audience).recall_revision != 0;
      return truth.has_answer(id, due.revision, who, core::AnswerKind::removed) ||
             (!recalled && took_it_down_before(id, due.revision, who));
    }
    return has_received(id, due.revision, who);
  }

  bool has_received(const core::AlertId& id, std::uint32_t revision, core::Ordinal who) {
    return std::any_of(std::begin(core::all_answer_kinds), std::end(core::all_answer_kinds),
                       [&](core::AnswerKind kind) {
                         return core::implies(kind, core::AnswerKind::received) &&
                                stage_.truth.has_answer(id, revision, who, kind);
                       });
  }

  /// In an earlier revision, and has said of none since that it came.
  bool took_it_down_before(const core::AlertId& id, std::uint32_t revision, core::Ordinal who) {
    for (std::uint32_t later = revision; later > 0 && !has_received(id, later, who); --later) {
      if (stage_.truth.has_answer(id, later - 1, who, core::AnswerKind::removed)) {
        return true;
      }
    }
    return false;
  }

  /// Who is expected, can be reached, and has not what is in force, or has not answered it.
  std::vector<std::string> unheard(const core::AlertId& id, const AlertTruth& alert) {
    std::vector<std::string> all;
    for (const core::Ordinal ordinal : alert.expected) {
      const core::Recipient& who = recipient(ordinal);
      const Station* station = stage_.carrier(who.id);
      if (station == nullptr || !station->plan().connects()) {
        continue;
      }
      if (const char* what = lacks(id, alert, *station, who, ordinal)) {
        all.push_back(who.id.value + what + std::to_string(alert.state.copy(who.audience).version.revision));
      }
    }
    return all;
  }

  const char* lacks(const core::AlertId& id, const AlertTruth& alert, const Station& station,
                    const core::Recipient& who, core::Ordinal ordinal) {
    if (joins_later(alert, who)) {
      return nullptr;
    }
    if (!station.connected()) {
      return " could be reached, and is not connected for revision ";
    }
    const Owed due = owed(alert, who);
    const core::CopyState& copy = alert.state.copy(who.audience);
    const std::shared_ptr<const core::Notice> notice = alert.notice(who.audience);
    const bool heard = station.seen(id) == copy.version;
    const bool edge = notice && at_the_edge(*notice, who);
    if (due.removed && copy.recall_revision == 0) {
      // Whom the circle left behind need not hear of each step; but it shows nothing, and says so.
      const bool shows =
          station.shows_for(id, who.id) && !edge && !answers_for_others(who.id) && !missed_it(id, station);
      const bool silent = station.plan().answers() && !answers_for_others(who.id) &&
                          station.ever_showed_for(id, who.id) && heard && !edge &&
                          !ever_removed(id, due.revision, ordinal);
      return shows    ? " is outside, and still shows revision "
             : silent ? " is outside, and has not said that it shows nothing of revision "
                      : nullptr;
    }
    // Who moved where the alert never was has nothing to hear of its end, if it shows nothing.
    const bool elsewhere =
        stage_.changed_since(stage_.scenario.stations[ordinal - 1], alert.changed_at(who.audience)) &&
        !station.shows_for(id, who.id);
    if (!heard && (elsewhere || ran_out(alert, who.audience, notice))) {
      return nullptr;
    }
    if (!heard) {
      return " could be reached, and has not heard revision ";
    }
    const bool in_force =
        alert.state.in_force() && !due.removed && notice && !ran_out(alert, who.audience, notice);
    if (in_force && !edge && notice->expires_at > station.own_time() && !station.shows_for(id, who.id)) {
      return " could be reached, and does not show revision ";
    }
    if (station.plan().answers() && owes(alert, station, who.id, ordinal)) {
      return " could be reached, and has not answered revision ";
    }
    return nullptr;
  }

  /// An emptied topic keeps nothing for who connects afterwards, and this broker keeps no sessions. It was asked
  /// to take it down all the same, and ends on the list of those who are late.
  bool missed_it(const core::AlertId& id, const Station& station) const {
    const auto emptied = emptied_at_.find({id, station.plan().recipient.id});
    return emptied != emptied_at_.end() && emptied->second < station.connected_at();
  }

  /// What is no longer shown, or retained, nobody can hear who was not there in time.
  bool ran_out(const AlertTruth& alert, core::Audience audience,
               const std::shared_ptr<const core::Notice>& notice) {
    const core::CopyState& copy = alert.state.copy(audience);
    const bool recalled = copy.recall_revision != 0;
    const core::Instant now = stage_.clock.wall_now();
    return recalled ? alert.state.cleared ||
                          (stage_.scenario.retention && now >= copy.recalled_at + *stage_.scenario.retention)
                    : now >= alert.state.expires_at || (notice && now >= notice->expires_at);
  }

  /// A unit is told of those who keep silent, be it within the circle or not.
  bool answers_for_others(const core::RecipientId& who) const {
    return std::any_of(stage_.scenario.stations.begin(), stage_.scenario.stations.end(),
                       [&](const auto& plan) { return plan.recipient.unit == who || plan.recipient.via == who; });
  }

  /// Who took it down in an earlier revision has nothing to take down in a later one, and says nothing.
  bool ever_removed(const core::AlertId& id, std::uint32_t revision, core::Ordinal who) {
    for (std::uint32_t earlier = 0; earlier <= revision; ++earlier) {
      if (stage_.truth.has_answer(id, earlier, who, core::AnswerKind::removed)) {
        return true;
      }
    }
    return false;
  }

  bool owes(const AlertTruth& alert, const Station& station, const core::RecipientId& who, core::Ordinal ordinal) {
    const core::AlertId& id = alert.state.alert_id;
    const bool itself = station.plan().recipient.id == who;
    if (owed(alert, recipient(ordinal)).removed) {
      return (itself || station.ever_showed_for(id, who)) && !has_answered(alert, ordinal);
    }
    return station.shows_for(id, who) && !has_answered(alert, ordinal);
  }

  /// Whoever the notices in force are for is expected.
  void everybody_in_the_circle(const core::AlertId& id, const AlertTruth& alert) {
    if (!alert.state.in_force()) {
      return;
    }
    for (const ports::DirectoryEntry& entry : stage_.truth.store().directory()) {
      const core::Recipient& who = entry.recipient;
      const std::shared_ptr<const core::Notice> notice = alert.notice(who.audience);
      const bool shown = notice && alert.state.showing().contains(who.audience) && !at_the_edge(*notice, who);
      const bool newcomer = entry.deleted || joins_later(alert, who);
      check(!shown || newcomer || !targets(*notice, who) || alert.expected.contains(entry.ordinal), who.id,
            "is within the circle and not expected of", id);
    }
  }

  std::map<std::pair<core::AlertId, core::RecipientId>, ports::Clock::Steady> emptied_at_;  ///< their own topics
};

}  // namespace

std::unique_ptr<Checker> forgotten(Stage& stage) {
  return std::make_unique<NobodyIsForgotten>(stage);
}

}  // namespace tuanyuan::simulation
