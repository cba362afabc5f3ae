#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "simulation/people/desk.hpp"
#include "simulation/people/officers.hpp"
#include "simulation/people/registrar.hpp"
#include "simulation/people/station.hpp"
#include "simulation/world/daemon.hpp"

namespace tuanyuan::simulation {

/// What one seed came to.
struct Outcome {
  std::uint64_t seed = 0;
  std::uint64_t trace_hash = 0;
  std::uint64_t events = 0;
  double virtual_hours = 0;
  std::vector<std::string> violations;
  Counts faults;
  Counts checks;
};

/// One world, from its seed to its end: first everything goes wrong, then it heals, and within bounded virtual
/// minutes all promises have to be kept.
class Simulation {
 public:
  Simulation(std::uint64_t seed, bool traced);
  ~Simulation();

  Outcome run();

 private:
  void equip(const StationPlan& plan);
  void found_directory();
  void plan_troubles();
  void recur(Fault fault, Span mean, std::function<void()> trouble);
  void wall_troubles();
  void note_lead();
  void run_for(Span time);
  void settle();
  void bury();
  void come_up();
  void stop_for_long();
  bool stands_still() const { return stage_.clock.now() < frozen_until_; }
  bool stopped() const { return stands_still() || stage_.clock.now() < away_until_; }
  void lose_power();
  void heal();
  bool rests();
  void come_to_rest();
  void look_around();
  bool officers_done() const;
  template <class T>
  std::optional<T> ask(boost::asio::awaitable<T> call);

  std::uint64_t seed_;
  Stage stage_;
  Random random_;
  Broker broker_;
  Gateway gateway_;
  std::vector<std::unique_ptr<Station>> stations_;
  Desk desk_;
  std::vector<std::unique_ptr<Officers>> officers_;
  std::unique_ptr<Registrar> registrar_;
  std::unique_ptr<Daemon> daemon_;
  ports::Clock::Steady away_until_{};
  ports::Clock::Steady frozen_until_{};
  Span wall_led_{0};  ///< how far the wall clock ever ran ahead
};

}  // namespace tuanyuan::simulation
