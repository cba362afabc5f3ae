#include "simulation/people/station.hpp"

#include <algorithm>
#include <cmath>

#include "adapters/wire/answer_codec.hpp"
#include "core/backoff.hpp"

namespace tuanyuan::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

bool targets(const core::Notice& notice, const core::Recipient& who) {
  if (notice.audience != who.audience || !notice.circle) {
    return false;
  }
  if (who.coverage.empty()) {
    return who.position && core::covers(*notice.circle, core::to_wgs84(*who.position, who.crs));
  }
  return std::any_of(notice.divisions.begin(), notice.divisions.end(), [&who](core::Division division) {
    return std::any_of(who.coverage.begin(), who.coverage.end(),
                       [division](const core::DivisionPrefix& prefix) { return prefix.contains(division); });
  });
}

bool at_the_edge(const core::Notice& notice, const core::Recipient& who) {
  if (!notice.circle || !who.position || notice.audience != core::Audience::public_) {
    return false;
  }
  constexpr double rounded_km = 2;
  const double distance = core::distance_km(notice.circle->centre, core::to_wgs84(*who.position, who.crs));
  return std::abs(distance - notice.circle->radius_km) < rounded_km;
}

Station::Station(Stage& stage, Broker& broker, const StationPlan& plan)
    : stage_(stage), broker_(broker), plan_(plan), random_(stage.random.fork("station")) {
  Random like_it = random_;  // so that what it draws beside does not shift the rest
  seen_random_ = like_it.fork("seen");
  if (plan.enrolled) {
    set_up_ = plan.recipient;
    for (const std::size_t index : plan.members) {
      set_up_for_.push_back(stage.scenario.stations[index].recipient);
    }
  }
}

// The connection -------------------------------------------------------------------------------------------------

void Station::start() {
  started_ = true;
  if (!plan_.connects()) {
    return;
  }
  stage_.clock.after(random_.between(Span(10), seconds(5)), [this] { try_to_connect(); });
}

void Station::try_to_connect() {
  trying_ = false;
  if (connected_) {
    return;
  }
  ++session_;
  connected_ = broker_.connect(*this);
  connected_at_ = stage_.clock.steady_now();
  stage_.trace("station", plan_.recipient.id.value, connected_ ? "connected" : "not connected");
  if (!connected_) {
    lost();
  } else if (plan_.temper == Temper::flapping && !healed_) {
    stage_.clock.after(random_.between(seconds(20), minutes(6)), [this, session = session_] {
      if (session == session_ && !healed_) {
        stage_.faults.count(Fault::station_cut_off);
        broker_.cut_off(*this, random_.between(seconds(1), minutes(3)));
      }
    });
  }
}

void Station::lost(Span at_least) {
  connected_ = false;
  ++session_;
  if (!trying_) {
    trying_ = true;
    const Span most = healed_ ? seconds(2) : seconds(30);
    stage_.clock.after(at_least + random_.between(seconds(1), most), [this] { try_to_connect(); });
  }
}

void Station::heal() {
  healed_ = true;
  if (plan_.connects() && !connected_) {
    stage_.clock.after(random_.between(seconds(1), seconds(3)), [this] { try_to_connect(); });
  }
}

ports::Clock::Steady Station::in_order(const core::AlertId& alert, Span hop) {
  ports::Clock::Steady& last = arrived_[alert];
  last = std::max(last, stage_.clock.steady_now() + hop);
  return last;
}

void Station::reconfigure() {
  std::vector<core::Recipient> members;
  for (const std::size_t index : plan_.members) {
    members.push_back(stage_.scenario.stations[index].recipient);
  }
  if (set_up_ == plan_.recipient && set_up_for_ == members) {
    return;
  }
  if (!std::exchange(started_, true)) {
    start();  // it stands there, be it in the directory yet or not
  }
  if (!plan_.enrolled && set_up_.id.empty()) {
    return;
  }
  const bool fresh = set_up_.id.empty();
  const bool elsewhere = set_up_.division != plan_.recipient.division;
  set_up_ = plan_.recipient;
  set_up_for_ = std::move(members);
  for (auto& [id, known] : alerts_) {
    if (fresh) {
      known.said.clear();  // what it said before was said by nobody
    }
    look_again(id, known);
  }
  if (elsewhere && connected_) {
    broker_.cut_off(*this, Span(0));  // to hear the topics that are now its own
  }
}

