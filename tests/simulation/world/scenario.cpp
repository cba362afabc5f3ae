#include "simulation/world/scenario.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/opening_hours.hpp"

namespace tuanyuan::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr core::Position middle{41.80, 123.43};
constexpr double km_per_degree = 111.2;
constexpr std::array<std::uint32_t, 5> counties{210102, 210103, 210104, 210502, 220102};

/// Well within one of the rings, never on its edge: who is expected must not hang on the last bit.
core::Position place(Random& random) {
  static constexpr std::array<std::pair<int, int>, 7> rings{
      {{0, 90}, {0, 90}, {0, 90}, {110, 190}, {210, 290}, {310, 480}, {510, 600}}};
  const auto [from, to] = rings[random.below(rings.size())];
  const double distance = random.between(from, to);
  const double angle = random.unit() * 6.283185307179586;
  core::Position position = middle;
  position.latitude += distance * std::cos(angle) / km_per_degree;
  position.longitude += distance * std::sin(angle) / (km_per_degree * std::cos(middle.latitude * 0.0174532925));
  return position;
}

core::Audience audience(Random& random) {
  const auto drawn = random.below(10);
  return drawn < 2 ? core::Audience::police : drawn < 8 ? core::Audience::partner : core::Audience::public_;
}

Temper temper(Random& random) {
  const auto drawn = random.below(20);
  return drawn < 12   ? Temper::prompt
         : drawn < 15 ? Temper::slow
         : drawn < 17 ? Temper::flapping
         : drawn < 19 ? Temper::silent
                      : Temper::absent;
}

StationPlan station(Random& random, std::size_t number) {
  StationPlan plan;
  core::Recipient& recipient = plan.recipient;
  recipient.id = core::RecipientId("r" + std::to_string(number));
  recipient.name = "站" + std::to_string(number);
  recipient.category = static_cast<core::Category>(random.below(core::category_count));
  recipient.audience = audience(random);
  recipient.division = core::Division{counties[random.below(counties.size())]};
  recipient.liaison = {"值班室", "024-0000" + std::to_string(1000 + number)};
  if (random.chance(0.12)) {
    static const std::array<const char*, 4> prefixes{"21", "2101", "22", ""};
    recipient.coverage = {core::DivisionPrefix{prefixes[random.below(prefixes.size())]}};
  } else {
    recipient.position = place(random);
    recipient.delivery = random.chance(0.15) ? core::DeliveryMode::direct : core::DeliveryMode::area;
  }
  plan.temper = temper(random);
  if (random.chance(0.1)) {
    const int hours = random.between(-48, 12);
    plan.clock_error = std::chrono::hours(hours);
  }
  return plan;
}

/// Some recipients have no connection of their own: another one answers for them.
void join_hubs(Random& random, std::vector<StationPlan>& stations) {
  for (std::size_t index = 1; index < stations.size(); ++index) {
    const std::size_t hub = random.below(index);
    StationPlan& plan = stations[index];
    if (random.chance(0.1) && stations[hub].recipient.via.empty() && plan.members.empty()) {
      plan.recipient.via = stations[hub].recipient.id;
      plan.recipient.audience = stations[hub].recipient.audience;
      plan.recipient.delivery = core::DeliveryMode::area;
      stations[hub].members.push_back(index);
    }
  }
}

/// Some are there by day only, some close or open while the world goes on. It begins on a Wednesday at 19:06 in
/// Beijing.
void give_hours(Random random, core::Recipient& recipient) {
  static constexpr std::array<const char*, 5> hours{"Mo-Fr 08:00-17:30", "Mo-Su 08:00-19:12", "19:11-23:00",
                                                    "Mo-Fr 06:00-19:20", "19:00-19:09,19:14-24:00"};
  if (random.chance(0.2)) {
    recipient.hours = hours[random.below(hours.size())];
  }
}

/// Some are answered for by another one, if they keep silent: by whom the chase's second step goes to.
void find_units(Random random, std::vector<StationPlan>& stations) {
  for (std::size_t index = 0; index < stations.size(); ++index) {
    const std::size_t unit = random.below(stations.size());
    if (random.chance(0.3) && unit != index) {
      stations[index].recipient.unit = stations[unit].recipient.id;
    }
  }
}

/// Mostly so that a ring falls due before all is over.
Span last_seen_before(Random& random, Span trouble) {
  if (random.chance(0.2)) {
    return minutes(random.between(5, 200));
  }
  const Span edge = minutes(60) * random.between(1, 3);
  return edge - random.between(Span(0), std::min<Span>(trouble, minutes(55)));
}

