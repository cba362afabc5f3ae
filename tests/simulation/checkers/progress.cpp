#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Whoever asks gets an answer: once nothing is wrong any more, no officer waits for ever, nor is anybody told
/// what no rule says.
class EverybodyIsAnswered final : public Checker {
 public:
  explicit EverybodyIsAnswered(Stage& stage) : Checker("0_progress", stage) {}

  void answered(const Request& request, const Reply& reply) override {
    const CasePlan& plan = stage_.scenario.cases[request.case_number];
    const bool placeless = reply.refused == core::Errc::invalid && !plan.report.last_seen.position;
    check(!reply.refused || reply.refused == core::Errc::conflict ||
              (reply.refused == core::Errc::duplicate_report && request.verb == Verb::release) || reply.refused == core::Errc::unavailable ||
              reply.refused == core::Errc::overloaded || placeless,
          request.key, "was refused", reply.refused ? core::problem_name(*reply.refused) : std::string_view());
  }

  bool waits() override { return !stage_.officers_done; }
  void at_rest(Rest&) override { check(stage_.officers_done, "an officer still waits for an answer"); }
};

}  // namespace

std::unique_ptr<Checker> progress(Stage& stage) {
  return std::make_unique<EverybodyIsAnswered>(stage);
}

}  // namespace tuanyuan::simulation