/// Who is no longer a member is somebody else's to answer for; who has become one is shown what is shown.
void Station::look_again(const core::AlertId& id, Known& known) {
  const auto mine = [this](const core::RecipientId& who) {
    return who == plan_.recipient.id || std::any_of(set_up_for_.begin(), set_up_for_.end(),
                                                    [&](const auto& member) { return member.id == who; });
  };
  std::erase_if(owed_,
                [&](const auto& owed) { return std::get<0>(owed.first) == id && !mine(std::get<2>(owed.first)); });
  std::erase_if(known.concerned, [&](const auto& who) { return !mine(who); });
  std::erase_if(known.ever, [&](const auto& who) { return !mine(who); });
  if (!known.showing) {
    return;
  }
  const std::shared_ptr<const core::Notice> notice = known.showing;
  const std::uint32_t revision = notice->version.revision;
  const std::set<core::RecipientId> concerned = concerned_by(*notice, known.shown_by);
  if (concerned.empty()) {
    return take_down(id, known, revision);
  }
  for (const core::RecipientId& who : known.concerned) {
    if (!concerned.contains(who)) {
      known.said.erase({revision, who});
      owe({id, revision, who, core::AnswerKind::removed}, Span(0));
    }
  }
  known.concerned = concerned;
  known.ever.insert(concerned.begin(), concerned.end());
  show(id, known, notice);
}

// Notices --------------------------------------------------------------------------------------------------------

void Station::hear(const Copy& copy) {
  stage_.jury.tell(&Checker::reached, plan_, copy);
  const Path path = std::holds_alternative<mqtt::DirectTopic>(copy.topic) ? Path::direct : Path::area;
  const bool was_known = alerts_.contains(copy.alert_id);
  Known& known = alerts_[copy.alert_id];
  if (!copy.bytes) {
    if (known.showing) {
      take_down(copy.alert_id, known, known.seen ? known.seen->revision : known.showing->version.revision);
      std::fill(std::begin(known.on_path), std::end(known.on_path),
                std::nullopt);  // filled again, it is shown again
    }
    return;
  }
  if (!copy.notice || !copy.genuine) {
    return;
  }
  const core::Notice& notice = *copy.notice;
  auto& on_path = known.on_path[static_cast<std::size_t>(path)];
  if ((known.seen && notice.version < *known.seen) || (on_path && notice.version <= *on_path)) {
    return;
  }
  on_path = notice.version;
  known.seen = notice.version;
  stage_.trace("station", plan_.recipient.id.value, "hears", notice.version.revision, notice.version.step,
               copy.alert_id.value);
  if (core::is_recall(notice.kind)) {
    recall(copy.alert_id, known, was_known, notice);
  } else {
    apply(copy.alert_id, known, copy, path);
  }
}

/// Whom of those it answers for it is for. On a topic of its own the targeting is done: it is for its members,
/// or, where it is for none of them, for itself.
std::set<core::RecipientId> Station::concerned_by(const core::Notice& notice, Path path) const {
  std::set<core::RecipientId> all;
  for (const std::size_t index : plan_.members) {
    const core::Recipient& member = stage_.scenario.stations[index].recipient;
    if (targets(notice, member)) {
      all.insert(member.id);
    }
  }
  const bool itself = targets(notice, plan_.recipient) ||
                      (path == Path::direct && all.empty() && notice.audience == plan_.recipient.audience);
  if (itself) {
    all.insert(plan_.recipient.id);
  }
  return all;
}

void Station::apply(const core::AlertId& id, Known& known, const Copy& copy, Path path) {
  const core::Notice& notice = *copy.notice;
  const std::set<core::RecipientId> concerned = concerned_by(notice, path);
  const bool expired = notice.expires_at <= own_time();
  if (concerned.empty() || expired) {
    if (known.showing && known.showing->version < notice.version) {
      take_down(id, known, notice.version.revision);
    }
    return;
  }
  for (const core::RecipientId& who : known.concerned) {
    if (!concerned.contains(who)) {
      known.said.erase({notice.version.revision, who});
      owe({id, notice.version.revision, who, core::AnswerKind::removed}, Span(0));
    }
  }
  known.concerned = concerned;
  known.ever.insert(concerned.begin(), concerned.end());
  known.shown_by = path;
  show(id, known, copy.notice);
}