core::Report report(Random& random, const std::string& marker, std::size_t number) {
  core::Report made;
  const std::string police_only = police_only_marker + std::to_string(number);
  made.incident_number = "J" + police_only;
  made.lead_officer = police_only;
  made.reporting_unit = "210102120000";
  made.exercise = random.chance(0.4);
  made.child.name = marker;
  made.child.sex = core::Sex::female;
  made.child.age_years = 8;
  made.child.clothing = "黄色雨衣" + marker;
  made.circumstances = "独自离开" + marker;
  made.suspect = {"灰色帽子" + marker, "白色面包车", "辽A" + marker};
  made.contact = {"值班室", "024-22720110"};
  made.last_seen.division = core::Division{counties[random.below(3)]};
  if (random.chance(0.8)) {
    made.last_seen.position = middle;
    made.last_seen.crs = core::Crs::wgs84;
  }
  if (random.chance(0.6)) {
    made.photo = {"image/jpeg", "photo of " + marker};
  }
  return made;
}

/// What the officers do with an alert that is out, beside its updates.
void plan_deeds(Random random, CasePlan& plan) {
  static constexpr std::array<double, 5> radii{40, 100, 200, 300, 500};
  plan.radius_km = radii[random.below(radii.size())];
  plan.suspended = core::AudienceSet{core::Audience::partner};
  if (!plan.report.exercise && random.chance(0.5)) {
    plan.suspended.insert(core::Audience::public_);
  }
  for (const Verb verb : {Verb::hold, Verb::advance, Verb::draw, Verb::advance}) {
    if (random.chance(0.15)) {
      plan.deeds.push_back(verb);
    }
  }
  if (random.chance(0.3)) {
    const auto at = static_cast<std::ptrdiff_t>(random.below(plan.deeds.size() + 1));
    plan.deeds.insert(plan.deeds.begin() + at, Verb::suspend);
    if (random.chance(0.7)) {
      const auto left = plan.deeds.size() - static_cast<std::size_t>(at);
      plan.deeds.insert(plan.deeds.begin() + at + 1 + static_cast<std::ptrdiff_t>(random.below(left)),
                        Verb::resume);
    }
  }
}

