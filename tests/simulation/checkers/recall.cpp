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
    std::map<core::AlertId, std::set<Place>> recalled;
    for (const core::Delivery& row : commit.deliveries) {
      const Place place{row.channel, row.audience, row.target};
      if (core::is_recall(row.kind)) {
        recalled[row.alert_id].insert(place);
      } else {
        went_[row.alert_id].insert(place);
      }
    }
    for (const auto& [id, places] : recalled) {
      check(places == went_[id], "the recall of", id, "goes to", places.size(), "places, the alert went to",
            went_[id].size());
    }
    goes_on(commit);
  }

  void told_committed(const ports::Commit& commit) override {
    for (const core::Entry& entry : commit.entries) {
      if (const AlertTruth* alert = stage_.truth.find(core::AlertId(entry.subject))) {
        // The truth may be ahead; what the daemon was told of is what this commit decided.
        for (const core::Delivery& row : commit.deliveries) {
          know(row.alert_id, row.version);
        }
        static_cast<void>(alert);
      }
    }
  }

  void answered(const Request&, const Reply& reply) override {
    if (reply.alert) {
      know(reply.alert->id, reply.alert->version);
    }
  }

  void started() override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      know(id, alert.state.version);
    }
  }

  void handed(core::ChannelKind, const ports::Dispatch& dispatch) override {
    const auto known = known_.find(dispatch.delivery.alert_id);
    check(known == known_.end() || dispatch.delivery.version >= known->second.version, "revision",
          dispatch.delivery.version.revision, "is sent after",
          known == known_.end() ? 0 : known->second.version.revision, "was decided");
  }

  void sent(const Copy& copy) override {
    const auto known = known_.find(copy.alert_id);
    if (!copy.notice || known == known_.end()) {
      return;
    }
    const bool late = stage_.clock.steady_now() > known->second.since + in_flight_max;
    check(!late || copy.notice->version >= known->second.version, "revision", copy.notice->version.revision,
          "is published long after", known->second.version.revision, "was decided");
  }

  void reached(const StationPlan& plan, const Copy& copy) override {
    if (copy.notice && copy.genuine && core::is_recall(copy.notice->kind)) {
      had_recall_.insert({plan.recipient.id, copy.alert_id});
    }
  }

  void shown(const StationPlan& plan, const core::Notice& notice, bool) override {
    check(!had_recall_.contains({plan.recipient.id, notice.alert_id}), plan.recipient.id,
          "shows what it was told is recalled");
  }

  bool waits() override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (alert.state.recalled() && !still_shown(id).empty()) {
        return true;
      }
    }
    return false;
  }

  void at_rest(Rest& rest) override {
    for (const auto& [id, alert] : stage_.truth.alerts()) {
      if (!alert.state.recalled()) {
        continue;
      }
      for (const std::string& who : still_shown(id)) {
        check(false, who, "still shows", id, "which is recalled");
      }
      nothing_retained(rest, id, alert);
    }
  }

 private:
  using Place = std::tuple<core::ChannelKind, core::Audience, core::Target>;
  struct Known {
    core::Version version;
    ports::Clock::Steady since{};
  };

  void know(const core::AlertId& id, core::Version version) {
    Known& known = known_[id];
    if (known.version < version) {
      known = Known{version, stage_.clock.steady_now()};
    }
  }

  /// Versions only grow, and an end is the end.
  void goes_on(const ports::Commit& commit) {
    for (const core::Entry& entry : commit.entries) {
      const AlertTruth* alert = stage_.truth.find(core::AlertId(entry.subject));
      if (alert == nullptr) {
        continue;
      }
      for (std::size_t index = 1; index < alert->versions.size(); ++index) {
        const AlertTruth::Decided& before = alert->versions[index - 1];
        check(before.version < alert->versions[index].version && !core::is_recall(before.kind), entry.subject,
              "goes on after revision", before.version.revision);
      }
    }
  }

  std::vector<std::string> still_shown(const core::AlertId& id) const {
    std::vector<std::string> all;
    for (const Station* station : stage_.stations) {
      if (station != nullptr && station->connected() && station->shows(id)) {
        all.push_back(station->plan().recipient.id.value);
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
        check(photo->alert_id != id, "a picture of the recalled", id, "is retained");
      }
      const auto* area = std::get_if<mqtt::NoticeTopic>(&parsed->topic);
      const auto* direct = std::get_if<mqtt::DirectTopic>(&parsed->topic);
      const bool same = (area != nullptr && area->alert_id == id) || (direct != nullptr && direct->alert_id == id);
      if (same && parsed->encoding == mqtt::Encoding::protobuf) {
        const CopyPtr copy = read_copy(parsed->topic, id, payload);
        check(copy->notice && copy->notice->version == alert.state.version, topic, "does not hold the recall");
      }
    }
  }

  std::map<core::AlertId, std::set<Place>> went_;
  std::map<core::AlertId, Known> known_;
  std::set<std::pair<core::RecipientId, core::AlertId>> had_recall_;
};

}  // namespace

std::unique_ptr<Checker> recall(Stage& stage) {
  return std::make_unique<RecallAsStrongAsAlert>(stage);
}

}  // namespace tuanyuan::simulation
