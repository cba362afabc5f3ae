#include <map>
#include <set>

#include "simulation/checkers/checkers.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// What was seen of a child is in the ledger before anybody is told so, stands there once, is refused to nobody who
/// may say it, and lies on the desk of the case's officers.
class Sightings final : public Checker {
 public:
  explicit Sightings(Stage& stage) : Checker("10_sightings", stage) {}

  void committed(const ports::Commit& commit) override {
    for (const core::Entry& entry : commit.entries) {
      if (const auto* recorded = std::get_if<core::SightingRecorded>(&entry.body)) {
        recorded_.insert(recorded->sighting_id);
      }
    }
    check(stage_.truth.count("sighting") == recorded_.size(), "the journal has",
          stage_.truth.count("sighting"), "sightings, where there were", recorded_.size());
  }

  void receipted(const StationPlan& plan, const core::Receipt& receipt) override {
    if (receipt.kind) {
      return;
    }
    const AlertTruth* alert = stage_.truth.find(receipt.alert_id);
    // By a wall clock that was set back it is seen in the future.
    const bool in_order = plan.enrolled && !stage_.changed_since(plan, stage_.clock.steady_now()) && alert != nullptr && alert->state.issued() &&
                          (stage_.steady_wall() || receipt.reason != "invalid-fields");
    if (receipt.result == core::ReceiptResult::refused) {
      check(!in_order, "what", plan.recipient.id, "has seen was refused:", receipt.reason);
      return;
    }
    check(stage_.truth.store().sighting(receipt.sighting_id).has_value(), plan.recipient.id,
          "has a receipt for a sighting which is not in the ledger");
    heard_[receipt.alert_id].insert(receipt.sighting_id);
  }

  bool waits() override {
    for (const Station* station : stage_.stations) {
      if (station != nullptr && station->plan().connects() && station->plan().enrolled &&
          station->owes_sightings()) {
        return true;
      }
    }
    return false;
  }

  void at_rest(Rest& rest) override {
    check(!waits(), "somebody has seen the child, and has no receipt for it");
    for (const auto& [alert, ids] : heard_) {
      std::map<core::SightingId, int> shown;
      for (const ports::SightingView& view : rest.sightings[alert]) {
        ++shown[view.sighting.sighting_id];
      }
      for (const core::SightingId& id : ids) {
        check(shown[id] == 1, id.value, "lies on the desk", shown[id], "times");
      }
    }
  }

 private:
  std::set<core::SightingId> recorded_;
  std::map<core::AlertId, std::set<core::SightingId>> heard_;
};

}  // namespace

std::unique_ptr<Checker> sightings(Stage& stage) {
  return std::make_unique<Sightings>(stage);
}

}  // namespace tuanyuan::simulation