CasePlan case_plan(Random& random, std::size_t number, Span trouble) {
  CasePlan plan;
  plan.marker = "MK" + std::to_string(random.below(90'000) + 10'000) + "N" + std::to_string(number);
  plan.report = report(random, plan.marker, number);
  plan.last_seen_before = last_seen_before(random, trouble);
  plan.begins = random.between(seconds(5), trouble / 3);  // and all is done by about the end of the trouble
  const bool fast = random.chance(0.4);
  plan.between_steps = fast ? random.between(Span(100), seconds(10)) : random.between(seconds(10), trouble / 8);
  plan.double_clicks = random.chance(0.3);
  plan.two_at_once = random.chance(0.2);
  plan.rejected = random.chance(0.15);
  plan.previewed = random.chance(0.3);
  plan.updates = random.chance(0.5) ? random.between(1, 3) : 0;
  plan_deeds(random.fork("deeds"), plan);
  plan.moves = random.chance(0.2);
  plan.closed = random.chance(0.6);
  plan.retracted = !plan.closed && random.chance(0.3);
  plan.telephones = random.chance(0.3);
  return plan;
}

/// Long enough for a ring to fall due meanwhile, or two, or a day.
std::optional<Stop> long_stop(Random random, Span trouble) {
  if (!random.chance(0.15)) {
    return std::nullopt;
  }
  Stop stop;
  stop.after = random.between(trouble / 8, trouble);
  const auto drawn = random.below(10);
  stop.lasts = drawn < 3   ? random.between(minutes(5), minutes(55))
               : drawn < 8 ? random.between(minutes(60), minutes(5 * 60))
                           : random.between(minutes(5 * 60), minutes(30 * 60));
  stop.in_order = random.chance(0.4);
  stop.frozen = random.chance(0.3);
  return stop;
}

/// The directory is changed while alerts are out. What each recipient has become by then is kept in `now`.
class Reshuffle {
 public:
  Reshuffle(Random random, std::vector<StationPlan>& stations) : random_(random), stations_(stations) {
    for (const StationPlan& plan : stations) {
      now_.push_back(plan.recipient);
    }
  }

  std::vector<Change> changes(Span trouble) {
    std::vector<Change> all;
    if (!random_.chance(0.3)) {
      return all;
    }
    const int number = random_.between(1, 6);
    for (int count = 0; count < number; ++count) {
      Change change = draw();
      change.after = random_.between(seconds(1), trouble / number);
      all.push_back(std::move(change));
    }
    return all;
  }

 private:
  Change draw() {
    Change change;
    const auto drawn = random_.below(12);
    if (drawn < 2) {
      change.becomes = joiner();
      return change;
    }
    const std::size_t who = random_.below(now_.size());
    core::Recipient& recipient = now_[who];
    if (drawn < 4 && !is_hub(recipient.id) && !gone_[who]) {
      gone_[who] = true;
      change.leaves = true;
    } else if (drawn < 6) {
      recipient.hours = random_.chance(0.3) ? std::string() : std::string("19:0") + digit() + "-23:00";
    } else if (drawn < 7) {
      const std::size_t unit = random_.below(now_.size());
      recipient.unit = unit == who || gone_[unit] ? core::RecipientId() : now_[unit].id;
    } else if (!recipient.via.empty() && random_.chance(0.7)) {
      other_hub(recipient);
    } else if (recipient.position) {
      recipient.position = place(random_);
      if (random_.chance(0.5)) {
        recipient.division = core::Division{counties[random_.below(counties.size())]};
      }
    }
    change.becomes = recipient;
    change.leaves = change.leaves || gone_[who];
    if (gone_[who] && !leaving_.insert(who).second) {
      change.becomes = joiner();  // who has left stays away
      change.leaves = false;
    }
    return change;
  }

  bool is_hub(const core::RecipientId& id) const {
    return std::any_of(now_.begin(), now_.end(), [&id](const core::Recipient& other) { return other.via == id; });
  }

  std::string digit() { return std::to_string(random_.below(10)); }

  core::Recipient joiner() {
    StationPlan plan = station(random_, stations_.size());
    plan.enrolled = false;
    give_hours(random_.fork("hours"), plan.recipient);
    stations_.push_back(plan);
    now_.push_back(plan.recipient);
    return plan.recipient;
  }

  void other_hub(core::Recipient& recipient) {
    const std::size_t hub = random_.below(now_.size());
    const core::Recipient& other = now_[hub];
    if (other.via.empty() && other.id != recipient.id && other.audience == recipient.audience && !gone_[hub]) {
      recipient.via = other.id;
    }
  }

  Random random_;
  std::vector<StationPlan>& stations_;
  std::vector<core::Recipient> now_;
  std::map<std::size_t, bool> gone_;
  std::set<std::size_t> leaving_;
};

/// Two people report the same child, at two desks.
void tell_twice(Random random, std::vector<CasePlan>& cases) {
  if (cases.size() < 2 || !random.chance(0.4)) {
    return;
  }
  for (std::size_t index = 0; index < 2; ++index) {
    core::Report& report = cases[index].report;
    report.child.name = cases[0].marker;
    report.child.birth_date = std::chrono::year(2018) / 5 / 6;
    report.child.age_years.reset();
    cases[index].last_seen_before = cases[0].last_seen_before;
  }
  cases[1].reviews = random.chance(0.8);
  cases[0].reviews = random.chance(0.8);
}

/// A circle around another place than that of the loss: a car was seen there.
void draw_elsewhere(Random& random, CasePlan& plan) {
  if (!random.chance(0.15)) {
    return;
  }
  plan.centre = place(random);
  const auto at = static_cast<std::ptrdiff_t>(random.below(plan.deeds.size() + 1));
  plan.deeds.insert(plan.deeds.begin() + at, Verb::draw);
  if (random.chance(0.5)) {
    plan.deeds.push_back(Verb::advance);
  }
}

/// Notices that run out while the world goes on, and are renewed for some time or not at all.
core::DisplayPolicy short_display(Random random, Span trouble) {
  core::DisplayPolicy display;
  if (random.chance(0.15)) {
    display.shown = random.between(minutes(4), minutes(10));
    display.renewed_before = random.between(seconds(20), minutes(3));
    display.renewed_for = random.chance(0.3) ? Span(0) : random.between(minutes(5), 3 * trouble);
  }
  return display;
}

bool open_at(const std::string& text, core::Instant at) {
  const core::Result<core::OpeningHours> hours = core::OpeningHours::parse(text);
  return !hours || hours->is_open(at);
}

}  // namespace

bool StationPlan::is_there(core::Instant at) const {
  return open_at(recipient.hours, at);
}

bool StationPlan::was_there(core::Instant at) const {
  return open_at(hours_before, at);
}

/// Some hear by the gateway alone and have no equipment; others have it for when they keep silent.
void Scenario::give_gateways(Random random) {
  for (StationPlan& plan : stations) {
    const double draw = random.between(0, 999) / 1000.0;
    const bool alone = plan.members.empty() && plan.recipient.via.empty();
    core::Endpoint gateway;
    gateway.channel = core::ChannelKind::webhook;
    gateway.address = "https://" + plan.recipient.id.value + ".example/";
    if (has_gateway && alone && draw < 0.25) {
      plan.recipient.endpoints = {gateway};
      plan.temper = Temper::absent;
    } else if (has_gateway && draw < 0.5) {
      plan.recipient.endpoints = {core::Endpoint(), gateway};
    }
  }
  for (Change& change : changes) {
    for (const StationPlan& plan : stations) {
      if (plan.recipient.id == change.becomes.id) {
        change.becomes.endpoints = plan.recipient.endpoints;
      }
    }
  }
}

