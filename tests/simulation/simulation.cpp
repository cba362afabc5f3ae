#include "simulation/simulation.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// How long everything may take to come to rest once nothing is wrong: a station repeats after five minutes at
/// the most, and a slow one thinks as long before.
constexpr int minutes_to_rest_max = 30;

}  // namespace

Simulation::Simulation(std::uint64_t seed, bool traced)
    : seed_(seed),
      stage_(seed, traced),
      random_(stage_.random.fork("simulation")),
      broker_(stage_),
      gateway_(stage_),
      desk_(stage_, [this] { return stands_still() ? nullptr : daemon_.get(); }) {
  for (std::size_t index = 0; index < stage_.scenario.founders; ++index) {
    equip(stage_.scenario.stations[index]);
  }
  for (std::size_t number = 0; number < stage_.scenario.cases.size(); ++number) {
    officers_.push_back(std::make_unique<Officers>(stage_, desk_, number));
  }
  for (std::size_t index = stage_.scenario.founders; index < stage_.scenario.stations.size(); ++index) {
    equip(stage_.scenario.stations[index]);
  }
  registrar_ = std::make_unique<Registrar>(stage_, desk_, stage_.random.fork("registrar"));
  stage_.reconfigured = [this](std::size_t index) {
    if (stations_[index]) {
      stations_[index]->reconfigure();
    }
  };
}

void Simulation::equip(const StationPlan& plan) {
  const bool connects = plan.recipient.via.empty();
  stations_.push_back(connects ? std::make_unique<Station>(stage_, broker_, plan) : nullptr);
  stage_.stations.push_back(stations_.back().get());
}

Simulation::~Simulation() = default;

Outcome Simulation::run() {
  found_directory();
  daemon_ = std::make_unique<Daemon>(stage_, broker_, gateway_);
  daemon_->start();
  for (const auto& station : stations_) {
    if (station && station->plan().enrolled) {
      station->start();
    }
  }
  registrar_->begin();
  for (const auto& officers : officers_) {
    officers->begin();
  }
  plan_troubles();
  try {
    run_for(stage_.scenario.trouble + (stage_.scenario.stop ? stage_.scenario.stop->lasts : Span(0)));
    heal();
    come_to_rest();
  } catch (const std::exception& error) {
    stage_.jury.violated("exception", error.what());
  }
  Outcome outcome;
  outcome.seed = seed_;
  outcome.trace_hash = stage_.trace.hash();
  outcome.events = stage_.trace.events();
  const std::chrono::duration<double, std::ratio<3600>> passed = stage_.clock.steady_now().time_since_epoch();
  outcome.virtual_hours = passed.count();
  outcome.violations = stage_.jury.violations();
  stage_.faults.add_to(outcome.faults);
  stage_.jury.add_checks_to(outcome.checks);
  return outcome;
}

/// The recipients are there before anything goes wrong.
void Simulation::found_directory() {
  ports::Commit commit;
  for (std::size_t index = 0; index < stage_.scenario.founders; ++index) {
    commit.recipients.push_back({stage_.scenario.stations[index].recipient, false});
  }
  stage_.truth.shared_store()->commit(commit);
  if (stage_.disk) {
    stage_.disk->commit(commit, Disk::Fault::none);
  }
}

// Troubles that come by themselves -------------------------------------------------------------------------------

void Simulation::recur(Fault fault, Span mean, std::function<void()> trouble) {
  if (!stage_.faults.has(fault)) {
    return;
  }
  stage_.clock.after(stage_.faults.until_next(fault, mean), [this, fault, mean, trouble = std::move(trouble)] {
    if (!stage_.faults.healed()) {
      if (!stopped()) {
        stage_.faults.count(fault);
        trouble();
      }
      recur(fault, mean, trouble);
    }
  });
}

void Simulation::plan_troubles() {
  const Span mean = stage_.scenario.trouble / 3;
  recur(Fault::crash_anywhere, mean, [this] {
    if (daemon_) {
      daemon_->crash_after(static_cast<std::size_t>(random_.below(60)));
    }
  });
  recur(Fault::stop_in_order, mean, [this] {
    if (daemon_ && daemon_->ready()) {
      daemon_->stop();
    }
  });
  recur(Fault::broker_restart, mean, [this] { broker_.restart(); });
  recur(Fault::daemon_cut_off, mean, [this] { broker_.cut_off_daemon(random_.between(seconds(1), minutes(3))); });
  recur(Fault::station_cut_off, mean / 3, [this] {
    const auto& station = random_.pick(stations_);
    if (station && station->connected()) {
      broker_.cut_off(*station, random_.between(seconds(1), minutes(10)));
    }
  });
  wall_troubles();
  if (stage_.scenario.stop) {
    stage_.clock.after(stage_.scenario.stop->after, [this] { stop_for_long(); });
  }
}

/// The machine is switched off for hours, or stands still with everything on it and then goes on as if nothing had
/// been.
void Simulation::stop_for_long() {
  const Stop& stop = *stage_.scenario.stop;
  stage_.faults.count(Fault::long_stop);
  stage_.trace("the daemon stops for long", stop.lasts.count(), stop.frozen);
  const ports::Clock::Steady until = stage_.clock.now() + stop.lasts;
  if (stop.frozen && daemon_) {
    frozen_until_ = until;
    broker_.cut_off_daemon(stop.lasts);
    stage_.clock.at(until, [this] { stage_.jury.tell(&Checker::thawed); });
    return;
  }
  away_until_ = until;
  if (daemon_ && daemon_->ready() && stop.in_order) {
    daemon_->stop();
  } else if (daemon_) {
    daemon_->crash_after(0);
  }
}

