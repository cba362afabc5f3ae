#include <map>

#include "simulation/checkers/checkers.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 8: at rest, the gauges say what is so.
class EverythingIsWatched final : public Checker {
 public:
  explicit EverythingIsWatched(Stage& stage) : Checker("8_watched", stage) {}

  void at_rest(Rest& rest) override {
    std::map<std::string, double> truth;
    double silent = 0;
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      const core::CaseState& state = alert.state;
      if (state.alert_state != core::AlertState::none) {
        truth["tuanyuan_alerts state=" + std::string(core::to_string(state.alert_state)) +
              " status=" + std::string(core::to_string(state.status))] += 1;
      }
      const auto board = rest.boards.find(id);
      if (state.in_force() && board != rest.boards.end()) {
        silent += board->second.silent_total;
      }
    }
    for (const auto& [gauge, value] : truth) {
      check(value_of(rest, gauge) == value, gauge, "is", value_of(rest, gauge), "and should be", value);
    }
    check(sum(rest, "tuanyuan_alerts ") == total(truth), "the gauges know of other alerts");
    check(sum(rest, "tuanyuan_recipients_silent ") == silent, "silent by the gauges",
          sum(rest, "tuanyuan_recipients_silent "), "by the boards", silent);
    // A gateway that has failed again and again, or asked for a pause, may be left alone still.
    const double at_least = unreachable(true);
    const double at_most = unreachable(false);
    const double said = sum(rest, "tuanyuan_recipients_unreachable ");
    check(said >= at_least && said <= at_most, "unreachable by the gauge", said, "in truth", at_least, "to",
          at_most);
    check(sum(rest, "tuanyuan_recipients_unreachable_by_province ") == said, "unreachable by province",
          sum(rest, "tuanyuan_recipients_unreachable_by_province "), "and by category", said);
    check(value_of(rest, "tuanyuan_outbox_oldest_seconds channel=mqtt") < 20, "the outbox is empty and looks old");
  }

 private:
  double unreachable(bool gateway_works) const {
    double count = 0;
    for (const StationPlan& plan : stage_.scenario.stations) {
      if (!plan.enrolled) {
        continue;
      }
      const Station* station = stage_.carrier(plan.recipient.id);
      if (station != nullptr && station->plan().hears_by_gateway() && gateway_works) {
        continue;  // as far as anybody knows
      }
      count += station == nullptr || !station->connected() ? 1 : 0;
    }
    return count;
  }

  static double value_of(const Rest& rest, const std::string& gauge) {
    const auto found = rest.gauges->find(gauge);
    return found == rest.gauges->end() ? 0 : found->second;
  }
  static double sum(const Rest& rest, std::string_view prefix) {
    double all = 0;
    for (const auto& [gauge, value] : *rest.gauges) {
      all += gauge.starts_with(prefix) ? value : 0;
    }
    return all;
  }
  static double total(const std::map<std::string, double>& values) {
    double all = 0;
    for (const auto& [name, value] : values) {
      all += value;
    }
    return all;
  }
};

}  // namespace

std::unique_ptr<Checker> watched(Stage& stage) {
  return std::make_unique<EverythingIsWatched>(stage);
}

}  // namespace tuanyuan::simulation
