#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 1: what was answered, or receipted, is in the ledger at that moment; so no crash can lose it.
class DurableBeforeAcknowledged final : public Checker {
 public:
  explicit DurableBeforeAcknowledged(Stage& stage) : Checker("1_durable", stage) {}

  void answered(const Request& request, const Reply& reply) override {
    if (reply.report) {
      const AlertTruth* alert = stage_.truth.find(reply.report->alert_id);
      check(alert != nullptr && alert->state.report_id == reply.report->id, request.key, "is not in the ledger");
      check(request.verb != Verb::reject || alert->state.report_state == core::ReportState::rejected, request.key,
            "is not rejected in the ledger");
    }
    if (reply.alert) {
      const AlertTruth* alert = stage_.truth.find(reply.alert->id);
      check(alert != nullptr && alert->find(reply.alert->version) != nullptr, request.key, "revision",
            reply.alert->version.revision, "is not in the ledger");
    }
    if (reply.receipt && reply.receipt->result != core::ReceiptResult::refused) {
      receipted_by(*reply.receipt);
    }
    check(reply.refused != core::Errc::not_found, request.key, "what was answered before is not found now");
  }

  void receipted(const StationPlan&, const core::Receipt& receipt) override {
    if (receipt.result != core::ReceiptResult::refused && receipt.kind) {
      receipted_by(receipt);
    }
  }

 private:
  void receipted_by(const core::Receipt& receipt) {
    const core::Ordinal who = stage_.truth.ordinal(receipt.recipient_id);
    check(stage_.truth.has_answer(receipt.alert_id, receipt.revision, who, *receipt.kind), receipt.recipient_id,
          "has a receipt for", core::to_string(*receipt.kind), receipt.revision, "which is not in the ledger");
  }
};

}  // namespace

std::unique_ptr<Checker> durable(Stage& stage) {
  return std::make_unique<DurableBeforeAcknowledged>(stage);
}

}  // namespace tuanyuan::simulation