/// What was decided by a wall clock that ran ahead is followed up when the true time gets there.
void Simulation::note_lead() {
  wall_led_ =
      std::max(wall_led_, std::chrono::duration_cast<Span>(stage_.clock.wall_now() - stage_.clock.true_now()));
}

void Simulation::wall_troubles() {
  const Span mean = stage_.scenario.trouble / 3;
  recur(Fault::wall_step, mean, [this] {
    const Span most = random_.chance(0.3) ? Span(minutes(60)) : Span(seconds(90));
    const Span by = random_.between(-most, most);
    stage_.trace("wall stepped", by.count());
    stage_.clock.step_wall(by);
    note_lead();
  });
  recur(Fault::wall_drift, mean, [this] {
    const double parts_per_million = random_.unit() * 4'000 - 2'000;
    stage_.trace("wall drifts");
    stage_.clock.set_drift(parts_per_million);
  });
}

// Time -----------------------------------------------------------------------------------------------------------

void Simulation::settle() {
  if (daemon_ && !stands_still()) {
    daemon_->settle();
    if (daemon_->ended()) {
      bury();
    }
  }
}

void Simulation::bury() {
  stage_.trace("daemon: gone");
  daemon_.reset();
  if (stage_.disk) {
    lose_power();
  }
  stage_.jury.tell(&Checker::crashed);
  const Span most = stage_.faults.healed() ? seconds(2) : seconds(30);
  stage_.clock.after(random_.between(Span(200), most), [this] { come_up(); });
}

void Simulation::come_up() {
  if (stage_.clock.now() < away_until_) {
    stage_.clock.at(away_until_, [this] { come_up(); });
    return;
  }
  daemon_ = std::make_unique<Daemon>(stage_, broker_, gateway_);
  daemon_->start();
}

/// All that was answered is still there; what was in doubt may be.
void Simulation::lose_power() {
  stage_.disk->power_cut();
  auto difference = stage_.disk->differs(stage_.truth.store());
  if (difference && stage_.disk->unflushed()) {
    const ports::Commit& commit = *stage_.disk->unflushed();
    stage_.truth.shared_store()->commit(commit);
    stage_.took(commit);
    difference = stage_.disk->differs(stage_.truth.store());
  }
  if (difference) {
    stage_.jury.violated("1_durable", "after a power cut SQLite is not what was answered: " + *difference);
  }
}

void Simulation::run_for(Span time) {
  const ports::Clock::Steady end = stage_.clock.steady_now() + time;
  settle();
  while (!stage_.clock.idle() && stage_.clock.next() <= end) {
    stage_.clock.happen();
    settle();
  }
  stage_.clock.pass_until(end);
}

// The end --------------------------------------------------------------------------------------------------------

void Simulation::heal() {
  stage_.trace("everything heals");
  stage_.healed_at = stage_.clock.now();
  stage_.faults.heal(!stage_.scenario.gateway_stays_ill);
  note_lead();
  stage_.clock.mend_wall();
  broker_.heal();
  registrar_->heal();
  for (const auto& station : stations_) {
    if (station) {
      station->heal();
    }
  }
}

bool Simulation::officers_done() const {
  return registrar_->done() &&
         std::all_of(officers_.begin(), officers_.end(), [](const auto& officers) { return officers->done(); });
}

bool Simulation::rests() {
  stage_.officers_done = officers_done();
  return daemon_ && daemon_->ready() && broker_.daemon_connected() && !stage_.jury.waiting();
}

/// The alerts' clock goes on meanwhile: what it decides in the last moment has to arrive too.
void Simulation::come_to_rest() {
  const auto longer = std::chrono::duration_cast<minutes>(stage_.scenario.trouble / 8 + wall_led_);
  const auto last = stage_.clock.steady_now() + minutes(minutes_to_rest_max) + longer;
  bool rested = false;
  while (!rested && stage_.clock.steady_now() < last) {
    run_for(minutes(1));
    if (rests()) {
      run_for(seconds(20));  // what was said last arrives
      rested = rests();
    }
  }
  look_around();
}

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> call, std::shared_ptr<std::optional<T>> result) {
  result->emplace(co_await std::move(call));
}

template <class T>
std::optional<T> Simulation::ask(boost::asio::awaitable<T> call) {
  const auto result = std::make_shared<std::optional<T>>();
  daemon_->spawn(keep<T>(std::move(call), result));
  settle();
  return std::move(*result);
}

void Simulation::look_around() {
  if (!daemon_ || !daemon_->ready()) {
    stage_.jury.violated("exception", "the daemon does not come up");
    return;
  }
  Rest rest;
  const core::Caller officer = test::officer(police_unit, {core::Role::supervisor, core::Role::releaser});
  for (const auto& [id, alert] : stage_.truth.alerts()) {
    if (alert.state.issued()) {
      const auto board = ask(daemon_->engine().cases().board(officer, id));
      if (board && *board) {
        rest.boards.emplace(id, **board);
      }
      const auto seen = ask(daemon_->engine().answers().sightings(officer, id));
      if (seen && *seen) {
        rest.sightings.emplace(id, **seen);
      }
    }
  }
  daemon_->spawn(daemon_->engine().refresh_gauges());
  settle();
  rest.gauges = &daemon_->gauges();
  rest.retained = &broker_.retained();
  stage_.jury.at_rest(rest);
}

}  // namespace tuanyuan::simulation