void Station::show(const core::AlertId& id, Known& known, const std::shared_ptr<const core::Notice>& notice) {
  const std::uint32_t revision = notice->version.revision;
  const bool rings = known.rung.insert(revision).second;
  known.showing = notice;
  if (rings && seen_ < plan_.sights) {
    see(id);
  }
  stage_.jury.tell(&Checker::shown, plan_, *notice, rings);
  std::set<core::RecipientId> unsaid;  // who comes back, or joins, answers, though nothing rings
  for (const core::RecipientId& who : known.concerned) {
    if (known.said.insert({revision, who}).second) {
      unsaid.insert(who);
    }
  }
  stage_.trace("station", plan_.recipient.id.value, "shows", revision, known.concerned.size(), unsaid.size(),
               id.value);
  if (!rings && unsaid.empty()) {
    return;
  }
  const bool slow = plan_.temper == Temper::slow;
  const Span pause = slow ? random_.between(seconds(20), minutes(5)) : random_.between(Span(50), seconds(3));
  const bool confirms = random_.chance(0.5);
  for (const core::RecipientId& who : unsaid) {
    owe({id, revision, who, core::AnswerKind::received}, pause);
    owe({id, revision, who, core::AnswerKind::displayed}, pause + seconds(1));
    if (plan_.unable != core::UnableReason::none) {
      owe({id, revision, who, core::AnswerKind::unable}, pause + seconds(5));  // and some confirm after all
    }
    if (confirms) {
      owe({id, revision, who, core::AnswerKind::confirmed}, pause + seconds(30));
    }
  }
  const auto left = notice->expires_at - own_time();
  stage_.clock.after(std::chrono::duration_cast<Span>(left), [this, id, version = notice->version] {
    Known& then = alerts_[id];
    if (then.showing && then.showing->version <= version) {
      take_down(id, then, then.showing->version.revision);
    }
  });
}

void Station::recall(const core::AlertId& id, Known& known, bool was_known, const core::Notice& notice) {
  std::set<core::RecipientId> owing = known.ever;
  owing.insert(plan_.recipient.id);
  if (!was_known) {
    for (const std::size_t index : plan_.members) {
      owing.insert(stage_.scenario.stations[index].recipient.id);
    }
  }
  forget_unsent(id);
  if (known.showing) {
    known.showing.reset();
    stage_.jury.tell(&Checker::taken_down, plan_, id);
  }
  known.concerned.clear();
  for (const core::RecipientId& who : owing) {
    owe({id, notice.version.revision, who, core::AnswerKind::removed}, random_.between(Span(50), seconds(3)));
  }
}

void Station::take_down(const core::AlertId& id, Known& known, std::uint32_t revision) {
  stage_.trace("station", plan_.recipient.id.value, "takes down", revision, id.value);
  forget_unsent(id);
  known.showing.reset();
  stage_.jury.tell(&Checker::taken_down, plan_, id);
  for (const core::RecipientId& who : known.concerned) {
    known.said.erase({revision, who});
    owe({id, revision, who, core::AnswerKind::removed}, Span(0));
  }
  known.concerned.clear();
}

// Answers --------------------------------------------------------------------------------------------------------

void Station::owe(Answer answer, Span after) {
  if (!plan_.answers()) {
    return;
  }
  const std::uint64_t saying = ++sayings_;
  owed_[answer] = saying;
  stage_.clock.after(after, [this, answer = std::move(answer), saying] {
    const auto found = owed_.find(answer);
    if (found != owed_.end() && found->second == saying) {
      say(answer, 1);
    }
  });
}

