#include "adapters/mqtt/canary.hpp"

#include <utility>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/limits.hpp"
#include "adapters/wire/answer_codec.hpp"

namespace tuanyuan::mqtt {
namespace {

// Ends the flight however the coroutine ends, a cancellation among that.
struct Landing {
  std::optional<core::AlertId>& flying;
  explicit Landing(std::optional<core::AlertId>& alert) : flying(alert) {}
  Landing(const Landing&) = delete;
  Landing& operator=(const Landing&) = delete;
  ~Landing() { flying.reset(); }
};

Outgoing passing(std::string topic, std::shared_ptr<const std::string> payload) {
  Outgoing message(std::move(topic), std::move(payload), protobuf_type);
  message.expiry_s = canary_expiry_s;
  return message;
}

}  // namespace

Canary::Canary(boost::asio::any_io_executor executor, Outlet& outlet, const Topics& topics, ports::Clock& clock,
               core::RecipientId recipient)
    : outlet_(outlet),
      topics_(topics),
      clock_(clock),
      recipient_(std::move(recipient)),
      back_(std::move(executor)) {}

boost::asio::awaitable<bool> Canary::fly(core::AlertId alert, std::shared_ptr<const core::SignedCopy> copy,
                                         Verify verify) {
  if (recipient_.empty() || flying_ || !copy) {
    co_return false;
  }
  flying_ = alert;
  verify_ = std::move(verify);
  const Landing landing(flying_);
  const ports::Clock::Steady deadline = clock_.steady_now() + canary_deadline;
  std::vector<Outgoing> messages;
  messages.push_back(passing(topics_.of(DirectTopic{recipient_, alert}),
                             std::shared_ptr<const std::string>(copy, &copy->protobuf)));
  const core::DeliveryOutcome outcome = co_await outlet_.publish(std::move(messages));
  if (outcome != core::DeliveryOutcome::accepted) {
    co_return false;
  }
  while (flying_ && clock_.steady_now() < deadline) {
    co_await back_.wait_until(clock_, deadline);
  }
  co_return !flying_;
}

boost::asio::awaitable<void> Canary::notice_arrived(core::AlertId alert, std::string payload) {
  if (!flying_ || *flying_ != alert || !verify_ || !verify_(payload)) {
    co_return;
  }
  core::Acknowledgement answer;
  answer.alert_id = alert;
  answer.recipient_id = recipient_;
  answer.kind = core::AnswerKind::received;
  auto bytes = std::make_shared<const std::string>(wire::to_proto(answer).SerializeAsString());
  std::vector<Outgoing> messages;
  messages.push_back(passing(topics_.of(AcknowledgementTopic{recipient_}), std::move(bytes)));
  co_await outlet_.publish(std::move(messages));
}

void Canary::acknowledgement_arrived(std::string_view payload) {
  const auto decoded = decode_acknowledgement(payload, recipient_);
  const auto* answer = std::get_if<core::Acknowledgement>(&decoded);
  if (answer != nullptr && flying_ && answer->alert_id == *flying_) {
    flying_.reset();
    back_.notify();
  }
}

}  // namespace tuanyuan::mqtt
