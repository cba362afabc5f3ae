#include "simulation/world/stage.hpp"

#include <algorithm>

namespace tuanyuan::simulation {
namespace {

/// How long a decision may take from looking at the directory to its commit.
constexpr Span planning_max = std::chrono::seconds(90);

}  // namespace

const Station* Stage::carrier(const core::RecipientId& who) const {
  for (std::size_t index = 0; index < scenario.stations.size(); ++index) {
    const core::Recipient& recipient = scenario.stations[index].recipient;
    if (recipient.id == who) {
      return recipient.via.empty() ? stations[index] : carrier(recipient.via);
    }
  }
  return nullptr;
}

const CasePlan* Stage::plan_of(const core::AlertId& alert) const {
  const auto found = case_of.find(alert);
  return found == case_of.end() ? nullptr : &scenario.cases[found->second];
}

void Stage::took(const ports::Commit& commit) {
  truth.take(commit);
  for (const core::Entry& entry : commit.entries) {
    // Its key says which officers asked for it.
    if (std::holds_alternative<core::ReportSubmitted>(entry.body) && commit.idempotency) {
      const std::string& key = commit.idempotency->key;
      case_of[core::AlertId(entry.subject)] = static_cast<std::size_t>(std::stoul(key.substr(key.find('/') + 1)));
    }
  }
  for (const ports::RecipientChange& one : commit.recipients) {
    change(one);
  }
  jury.tell(&Checker::committed, commit);
}

/// The recipient's equipment is set up as the directory has it.
void Stage::change(const ports::RecipientChange& change) {
  for (std::size_t index = 0; index < scenario.stations.size(); ++index) {
    StationPlan& plan = scenario.stations[index];
    if (plan.recipient.id != change.recipient.id) {
      continue;
    }
    trace("directory", plan.recipient.id.value, change.deleted ? "leaves" : plan.enrolled ? "changes" : "joins");
    plan.changed_at = std::chrono::duration_cast<Span>(clock.now().time_since_epoch());
    if (!plan.enrolled && !change.deleted) {
      plan.joined_at = plan.changed_at;
    }
    plan.hours_before = plan.recipient.hours;
    plan.units_before.insert(plan.recipient.unit);
    plan.hubs_before.insert(plan.recipient.via);
    plan.enrolled = !change.deleted;
    if (!change.deleted) {
      for (StationPlan& hub : scenario.stations) {
        std::erase(hub.members, index);
        if (hub.recipient.id == change.recipient.via) {
          hub.members.push_back(index);
        }
      }
      plan.recipient = change.recipient;
    }
    for (std::size_t station = 0; station < scenario.stations.size(); ++station) {
      reconfigured(station);
    }
  }
}

bool Stage::changed_since(const StationPlan& plan, ports::Clock::Steady at) const {
  return plan.changed_at.count() >= 0 && ports::Clock::Steady(plan.changed_at + planning_max) >= at;
}

}  // namespace tuanyuan::simulation
