#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/mqtt/topics.hpp"
#include "adapters/wire/document_codec.hpp"
#include "ports/answer_desk.hpp"
#include "runtime/blocking_pool.hpp"
#include "simulation/world/checker.hpp"
#include "simulation/world/copy.hpp"
#include "simulation/world/disk.hpp"
#include "simulation/world/faults.hpp"
#include "simulation/world/scenario.hpp"
#include "simulation/world/sim_clock.hpp"
#include "simulation/world/toy_vault.hpp"
#include "simulation/world/trace.hpp"
#include "simulation/world/truth.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::simulation {

class Station;

inline constexpr core::Instant world_begins = core::Instant{core::Duration{1'795'000'000'000}};

/// What everybody in the world shares, and what outlives every crash.
struct Stage {
  Stage(std::uint64_t seed, bool traced)
      : random(seed),
        scenario(random.fork("scenario")),
        clock(world_begins),
        trace(clock, traced),
        faults(random.fork("faults")),
        truth(std::make_shared<ledger::MemoryStore>(), clock),
        vault(random.fork("vault")),
        jury(*this) {
    if (scenario.on_disk) {
      disk = std::make_unique<Disk>(random.fork("disk"));
    }
  }

  Random random;
  Scenario scenario;
  SimClock clock;
  Trace trace;
  Faults faults;
  Truth truth;
  mqtt::Topics topics{"tuanyuan/v1"};
  ToyVault vault;
  ToyNotary notary;
  test::SamePictures pictures;
  wire::ProtobufDocumentCodec codec;
  runtime::BlockingPool pool{0, 16};
  Jury jury;
  std::unique_ptr<Disk> disk;            ///< none: the store in memory is all there is
  std::vector<const Station*> stations;  ///< in the order of their plans; none for who has no connection
  /// Whose connection a recipient hears by: its own, or its hub's.
  const Station* carrier(const core::RecipientId& who) const;
  bool officers_done = false;
  ports::Clock::Steady healed_at = ports::Clock::Steady::max();  ///< when nothing was wrong any more
  std::function<void(std::size_t plan)> reconfigured;            ///< what the directory says of it has changed

  /// Whether the wall clock has always shown the time.
  bool steady_wall() const { return !faults.ever(Fault::wall_step) && !faults.ever(Fault::wall_drift); }
  /// How the officers of an alert go about it; none before they know of the alert.
  const CasePlan* plan_of(const core::AlertId& alert) const;
  std::map<core::AlertId, std::size_t> case_of;

  /// To be called with everything that has been committed.
  void took(const ports::Commit& commit);
  /// The directory says something else of it since so recently that a decision may have been planned before.
  bool changed_since(const StationPlan& plan, ports::Clock::Steady at) const;

 private:
  void change(const ports::RecipientChange& change);
};

/// The world as it is when everything has come to rest.
struct Rest {
  std::map<core::AlertId, core::Board> boards;  ///< of every released alert, as the desk answers
  std::map<core::AlertId, std::vector<ports::SightingView>> sightings;  ///< likewise
  const std::map<std::string, double>* gauges = nullptr;
  const std::map<std::string, std::shared_ptr<const std::string>>* retained = nullptr;
};

}  // namespace tuanyuan::simulation
