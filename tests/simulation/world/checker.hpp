#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/board.hpp"
#include "ports/channel.hpp"
#include "ports/ledger.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "simulation/people/request.hpp"
#include "simulation/world/copy.hpp"
#include "simulation/world/faults.hpp"
#include "simulation/world/scenario.hpp"

namespace tuanyuan::simulation {

struct Stage;
struct Rest;

/// One promise, watched. A checker hears of everything that happens, keeps what it needs to know, and says when
/// something is not as it was promised. It may look at the stage, and never acts on it.
class Checker {
 public:
  Checker(std::string_view name, Stage& stage) : stage_(stage), name_(name) {}
  virtual ~Checker() = default;

  // The ledger.
  /// It is in the ledger now; the daemon may never learn of it.
  virtual void committed(const ports::Commit&) {}
  /// The daemon was told that it is.
  virtual void told_committed(const ports::Commit&) {}

  // The daemon.
  virtual void started() {}
  virtual void crashed() {}
  /// Its process stood still, and goes on.
  virtual void thawed() {}
  virtual void handed(core::ChannelKind, const ports::Dispatch&) {}
  virtual void logged(std::string_view, ports::Log::Fields) {}
  virtual void measured(std::string_view, ports::Metrics::Labels) {}

  // The officers.
  virtual void answered(const Request&, const Reply&) {}

  // The broker and the stations.
  virtual void retained(const std::string& topic, const std::shared_ptr<const std::string>& payload,
                        const CopyPtr& notice) {
    static_cast<void>(topic), static_cast<void>(payload), static_cast<void>(notice);
  }
  /// On its way to the broker.
  virtual void sent(const Copy&) {}
  virtual void reached(const StationPlan&, const Copy&) {}
  virtual void shown(const StationPlan&, const core::Notice&, bool rings) { static_cast<void>(rings); }
  virtual void taken_down(const StationPlan&, const core::AlertId&) {}
  virtual void receipted(const StationPlan&, const core::Receipt&) {}
  /// And has rung whoever is at that address.
  virtual void gateway_took(const core::Delivery&, const core::Endpoint&) {}

  /// The faults are over and everything has come to rest, or had the time to.
  virtual void at_rest(Rest&) {}
  /// Whether this promise is still to be fulfilled after the faults, and needs more time. Asked now and then.
  virtual bool waits() { return false; }

  const std::string& name() const { return name_; }
  std::uint64_t checks() const { return checks_; }

 protected:
  /// Counts a check, and reports where it fails.
  template <class... Parts>
  void check(bool holds, const Parts&... parts) {
    ++checks_;
    if (!holds) {
      std::ostringstream text;
      ((text << parts << ' '), ...);
      report(text.str());
    }
  }

  Stage& stage_;

 private:
  void report(const std::string& what);

  std::string name_;
  std::uint64_t checks_ = 0;
};

/// All of them, told together; and what they found.
class Jury {
 public:
  explicit Jury(Stage& stage);

  template <class... Parameters, class... Arguments>
  void tell(void (Checker::*event)(Parameters...), const Arguments&... arguments) {
    for (const auto& checker : checkers_) {
      ((*checker).*event)(arguments...);
    }
  }
  void at_rest(Rest& rest);
  /// The name of one that is not content yet.
  std::optional<std::string> waiting() const;

  void violated(std::string_view promise, const std::string& what);
  const std::vector<std::string>& violations() const { return violations_; }
  void add_checks_to(Counts& counts) const;

 private:
  Stage& stage_;
  std::vector<std::unique_ptr<Checker>> checkers_;
  std::vector<std::string> violations_;
};

/// Every promise's checker; to add one, add it here.
std::vector<std::unique_ptr<Checker>> all_checkers(Stage& stage);

}  // namespace tuanyuan::simulation
