#include <algorithm>
#include <map>

#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// How long a release may take from looking for other reports to its commit.
constexpr Span planning_max = std::chrono::seconds(90);

/// The same child is never alerted twice without an officer having looked at the other report first; and nobody is
/// held up by a report of another child.
class Duplicates final : public Checker {
 public:
  explicit Duplicates(Stage& stage) : Checker("11_duplicates", stage) {}

  void committed(const ports::Commit& commit) override {
    for (const core::Entry& entry : commit.entries) {
      const core::AlertId id(entry.subject);
      if (std::holds_alternative<core::ReportSubmitted>(entry.body)) {
        submitted_[id] = stage_.clock.steady_now();
      } else if (std::holds_alternative<core::AlertReleased>(entry.body)) {
        released_[id] = stage_.clock.steady_now();
      }
    }
  }

  void answered(const Request& request, const Reply& reply) override {
    if (request.verb == Verb::release && reply.alert && !seen_.contains(request.key)) {
      seen_[request.key] = true;
      released(request, reply.alert->id);
    }
    if (request.verb == Verb::preview && reply.preview) {
      const AlertTruth* mine = of(request.report);
      for (const core::ReportId& other : reply.preview->duplicates) {
        const AlertTruth* its = of(other);
        check(its != nullptr && mine != nullptr && child(*its) == child(*mine), other.value,
              "is shown as a report of the same child");
      }
    }
    if (request.verb == Verb::release && reply.refused == core::Errc::duplicate_report) {
      const AlertTruth* mine = of(request.report);
      const bool another =
          mine != nullptr &&
          std::any_of(stage_.truth.alerts().begin(), stage_.truth.alerts().end(), [&](const auto& other) {
            return other.second.state.report_id != request.report && child(other.second) == child(*mine);
          });
      check(another, request.report.value, "is held up by a report of another child");
    }
  }

 private:
  void released(const Request& request, const core::AlertId& id) {
    const AlertTruth* mine = stage_.truth.find(id);
    if (mine == nullptr) {
      return;
    }
    const auto& stop = stage_.scenario.stop;
    const Span longest = planning_max + (stop && stop->frozen ? stop->lasts : Span(0));  // in the midst of it
    for (const auto& [other_id, other] : stage_.truth.alerts()) {
      const bool before = other_id != id && submitted_.contains(other_id) && released_.contains(id) &&
                          submitted_[other_id] + longest < released_[id];
      if (!before || child(other).empty() || child(other) != child(*mine) ||
          other.state.report_state == core::ReportState::rejected) {
        continue;
      }
      const bool reviewed = request.reviewed && std::find(request.reviewed->begin(), request.reviewed->end(),
                                                          other.state.report_id) != request.reviewed->end();
      check(reviewed, other_id, "and", id, "alert the same child, and nobody looked at the other report");
    }
  }

  const AlertTruth* of(const core::ReportId& report) const {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (alert.state.report_id == report) {
        return &alert;
      }
    }
    return nullptr;
  }

  /// Whom a case is about, by its plan and not by what the daemon made of it: who, and lost on which day.
  std::string child(const AlertTruth& alert) const {
    const CasePlan* plan = stage_.plan_of(alert.state.alert_id);
    if (plan == nullptr || !plan->report.child.birth_date) {
      return {};
    }
    const auto in_beijing = alert.state.last_seen_at + std::chrono::hours(8);
    const auto day = std::chrono::floor<std::chrono::days>(in_beijing).time_since_epoch().count();
    // An exercise is no second report of a real child, nor the other way round.
    const std::string status(core::to_string(alert.state.status));
    return status + "/" + plan->report.child.name + "/" + std::to_string(day);
  }

  std::map<core::AlertId, ports::Clock::Steady> submitted_;
  std::map<core::AlertId, ports::Clock::Steady> released_;
  std::map<std::string, bool> seen_;
};

}  // namespace

std::unique_ptr<Checker> duplicates(Stage& stage) {
  return std::make_unique<Duplicates>(stage);
}

}  // namespace tuanyuan::simulation
