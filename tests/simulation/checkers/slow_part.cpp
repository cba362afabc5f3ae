#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 6: a gateway that goes on hanging and refusing after everything else is well delays nothing but its own
/// rows; once all is well, nothing is left to be sent.
class SlowPartHurtsItself final : public Checker {
 public:
  explicit SlowPartHurtsItself(Stage& stage) : Checker("6_slow_part", stage) {}

  bool waits() override {
    return left(core::ChannelKind::mqtt) != 0 ||
           (!stage_.scenario.gateway_stays_ill && left(core::ChannelKind::webhook) != 0);
  }

  void at_rest(Rest&) override {
    check(left(core::ChannelKind::mqtt) == 0, left(core::ChannelKind::mqtt), "rows for the broker are left");
    if (!stage_.scenario.gateway_stays_ill) {
      check(left(core::ChannelKind::webhook) == 0, left(core::ChannelKind::webhook),
            "rows for the gateway are left");
    }
  }

 private:
  /// What is older than a moment: a step of the chase may fall due at any time, also while everybody looks.
  std::uint64_t left(core::ChannelKind channel) const {
    const auto backlog = stage_.truth.store().backlog(channel);
    const bool lately = stage_.clock.wall_now() - backlog.oldest < std::chrono::seconds(20);
    return lately ? 0 : backlog.rows;
  }
};

}  // namespace

std::unique_ptr<Checker> slow_part(Stage& stage) {
  return std::make_unique<SlowPartHurtsItself>(stage);
}

}  // namespace tuanyuan::simulation