/// In some worlds the gateway has two addresses of a recipient, and addresses are replaced, taken out or put in
/// another order while alerts are out: after everything else that changes in the directory.
void Scenario::give_second_endpoints(Random random) {
  if (!has_gateway || !random.chance(0.4)) {
    return;
  }
  std::map<core::RecipientId, core::Recipient> now;
  std::vector<core::RecipientId> told_there;
  for (std::size_t index = 0; index < founders; ++index) {
    core::Recipient& recipient = stations[index].recipient;
    if (recipient.endpoints.empty()) {
      continue;
    }
    if (random.chance(0.6)) {
      core::Endpoint second = recipient.endpoints.back();
      second.address += "second";
      recipient.endpoints.push_back(second);
    }
    now[recipient.id] = recipient;
    told_there.push_back(recipient.id);
  }
  for (Change& change : changes) {
    if (const auto known = now.find(change.becomes.id); known != now.end()) {
      change.becomes.endpoints = known->second.endpoints;
      known->second = change.becomes;
      if (change.leaves) {
        std::erase(told_there, change.becomes.id);
      }
    }
  }
  const int number = told_there.empty() ? 0 : random.between(0, 5);
  for (int count = 0; count < number; ++count) {
    core::Recipient& recipient = now[random.pick(told_there)];
    const std::size_t which = random.below(recipient.endpoints.size());
    core::Endpoint& endpoint = recipient.endpoints[which];
    if (endpoint.channel == core::ChannelKind::mqtt) {
      continue;
    }
    const auto drawn = random.below(10);
    if (drawn < 3 && recipient.endpoints.size() > 1) {
      recipient.endpoints.erase(recipient.endpoints.begin() + static_cast<std::ptrdiff_t>(which));
    } else if (drawn < 4 && recipient.endpoints.front().channel != core::ChannelKind::mqtt) {
      std::swap(endpoint, recipient.endpoints.front());
    } else {
      endpoint.address += std::to_string(count);
    }
    Change change;
    change.becomes = recipient;
    change.after = random.between(seconds(1), trouble / number);
    changes.push_back(std::move(change));
  }
}

Scenario::Scenario(Random random) {
  trouble =
      random.chance(0.04) ? random.between(minutes(60), minutes(240)) : random.between(minutes(2), minutes(12));
  Random people = random.fork("stations");
  const int number = random.chance(0.5) ? random.between(3, 12) : random.between(10, 40);
  for (int index = 0; index < number; ++index) {
    stations.push_back(station(people, static_cast<std::size_t>(index)));
  }
  join_hubs(people, stations);
  Random duty = random.fork("duty");
  for (StationPlan& plan : stations) {
    give_hours(duty.fork(plan.recipient.id.value), plan.recipient);
  }
  find_units(duty.fork("units"), stations);
  Random work = random.fork("cases");
  const int alerts = random.between(1, 3);
  for (int index = 0; index < alerts; ++index) {
    cases.push_back(case_plan(work, static_cast<std::size_t>(index), trouble));
  }
  static constexpr std::array<std::size_t, 4> limits{2, 8, 64, 1'024};
  channel_in_flight_max = limits[random.below(limits.size())];
  has_gateway = random.chance(0.5);
  on_disk = random.chance(0.05);
  gateway_stays_ill = has_gateway && random.chance(0.3);
  lookout = random.chance(0.5);
  chase_grace = random.chance(0.5) ? Span(seconds(60)) : random.between(Span(0), seconds(30));
  // What came to be drawn later stands last: the worlds of earlier seeds stay what they were.
  stop = long_stop(random.fork("stop"), trouble);
  founders = stations.size();
  changes = Reshuffle(random.fork("directory"), stations).changes(trouble);
  Random wakes = random.fork("wake");
  for (CasePlan& plan : cases) {
    plan.wake = wakes.chance(0.35);
  }
  Random centres = random.fork("centre");
  for (CasePlan& plan : cases) {
    draw_elsewhere(centres, plan);
  }
  tell_twice(random.fork("duplicates"), cases);
  Random seen = random.fork("sightings");
  for (StationPlan& plan : stations) {
    plan.sights = plan.answers() && seen.chance(0.15) ? seen.between(1, 3) : 0;
  }
  display = short_display(random.fork("display"), trouble);
  Random retained = random.fork("retention");
  if (retained.chance(0.15)) {
    retention = std::chrono::duration_cast<core::Duration>(retained.between(minutes(3), minutes(15)));
  }
  give_gateways(random.fork("endpoints"));
  if (stop && retention && stop->lasts >= *retention) {
    retention.reset();  // it is kept for longer than notices are shown, which these worlds do not live to see
  }
  give_second_endpoints(random.fork("second endpoints"));
}

}  // namespace tuanyuan::simulation
