#include "simulation/world/gateway.hpp"

namespace tuanyuan::simulation {
namespace {

using std::chrono::seconds;

/// A hanging gateway is given up after this long: less than the lease of a claimed row.
constexpr Span deadline = seconds(60);

}  // namespace

boost::asio::awaitable<ports::SendResult> Gateway::take(core::Delivery delivery, core::Endpoint endpoint) {
  Faults& faults = stage_.faults;
  ports::SendResult result;
  result.outcome = core::DeliveryOutcome::accepted;
  const bool hangs = faults.strikes(Fault::gateway_hangs);
  const Span time = hangs ? deadline : random_.between(Span(10), seconds(2));
  co_await stage_.clock.sleep_until(stage_.clock.steady_now() + time);
  if (hangs || faults.strikes(Fault::gateway_unknown)) {
    result.outcome = core::DeliveryOutcome::unknown;
  } else if (faults.strikes(Fault::gateway_refuses)) {
    result.outcome = core::DeliveryOutcome::retry;
    result.retry_after = random_.between(seconds(1), seconds(30));
  }
  const bool took = result.outcome == core::DeliveryOutcome::accepted ||
                    (result.outcome == core::DeliveryOutcome::unknown && random_.chance(0.5));
  if (took) {
    stage_.trace("gateway: has", std::get<core::RecipientId>(delivery.target).value, delivery.version.revision,
                 delivery.version.step, core::to_string(delivery.kind), delivery.alert_id.value, endpoint.address);
    stage_.jury.tell(&Checker::gateway_took, delivery, endpoint);
  }
  co_return result;
}

boost::asio::awaitable<ports::SendResult> GatewayChannel::send(const ports::Dispatch& dispatch) {
  stage_.jury.tell(&Checker::handed, kind(), dispatch);
  core::Delivery delivery = dispatch.delivery;
  core::Endpoint endpoint = dispatch.endpoint;
  co_return co_await gateway_.take(std::move(delivery), std::move(endpoint));
}

}  // namespace tuanyuan::simulation
