#include <algorithm>
#include <map>
#include <set>

#include "simulation/checkers/checkers.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// How long after a version was decided an older one may still be on its way out: a reassertion under way.
constexpr Span in_flight_max = std::chrono::seconds(60);

/// Promise 4: a recall goes wherever the alert went and to nobody else, and nothing brings the alert back.
class RecallAsStrongAsAlert final : public Checker {
 public:
  explicit RecallAsStrongAsAlert(Stage& stage) : Checker("4_recall", stage) {}

  void committed(const ports::Commit& commit) override {
    goes_everywhere(commit);
    std::map<Whose, std::set<Place>> recalled;
    bool clears = false;
    for (const core::Entry& entry : commit.entries) {
      if (std::holds_alternative<core::AlertCleared>(entry.body)) {
        cleared(core::AlertId(entry.subject), entry.time);
        clears = true;
      }
    }
    for (const core::Delivery& row : commit.deliveries) {
      const Place place{row.channel, row.audience, row.target, row.endpoint};
      const Whose whose{row.alert_id, row.audience};
      // One that comes without a decision goes after somebody who moved.
      if (core::is_recall(row.kind) && row.concerns.empty() && !commit.entries.empty()) {
        recalled[whose].insert(place);
      } else {
        went_[whose].insert(place);
      }
    }
    for (const auto& [whose, places] : recalled) {
      // A topic that the others came to use meanwhile may hear of the end of what was suspended.
      std::set<Place> went = went_[whose];
      std::erase_if(went, [clears](const Place& place) {
        return clears &&
               std::get<core::ChannelKind>(place) != core::ChannelKind::mqtt;  // nothing is retained there
      });
      const bool meanwhile = was_suspended(whose);
      const bool all = std::includes(places.begin(), places.end(), went.begin(), went.end());
      check(all && (meanwhile || divisions_of(places) == divisions_of(went)), "the recall of", whose.first,
            "goes to", places.size(), "places, the alert went to", went_[whose].size(),
            first_missing(places, went));
    }
    goes_on(commit);
  }

  void told_committed(const ports::Commit& commit) override {
    for (const core::Entry& entry : commit.entries) {
      if (stage_.truth.find(core::AlertId(entry.subject)) != nullptr) {
        // The truth may be ahead; what the daemon was told of is what this commit decided.
        for (const core::Delivery& row : commit.deliveries) {
          know({row.alert_id, row.audience}, row.version);
        }
      }
    }
  }

