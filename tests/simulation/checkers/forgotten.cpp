#include <algorithm>
#include <set>

#include "simulation/checkers/checkers.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 3: each expected recipient has answered or stands on the silent list, and the board adds up. Once
/// nothing is wrong any more, everybody who can be reached has the version in force and has answered it.
class NobodyIsForgotten final : public Checker {
 public:
  explicit NobodyIsForgotten(Stage& stage) : Checker("3_nobody_forgotten", stage) {}

  void receipted(const StationPlan& plan, const core::Receipt& receipt) override {
    if (receipt.result != core::ReceiptResult::refused) {
      return;
    }
    const AlertTruth* alert = stage_.truth.find(receipt.alert_id);
    const bool valid = alert != nullptr && alert->released() && receipt.revision >= 1 &&
                       receipt.revision <= alert->state.version.revision;
    check(!valid, plan.recipient.id, "was refused what is in order:", receipt.reason, receipt.revision);
  }

  bool waits() override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (alert.released() && !unheard(id, alert).empty()) {
        return true;
      }
    }
    return false;
  }

  void at_rest(Rest& rest) override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (!alert.released()) {
        continue;
      }
      const auto board = rest.boards.find(id);
      check(board != rest.boards.end(), id, "has no board");
      if (board != rest.boards.end()) {
        adds_up(alert, board->second);
      }
      for (const std::string& who : unheard(id, alert)) {
        check(false, who, "could be reached, and has not heard or not answered revision",
              alert.state.version.revision, "of", id);
      }
    }
  }

 private:
  void adds_up(const AlertTruth& alert, const core::Board& board) {
    const auto expected = static_cast<std::uint32_t>(alert.expected.cardinality());
    check(board.total.expected == expected, "the board expects", board.total.expected, "the ledger", expected);
    check(board.version == alert.state.version, "the board is of another version");
    std::set<core::RecipientId> silent;
    for (const core::SilentRecipient& row : board.silent) {
      silent.insert(row.recipient_id);
    }
    check(board.silent_total == silent.size(), "the silent list has", silent.size(), "of", board.silent_total);
    std::uint32_t answered = 0;
    for (const core::Ordinal ordinal : alert.expected) {
      const core::RecipientId& who = stage_.truth.store().directory()[ordinal - 1].recipient.id;
      const bool has = has_answered(alert, ordinal);
      answered += has ? 1 : 0;
      check(has != silent.contains(who), who,
            has ? "answered and is called silent" : "is neither answered nor silent");
    }
    check(answered + board.silent_total == expected, answered, "answered,", board.silent_total, "silent, of",
          expected);
  }

  bool has_answered(const AlertTruth& alert, core::Ordinal who) {
    Truth& truth = stage_.truth;
    const core::AlertId& id = alert.state.alert_id;
    if (alert.state.recalled()) {
      return truth.has_answer(id, alert.state.copy(core::Audience::police).recall_revision, who, core::AnswerKind::removed);
    }
    for (const core::AnswerKind kind : core::all_answer_kinds) {
      const bool counts = core::implies(kind, core::AnswerKind::received);
      if (counts && truth.has_answer(id, alert.state.copy(core::Audience::police).content.revision, who, kind)) {
        return true;
      }
    }
    return false;
  }

  /// Who is expected, can be reached, and has not what is in force, or has not answered it.
  std::vector<std::string> unheard(const core::AlertId& id, const AlertTruth& alert) {
    std::vector<std::string> all;
    for (const core::Ordinal ordinal : alert.expected) {
      const core::RecipientId& who = stage_.truth.store().directory()[ordinal - 1].recipient.id;
      const Station* station = stage_.carrier(who);
      if (station == nullptr || !station->plan().connects()) {
        continue;
      }
      const bool has = station->connected() && station->seen(id) == alert.state.version;
      if (!has || (station->plan().answers() && owes(alert, *station, who, ordinal))) {
        all.push_back(who.value);
      }
    }
    return all;
  }

  bool owes(const AlertTruth& alert, const Station& station, const core::RecipientId& who, core::Ordinal ordinal) {
    const core::AlertId& id = alert.state.alert_id;
    const bool itself = station.plan().recipient.id == who;
    if (alert.state.recalled()) {
      return (itself || station.ever_showed_for(id, who)) && !has_answered(alert, ordinal);
    }
    return station.shows_for(id, who) && !has_answered(alert, ordinal);
  }

  /// Whose connection answers for it.
};

}  // namespace

std::unique_ptr<Checker> forgotten(Stage& stage) {
  return std::make_unique<NobodyIsForgotten>(stage);
}

}  // namespace tuanyuan::simulation
