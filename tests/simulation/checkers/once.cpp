#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// How long what was planned before an answer came may still be on its way: the ledger may be slow twice.
constexpr Span in_flight_max = std::chrono::seconds(60);

/// Promise 2: repeats change nothing. One key, one effect, one answer; one version, one content; a station rings
/// for content that was decided, and once for a revision; an acknowledgement stands once.
class ExactlyOnceInEffect final : public Checker {
 public:
  explicit ExactlyOnceInEffect(Stage& stage) : Checker("2_once", stage) {}

  void answered(const Request& request, const Reply& reply) override {
    if (!reply.done() || request.key.empty()) {
      return;
    }
    std::string effect;
    if (reply.report) {
      effect = reply.report->id.value;
    } else if (reply.alert) {
      effect = reply.alert->id.value + "/" + std::to_string(reply.alert->version.revision);
    } else {
      return;
    }
    const auto [place, first] = effects_.emplace(request.key, effect);
    check(place->second == effect, request.key, "was answered", place->second, "and then", effect);
    // The others make no revision of their own that the police would have.
    const bool revises = request.verb == Verb::submit || request.verb == Verb::release ||
                         request.verb == Verb::update || request.verb == Verb::close ||
                         request.verb == Verb::retract;
    if (first && revises) {
      check(keys_.emplace(effect, request.key).second, request.key, "and another key had the same effect", effect);
    }
  }

  void committed(const ports::Commit& commit) override {
    for (const core::Delivery& row : commit.deliveries) {
      if (row.channel == core::ChannelKind::webhook && row.concerns.empty()) {
        rings_for_something(row);
        to_gateway_[place_of(row)] = row;
      }
    }
    for (const ports::AnswerRow& answer : commit.answers) {
      if (answer.kind != core::AnswerKind::removed) {  // which who was told to take it down says too, unheard
        heard_at_.try_emplace({answer.alert_id, answer.revision, answer.ordinal}, stage_.clock.steady_now());
      }
    }
    for (const core::Entry& entry : commit.entries) {
      if (const auto* submitted = std::get_if<core::ReportSubmitted>(&entry.body)) {
        const std::string& key = commit.idempotency ? commit.idempotency->key : submitted->report_id.value;
        check(submitted_.insert(key).second, key, "made two reports");
      }
    }
  }

  void reached(const StationPlan&, const Copy& copy) override {
    if (!copy.notice || !copy.bytes) {
      return;
    }
    const Identity identity{copy.alert_id, copy.notice->audience, copy.notice->version};
    const auto [place, first] = bytes_.emplace(identity, copy.bytes);
    check(*place->second == *copy.bytes, copy.alert_id, copy.notice->version.revision, "has two contents");
    static_cast<void>(first);
  }

  void shown(const StationPlan& plan, const core::Notice& notice, bool rings) override {
    if (!rings) {
      return;
    }
    const std::uint32_t revision = notice.version.revision;
    check(rung_.insert({plan.recipient.id, notice.alert_id, revision}).second, plan.recipient.id, "rang twice for",
          revision);
    const AlertTruth* alert = stage_.truth.find(notice.alert_id);
    const AlertTruth::Decided* decided = alert == nullptr ? nullptr : alert->find(notice.audience, notice.version);
    check(decided != nullptr && !core::is_recall(decided->kind), plan.recipient.id, "rang for", revision,
          "which brought nothing new");
  }

  void gateway_took(const core::Delivery& row, const core::Endpoint&) override {
    core::Version& highest = taken_[place_of(row)];
    highest = std::max(highest, row.version);
  }

  bool waits() override {
    return std::any_of(to_gateway_.begin(), to_gateway_.end(), [this](const auto& due) { return !got(due); });
  }

  void at_rest(Rest&) override {
    for (const auto& due : to_gateway_) {
      check(got(due), "revision", due.second.version.revision, due.second.version.step, "of", due.second.alert_id,
            "never got to the gateway for", std::get<core::RecipientId>(due.second.target));
    }
    std::set<std::tuple<core::AlertId, std::uint32_t, core::Ordinal, core::AnswerKind>> answers;
    for (const ports::AnswerRecord& row : stage_.truth.store().answers()) {
      check(answers.emplace(row.alert_id, row.revision, row.ordinal, row.kind).second, "the ledger holds",
            row.ordinal, core::to_string(row.kind), row.revision, "twice");
    }
    check(stage_.truth.count("report.submitted") <= submitted_.size(), "more reports than were asked for");
  }