  void started() override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      for (const core::Audience audience : core::all_audiences) {
        know({id, audience}, alert.state.copy(audience).version);
      }
    }
  }

  void handed(core::ChannelKind, const ports::Dispatch& dispatch) override {
    const auto known = known_.find({dispatch.delivery.alert_id, dispatch.delivery.audience});
    check(known == known_.end() || dispatch.delivery.version >= known->second.version, "revision",
          dispatch.delivery.version.revision, "is sent after",
          known == known_.end() ? 0 : known->second.version.revision, "was decided");
  }

  void sent(const Copy& copy) override {
    if (!copy.notice) {
      return;
    }
    const auto known = known_.find({copy.alert_id, copy.notice->audience});
    if (known == known_.end()) {
      return;
    }
    const bool late = stage_.clock.steady_now() > known->second.since + in_flight_max;
    check(!late || copy.notice->version >= known->second.version, "revision", copy.notice->version.revision,
          "is published long after", known->second.version.revision, "was decided");
  }

  void reached(const StationPlan& plan, const Copy& copy) override {
    if (copy.notice && copy.genuine && core::is_recall(copy.notice->kind)) {
      core::Version& recalled = had_recall_[{plan.recipient.id, copy.alert_id}];
      recalled = std::max(recalled, copy.notice->version);
    }
  }

  void shown(const StationPlan& plan, const core::Notice& notice, bool) override {
    const auto recalled = had_recall_.find({plan.recipient.id, notice.alert_id});
    check(recalled == had_recall_.end() || recalled->second < notice.version, plan.recipient.id,
          "shows what it was told is recalled");
  }

  void gateway_took(const core::Delivery& row, const core::Endpoint& endpoint) override {
    core::Version& last = rung_[{row.alert_id, row.audience}][endpoint.address];
    last = std::max(last, row.version);
  }

  bool waits() override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (!still_shown(id, alert).empty() || to_be_cleared(alert.state) || !not_recalled_at(id, alert).empty()) {
        return true;
      }
    }
    return false;
  }

  void at_rest(Rest& rest) override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      for (const std::string& who : still_shown(id, alert)) {
        check(false, who, "still shows", id, "which is recalled");
      }
      for (const std::string& address : not_recalled_at(id, alert)) {
        check(false, "whoever is at", address, "was told of", id, "and not that it is recalled");
      }
      nothing_retained(rest, id, alert);
      check(!steady_wall() || !to_be_cleared(alert.state), "the recall of", id, "is kept beyond its time");
    }
  }

 private:
  bool steady_wall() const { return stage_.steady_wall(); }
  void cleared(const core::AlertId& id, core::Instant at) {
    const AlertTruth* alert = stage_.truth.find(id);
    const bool early = alert == nullptr || !stage_.scenario.retention ||
                       at < alert->state.ended_at + *stage_.scenario.retention - std::chrono::seconds(1);
    check(!early || !steady_wall(), "the recall of", id, "is cleared before its time");
    cleared_at_[id] = stage_.clock.steady_now();
  }
  bool to_be_cleared(const core::CaseState& state) const {
    return stage_.scenario.retention && state.recalled() && !state.cleared;
  }
  /// Whoever was cut off until the retention was over does not hear of it any more; its copy runs out.
  bool could_not_hear(const core::Recipient& who, const core::AlertId& id, const AlertTruth& alert) const {
    constexpr Span time_to_hear = std::chrono::minutes(3);
    const auto when = cleared_at_.find(id);
    const auto had = had_recall_.find({who.id, id});
    const bool heard = had != had_recall_.end() && had->second >= alert.state.copy(who.audience).version;
    if (!heard && stage_.scenario.retention && !steady_wall()) {
      return true;  // by a clock that was set, the time for which a recall is kept may be over at once
    }
    return when != cleared_at_.end() && !heard &&
           (stage_.healed_at == ports::Clock::Steady::max() || when->second < stage_.healed_at + time_to_hear);
  }

  using Whose = std::pair<core::AlertId, core::Audience>;
  using Place = std::tuple<core::ChannelKind, core::Audience, core::Target, std::uint64_t>;
  struct Known {
    core::Version version;
    ports::Clock::Steady since{};
  };

  static std::string first_missing(const std::set<Place>& places, const std::set<Place>& went) {
    for (const Place& place : went) {
      if (!places.contains(place)) {
        const auto* who = std::get_if<core::RecipientId>(&std::get<core::Target>(place));
        return who != nullptr ? "but not to " + who->value + " by " +
                                    std::string(core::to_string(std::get<core::ChannelKind>(place)))
                              : "but not to all divisions";
      }
    }
    return {};
  }

  /// To whom a chase would have gone that was not written, a recall may go.
  static std::ptrdiff_t divisions_of(const std::set<Place>& places) {
    return std::count_if(places.begin(), places.end(), [](const Place& place) {
      return std::holds_alternative<core::Division>(std::get<core::Target>(place));
    });
  }

  bool was_suspended(const Whose& whose) const {
    const AlertTruth* alert = stage_.truth.find(whose.first);
    return alert != nullptr &&
           std::any_of(alert->versions.begin(), alert->versions.end(),
                       [](const auto& decided) { return core::is_recall(decided.kind) && !decided.ends; });
  }

  void know(const Whose& whose, core::Version version) {
    Known& known = known_[whose];
    if (known.version < version) {
      known = Known{version, stage_.clock.steady_now()};
    }
  }

  /// Every revision and step goes to every topic that the alert has used: who is outside now takes it down.
  void goes_everywhere(const ports::Commit& commit) {
    std::map<Whose, std::set<Place>> sent;
    for (const core::Delivery& row : commit.deliveries) {
      if (row.concerns.empty() && std::holds_alternative<core::Division>(row.target)) {
        sent[{row.alert_id, row.audience}].insert({row.channel, row.audience, row.target, row.endpoint});
      }
    }
    for (const auto& [whose, places] : sent) {
      for (const Place& place : went_[whose]) {
        check(!std::holds_alternative<core::Division>(std::get<core::Target>(place)) || places.contains(place),
              "a version of", whose.first, "leaves out a division that had the alert");
      }
    }
  }

  /// Each audience's versions only grow, and an end is the end.
  void goes_on(const ports::Commit& commit) {
    for (const core::Entry& entry : commit.entries) {
      const AlertTruth* alert = stage_.truth.find(core::AlertId(entry.subject));
      if (alert == nullptr) {
        continue;
      }
      std::map<core::Audience, const AlertTruth::Decided*> last;
      for (const AlertTruth::Decided& decided : alert->versions) {
        const AlertTruth::Decided*& before = last[decided.audience];
        check(before == nullptr || (before->version < decided.version && !before->ends), entry.subject,
              "goes on after revision", before == nullptr ? 0 : before->version.revision);
        before = &decided;
      }
    }
  }

  /// By whom it was taken from.
  /// It heard the alert before it was in the directory, came in too late to be expected, and has moved since.
  bool nobody_knew(const StationPlan& plan, const AlertTruth& alert) const {
    const core::Ordinal who = stage_.truth.ordinal(plan.recipient.id);
    return plan.joined_at.count() >= 0 && plan.changed_at > plan.joined_at && !alert.expected.contains(who);
  }

  std::vector<std::string> still_shown(const core::AlertId& id, const AlertTruth& alert) const {
    std::vector<std::string> all;
    for (const Station* station : stage_.stations) {
      const bool taken =
          station != nullptr && core::is_recall(alert.state.copy(station->plan().recipient.audience).kind);
      const bool excused =
          taken && (could_not_hear(station->plan().recipient, id, alert) || nobody_knew(station->plan(), alert));
      if (taken && !excused && station->connected() && station->shows(id)) {
        all.push_back(station->plan().recipient.id.value);
      }
    }
    return all;
  }

  /// Where a gateway rang somebody, whatever the directory names since.
  std::vector<std::string> not_recalled_at(const core::AlertId& id, const AlertTruth& alert) const {
    std::vector<std::string> all;
    for (const core::Audience audience : core::all_audiences) {
      const core::CopyState& copy = alert.state.copy(audience);
      const auto rung = rung_.find({id, audience});
      if (!core::is_recall(copy.kind) || rung == rung_.end() || stage_.scenario.gateway_stays_ill) {
        continue;
      }
      for (const auto& [address, last] : rung->second) {
        if (last < copy.version) {
          all.push_back(address);
        }
      }
    }
    return all;
  }

  void nothing_retained(const Rest& rest, const core::AlertId& id, const AlertTruth& alert) {
    for (const auto& [topic, payload] : *rest.retained) {
      const auto parsed = stage_.topics.parse(topic);
      if (!parsed) {
        continue;
      }
      if (const auto* photo = std::get_if<mqtt::PhotoTopic>(&parsed->topic)) {
        const bool taken = core::is_recall(alert.state.copy(photo->audience).kind);
        check(photo->alert_id != id || !taken, "a picture of the recalled", id, "is retained");
      }
      const auto* area = std::get_if<mqtt::NoticeTopic>(&parsed->topic);
      const auto* direct = std::get_if<mqtt::DirectTopic>(&parsed->topic);
      const bool same = (area != nullptr && area->alert_id == id) || (direct != nullptr && direct->alert_id == id);
      check(!same || !alert.state.cleared, topic, "still holds what was cleared");
      if (same && parsed->encoding == mqtt::Encoding::protobuf) {
        const CopyPtr copy = read_copy(parsed->topic, id, payload);
        const core::Audience audience = area != nullptr ? area->audience : audience_of(direct->recipient);
        const core::CopyState& in_force = alert.state.copy(audience);
        check(!core::is_recall(in_force.kind) || (copy->notice && copy->notice->version == in_force.version),
              topic, "does not hold the recall");
      }
    }
  }

  core::Audience audience_of(const core::RecipientId& who) const {
    for (const StationPlan& plan : stage_.scenario.stations) {
      if (plan.recipient.id == who) {
        return plan.recipient.audience;
      }
    }
    return core::Audience::police;
  }

  std::map<Whose, std::set<Place>> went_;
  std::map<Whose, Known> known_;
  std::map<Whose, std::map<std::string, core::Version>> rung_;  ///< addresses, and what came there last
  std::map<core::AlertId, ports::Clock::Steady> cleared_at_;
  std::map<std::pair<core::RecipientId, core::AlertId>, core::Version> had_recall_;
};

}  // namespace

std::unique_ptr<Checker> recall(Stage& stage) {
  return std::make_unique<RecallAsStrongAsAlert>(stage);
}

}  // namespace tuanyuan::simulation
