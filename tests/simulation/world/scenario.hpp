#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/chase.hpp"
#include "core/recipient.hpp"
#include "core/report.hpp"
#include "core/widening.hpp"
#include "simulation/people/request.hpp"
#include "simulation/world/random.hpp"

namespace tuanyuan::simulation {

/// How a station takes its duty.
enum class Temper : std::uint8_t { prompt, slow, flapping, silent, absent };

struct StationPlan {
  core::Recipient recipient;
  Temper temper = Temper::prompt;
  Span clock_error{0};               ///< how wrong its own clock is
  std::vector<std::size_t> members;  ///< of plans: whose `via` it is
  int sights = 0;                    ///< how often its people see a child that it shows
  core::UnableReason unable =
      core::UnableReason::none;              ///< why its people cannot do what they are asked; none: they can
  bool enrolled = true;                      ///< in the directory, as it is now
  Span joined_at{-1};                        ///< when it came into the directory, likewise
  Span changed_at{-1};                       ///< when the directory last changed about it, since the world began
  std::string hours_before;                  ///< of that change
  std::set<core::RecipientId> units_before;  ///< which answered for it once
  std::set<core::RecipientId> hubs_before;   ///< by whose connection it once answered

  /// Whether the daemon may go after it then, by its hours.
  bool is_there(core::Instant at) const;
  /// Likewise, by those before the last change.
  bool was_there(core::Instant at) const;
  bool hears_by_gateway() const {
    return !recipient.endpoints.empty() && recipient.endpoints.front().channel != core::ChannelKind::mqtt;
  }
  /// How many of its endpoints a chase goes through: all but the usual one.
  std::size_t further_endpoints() const {
    return recipient.endpoints.empty() ? 0 : recipient.endpoints.size() - 1;
  }
  bool connects() const { return recipient.via.empty() && temper != Temper::absent; }
  bool answers() const { return temper != Temper::silent && temper != Temper::absent; }
};

/// How the officers of a case go about it.
struct CasePlan {
  core::Report report;       ///< without its times
  std::string marker;        ///< stands in every field about the child that may leave, and nowhere else
  Span last_seen_before{0};  ///< the report: how long the child has been gone by then
  Span begins{0};
  Span between_steps{0};  ///< how long they think
  bool double_clicks = false;
  bool two_at_once = false;
  bool rejected = false;
  bool previewed = false;
  int updates = 0;
  std::vector<Verb> deeds;  ///< with the circle, and with who has the alert, among the updates
  double radius_km = 0;     ///< of a circle that is drawn
  core::AudienceSet suspended;
  bool moves = false;  ///< an update moves the place of loss
  bool closed = false;
  bool retracted = false;
  bool telephones = false;  ///< the officers ring those who stay silent
  bool wake = false;        ///< released with it
  bool reviews = true;      ///< released also where the child was reported before, once that was looked at
  std::optional<core::Position> centre;  ///< of a circle that is drawn; none: the place of loss

  CasePlan() = default;
};

/// The daemon is away for long, or its process stands still.
struct Stop {
  Span after{0};
  Span lasts{0};
  bool in_order = false;
  bool frozen = false;
};

/// A change of the directory: so long after the one before it.
struct Change {
  Span after{0};
  core::Recipient becomes;
  bool leaves = false;
};

/// What one seed makes of the world, before anything happens. Small worlds: what goes wrong between three
/// stations goes wrong between a million.
struct Scenario {
  std::vector<StationPlan> stations;
  std::vector<CasePlan> cases;
  Span trouble{0};  ///< how long faults happen
  std::size_t channel_in_flight_max = 0;
  bool has_gateway = false;
  bool on_disk = false;            ///< a real SQLite ledger beside the one in memory
  bool gateway_stays_ill = false;  ///< also when everything else is well again
  bool lookout = false;            ///< the police hear of a report before its release
  Span chase_grace{0};
  std::optional<Stop> stop;
  core::DisplayPolicy display;              ///< in some worlds so short that notices run out
  std::optional<core::Duration> retention;  ///< of recalls, where it is over before the world is
  /// When who stands on the late list is told of a recall again: in some worlds so soon that it is.
  core::Duration recall_again = core::ChasePolicy().recall_again;
  std::vector<Change> changes;
  std::size_t founders = 0;  ///< how many of the stations are in the directory from the beginning

  explicit Scenario(Random random);

 private:
  void give_gateways(Random random);
  void give_second_endpoints(Random random);
};

/// The unit that decides on everything here.
inline constexpr const char* police_unit = "210000000000";
/// Stands in fields that only the police may see.
inline constexpr const char* police_only_marker = "POLICEONLY";

}  // namespace tuanyuan::simulation
