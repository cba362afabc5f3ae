#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 7: what the child's fields hold is nowhere in the clear but in the notices of those who may have it,
/// and in no recall.
class DataIsBorrowed final : public Checker {
 public:
  explicit DataIsBorrowed(Stage& stage) : Checker("7_borrowed", stage) {}

  void logged(std::string_view event, ports::Log::Fields fields) override {
    clean(event, "a log event");
    for (const auto& [name, value] : fields) {
      clean(value, event);
    }
  }

  void measured(std::string_view metric, ports::Metrics::Labels labels) override {
    for (const auto& [label, value] : labels) {
      clean(value, metric);
      check(label != "alert" && label != "recipient" && label != "division", metric, "has the label", label);
    }
  }

  void committed(const ports::Commit& commit) override {
    for (const core::Entry& entry : commit.entries) {
      for (const auto& [name, value] : core::to_detail(entry.body)) {
        clean(value, core::type_name(entry.body));
      }
    }
    for (const ports::SealedDocument& document : commit.documents) {
      clean(document.sealed, document.name);
    }
    for (const ports::AnswerRow& answer : commit.answers) {
      clean(answer.sealed_note, "a note");
    }
    for (const ports::SightingRow& sighting : commit.sightings) {
      clean(sighting.sealed, "a sighting");
    }
    if (commit.idempotency) {
      clean(commit.idempotency->answer, "an idempotency record");
    }
  }

  void retained(const std::string& topic, const std::shared_ptr<const std::string>& payload,
                const CopyPtr& copy) override {
    clean(topic, "a topic");
    if (!payload) {
      return;
    }
    const auto parsed = stage_.topics.parse(topic);
    if (const auto* area = parsed ? std::get_if<mqtt::NoticeTopic>(&parsed->topic) : nullptr) {
      check(area->audience == core::Audience::police || !holds(*payload, police_only_marker), topic,
            "tells what is for the police");
      check(area->audience != core::Audience::public_ || !holds_plate(*payload), topic,
            "tells the public the plate");
    }
    if (const auto* direct = parsed ? std::get_if<mqtt::DirectTopic>(&parsed->topic) : nullptr) {
      check(is_police(direct->recipient) || !holds(*payload, police_only_marker), topic,
            "tells what is for the police");
    }
    if (copy && copy->notice && core::is_recall(copy->notice->kind)) {
      clean(*payload, "a recall");
    }
  }

  void at_rest(Rest& rest) override {
    for (const auto& [topic, payload] : *rest.retained) {
      for (const auto& [id, alert] : stage_.truth.alerts()) {
        if (holds(topic, id.value) && core::is_recall(alert.state.copy(audience_at(topic)).kind)) {
          clean(*payload, topic);
        }
      }
    }
  }

 private:
  static bool holds(std::string_view text, std::string_view what) {
    return text.find(what) != std::string_view::npos;
  }

  core::Audience audience_of(const core::RecipientId& who) const {
    for (const StationPlan& plan : stage_.scenario.stations) {
      if (plan.recipient.id == who) {
        return plan.recipient.audience;
      }
    }
    return core::Audience::public_;
  }
  bool is_police(const core::RecipientId& who) const { return audience_of(who) == core::Audience::police; }

  /// Whose copy stands there.
  core::Audience audience_at(const std::string& topic) const {
    const auto parsed = stage_.topics.parse(topic);
    if (const auto* area = parsed ? std::get_if<mqtt::NoticeTopic>(&parsed->topic) : nullptr) {
      return area->audience;
    }
    if (const auto* photo = parsed ? std::get_if<mqtt::PhotoTopic>(&parsed->topic) : nullptr) {
      return photo->audience;
    }
    const auto* direct = parsed ? std::get_if<mqtt::DirectTopic>(&parsed->topic) : nullptr;
    return direct == nullptr ? core::Audience::police : audience_of(direct->recipient);
  }

  bool holds_plate(std::string_view text) const {
    for (const CasePlan& plan : stage_.scenario.cases) {
      if (holds(text, plan.report.suspect.plate)) {
        return true;
      }
    }
    return false;
  }

  void clean(std::string_view text, std::string_view where) {
    check(!holds(text, police_only_marker), where, "holds what is for the police");
    for (const CasePlan& plan : stage_.scenario.cases) {
      check(!holds(text, plan.marker), where, "holds the child's data");
    }
  }
};

}  // namespace

std::unique_ptr<Checker> borrowed(Stage& stage) {
  return std::make_unique<DataIsBorrowed>(stage);
}

}  // namespace tuanyuan::simulation