 private:
  /// A gateway rings for whatever it is given: not for a step of what was heard, unless it was taken down
  /// meanwhile.
  void rings_for_something(const core::Delivery& row) {
    const auto& who = std::get<core::RecipientId>(row.target);
    const Place place = place_of(row);
    if (row.parcel != core::Parcel::notice) {
      taken_down_.insert(place);
      return;
    }
    const bool again = taken_down_.erase(place) != 0;
    const auto before = to_gateway_.find(place);
    const bool had = before != to_gateway_.end() && before->second.version.revision == row.version.revision;
    const auto heard_at = heard_at_.find({row.alert_id, row.version.revision, stage_.truth.ordinal(who)});
    const bool heard = heard_at != heard_at_.end() && stage_.clock.steady_now() > heard_at->second + in_flight_max;
    const bool moved = has_moved(who);
    const bool at_the_edge = row.audience == core::Audience::public_;  // whose circle is rounded
    check(again || moved || at_the_edge || !had || !heard, who, "has heard revision", row.version.revision,
          "and is rung by its gateway for a step");
  }

  /// It, or somebody whom it answers for and has the alert by: who is within is judged by where they are now.
  bool has_moved(const core::RecipientId& who) const {
    const std::vector<StationPlan>& all = stage_.scenario.stations;
    return std::any_of(all.begin(), all.end(), [&](const StationPlan& plan) {
      const bool concerns = plan.recipient.id == who || plan.recipient.unit == who;
      return concerns && plan.changed_at >= Span(0);
    });
  }

  using Identity = std::tuple<core::AlertId, core::Audience, core::Version>;
  using Place = std::tuple<core::AlertId, core::Target, std::uint64_t>;  ///< and which of its endpoints
  static Place place_of(const core::Delivery& row) { return {row.alert_id, row.target, row.endpoint}; }

  bool got(const std::pair<const Place, core::Delivery>& due) {
    const core::Delivery& row = due.second;
    const core::Ordinal who = stage_.truth.ordinal(std::get<core::RecipientId>(row.target));
    const bool said_so =  // by telephone, maybe: then a step is not for it any more
        stage_.truth.has_answer(row.alert_id, row.version.revision, who, core::AnswerKind::received);
    return stage_.scenario.gateway_stays_ill || said_so || taken_[due.first] >= row.version ||
           core::is_expired(row, stage_.clock.wall_now()) || taken_out(row, who);
  }

  /// Nobody is told of an alert at an address that is not in the directory any more.
  bool taken_out(const core::Delivery& row, core::Ordinal who) const {
    const std::vector<core::Endpoint>& now = stage_.truth.store().directory()[who - 1].recipient.endpoints;
    const bool there = std::any_of(now.begin(), now.end(), [&row](const core::Endpoint& endpoint) {
      return core::endpoint_key(endpoint) == row.endpoint;
    });
    return !there && row.kind == core::NoticeKind::alert && row.parcel == core::Parcel::notice;
  }

  std::map<Place, core::Delivery> to_gateway_;  ///< what was committed last
  std::map<std::tuple<core::AlertId, std::uint32_t, core::Ordinal>, ports::Clock::Steady> heard_at_;
  std::set<Place> taken_down_;            ///< by the last row for a gateway
  std::map<Place, core::Version> taken_;  ///< what it has, be the outcome known or not
  std::set<std::string> submitted_;
  std::map<std::string, std::string> effects_;
  std::map<std::string, std::string> keys_;
  std::map<Identity, std::shared_ptr<const std::string>> bytes_;
  std::set<std::tuple<core::RecipientId, core::AlertId, std::uint32_t>> rung_;
};

}  // namespace

std::unique_ptr<Checker> once(Stage& stage) {
  return std::make_unique<ExactlyOnceInEffect>(stage);
}

}  // namespace tuanyuan::simulation