void Station::say(const Answer& answer, std::uint32_t attempts) {
  const auto& [alert, revision, who, kind] = answer;
  if (connected_) {
    core::Acknowledgement said;
    said.alert_id = alert;
    said.revision = revision;
    said.recipient_id = who;
    said.kind = kind;
    said.reason = kind == core::AnswerKind::unable ? plan_.unable : core::UnableReason::none;
    said.at = own_time();
    auto payload = std::make_shared<const std::string>(wire::to_proto(said).SerializeAsString());
    broker_.send(*this, stage_.topics.of(mqtt::AcknowledgementTopic{plan_.recipient.id}), std::move(payload));
  }
  const Span pause = core::backoff_delay(core::answer_repeat_backoff, attempts, random_.next());
  const std::uint64_t saying = ++sayings_;
  owed_[answer] = saying;
  stage_.clock.after(pause, [this, answer, saying, attempts] {
    const auto found = owed_.find(answer);
    if (found != owed_.end() && found->second == saying) {
      say(answer, attempts + 1);
    }
  });
}

/// Somebody there sees the child, and says so until it is known that it was heard.
void Station::see(const core::AlertId& id) {
  core::Sighting sighting;
  std::string digits = std::to_string(++seen_) + plan_.recipient.id.value.substr(1);
  digits.insert(0, 12 - digits.size(), '0');
  sighting.sighting_id = core::SightingId("5eea0000-0000-4000-8000-" + digits);
  sighting.alert_id = id;
  sighting.recipient_id = plan_.recipient.id;
  sighting.seen_at = stage_.clock.true_now() - seconds(5);
  const CasePlan* plan = stage_.plan_of(id);
  sighting.description = "看到" + (plan == nullptr ? std::string("孩子") : plan->marker);
  sightings_.emplace(sighting.sighting_id, sighting);
  stage_.clock.after(seconds(7), [this, which = sighting.sighting_id] { report(which, 1); });
}

void Station::report(const core::SightingId& id, std::uint32_t attempts) {
  const auto found = sightings_.find(id);
  if (found == sightings_.end()) {
    return;
  }
  if (connected_) {
    auto payload = std::make_shared<const std::string>(wire::to_proto(found->second).SerializeAsString());
    broker_.send(*this, stage_.topics.of(mqtt::SightingTopic{plan_.recipient.id}), std::move(payload));
  }
  const Span pause = core::backoff_delay(core::answer_repeat_backoff, attempts, seen_random_.next());
  stage_.clock.after(pause, [this, id, attempts] { report(id, attempts + 1); });
}

void Station::hear(const core::Receipt& receipt) {
  if (!receipt.kind) {
    stage_.trace("station", plan_.recipient.id.value, "receipt of a sighting", core::to_string(receipt.result));
    stage_.jury.tell(&Checker::receipted, plan_, receipt);
    sightings_.erase(receipt.sighting_id);
    return;
  }
  stage_.trace("station", plan_.recipient.id.value, "receipt", receipt.revision, core::to_string(*receipt.kind),
               core::to_string(receipt.result), receipt.recipient_id.value, receipt.alert_id.value);
  stage_.jury.tell(&Checker::receipted, plan_, receipt);
  owed_.erase({receipt.alert_id, receipt.revision, receipt.recipient_id, *receipt.kind});
}

/// What was to be said of a display that is over.
void Station::forget_unsent(const core::AlertId& id) {
  std::erase_if(owed_, [&id](const auto& owed) {
    return std::get<0>(owed.first) == id && std::get<3>(owed.first) != core::AnswerKind::removed;
  });
}

std::optional<core::Version> Station::shows(const core::AlertId& alert) const {
  const auto found = alerts_.find(alert);
  const bool shown = found != alerts_.end() && found->second.showing;
  return shown ? std::optional(found->second.showing->version) : std::nullopt;
}

std::optional<core::Version> Station::seen(const core::AlertId& alert) const {
  const auto found = alerts_.find(alert);
  return found == alerts_.end() ? std::nullopt : found->second.seen;
}

bool Station::shows_for(const core::AlertId& alert, const core::RecipientId& who) const {
  const auto found = alerts_.find(alert);
  return found != alerts_.end() && found->second.showing && found->second.concerned.contains(who);
}

bool Station::ever_showed_for(const core::AlertId& alert, const core::RecipientId& who) const {
  const auto found = alerts_.find(alert);
  return found != alerts_.end() && found->second.ever.contains(who);
}

}  // namespace tuanyuan::simulation
