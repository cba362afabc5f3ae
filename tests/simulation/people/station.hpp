#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "simulation/world/broker.hpp"

namespace tuanyuan::simulation {

/// Whether a notice is for a recipient by its place or its coverage.
bool targets(const core::Notice& notice, const core::Recipient& who);
/// The public's centre is rounded: at the edge of its circle the station and the daemon may differ.
bool at_the_edge(const core::Notice& notice, const core::Recipient& who);

/// A recipient's equipment, as the contract (sections 3 to 5) has it: it applies the circle to its own position,
/// remembers the highest version of each alert and drops lower ones, rings once for a revision, answers, repeats
/// until it has its receipt, and takes down on recall and at expiry. Written from the contract, not from
/// tuanyuan-station, so that the two can disagree.
class Station {
 public:
  Station(Stage& stage, Broker& broker, const StationPlan& plan);

  /// Tries to connect, now and whenever the connection is lost.
  void start();
  void lost(Span at_least = Span(0));
  void hear(const Copy& copy);
  void hear(const core::Receipt& receipt);
  /// The directory may say something else of it, or of those it answers for, and so does its own configuration.
  void reconfigure();
  /// Whatever it was up to, it is well now: it connects at once and stays.
  void heal();

  const StationPlan& plan() const { return plan_; }
  bool connected() const { return connected_; }
  ports::Clock::Steady connected_at() const { return connected_at_; }
  /// Counts its connections.
  std::uint64_t session() const { return session_; }
  /// When a message that takes this long may arrive, the messages of an alert staying in order.
  ports::Clock::Steady in_order(const core::AlertId& alert, Span hop);

  std::optional<core::Version> shows(const core::AlertId& alert) const;
  std::optional<core::Version> seen(const core::AlertId& alert) const;
  core::Instant own_time() const { return stage_.clock.true_now() + plan_.clock_error; }
  bool owes_answers() const { return !owed_.empty(); }
  bool owes_sightings() const { return !sightings_.empty(); }
  /// Whether it shows the alert for this recipient now; or ever has.
  bool shows_for(const core::AlertId& alert, const core::RecipientId& who) const;
  bool ever_showed_for(const core::AlertId& alert, const core::RecipientId& who) const;

 private:
  enum class Path : std::uint8_t { area, direct };
  using Answer = std::tuple<core::AlertId, std::uint32_t, core::RecipientId, core::AnswerKind>;

  struct Known {
    std::optional<core::Version> seen;
    std::optional<core::Version> on_path[2];
    std::shared_ptr<const core::Notice> showing;
    Path shown_by = Path::area;
    std::set<core::RecipientId> concerned;  ///< those it shows it for: itself, members
    std::set<core::RecipientId> ever;
    std::set<std::uint32_t> rung;
    std::set<std::pair<std::uint32_t, core::RecipientId>> said;  ///< of which revision it answers for whom
  };

  void try_to_connect();
  void look_again(const core::AlertId& id, Known& known);
  void apply(const core::AlertId& id, Known& known, const Copy& copy, Path path);
  void recall(const core::AlertId& id, Known& known, bool was_known, const core::Notice& notice);
  void take_down(const core::AlertId& id, Known& known, std::uint32_t revision);
  std::set<core::RecipientId> concerned_by(const core::Notice& notice, Path path) const;
  void show(const core::AlertId& id, Known& known, const std::shared_ptr<const core::Notice>& notice);
  void owe(Answer answer, Span after);
  void say(const Answer& answer, std::uint32_t attempts);
  void see(const core::AlertId& id);
  void report(const core::SightingId& id, std::uint32_t attempts);
  void forget_unsent(const core::AlertId& id);

  Stage& stage_;
  Broker& broker_;
  const StationPlan& plan_;
  Random random_;
  bool connected_ = false;
  ports::Clock::Steady connected_at_;  ///< the last time
  bool trying_ = false;
  bool started_ = false;
  core::Recipient set_up_;                   ///< as its configuration was at last
  std::vector<core::Recipient> set_up_for_;  ///< its members, likewise
  bool healed_ = false;
  std::uint64_t session_ = 0;
  std::map<core::AlertId, Known> alerts_;
  std::map<core::AlertId, ports::Clock::Steady> arrived_;
  std::map<Answer, std::uint64_t> owed_;  ///< what has no receipt yet -> which saying of it counts
  std::uint64_t sayings_ = 0;
  std::map<core::SightingId, core::Sighting> sightings_;  ///< what has no receipt yet
  int seen_ = 0;
  Random seen_random_{0};
};

}  // namespace tuanyuan::simulation
