#include "simulation/world/broker_link.hpp"

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::simulation {

using std::chrono::seconds;

BrokerLink::BrokerLink(Loop& loop, Stage& stage, Broker& broker, Events events)
    : loop_(loop),
      stage_(stage),
      broker_(broker),
      events_(std::move(events)),
      random_(stage.random.fork("link")) {}

BrokerLink::~BrokerLink() {
  *alive_ = false;
  if (up_) {
    broker_.abandon();
  }
}

void BrokerLink::try_to_connect() {
  if (stopped_ || up_) {
    return;
  }
  up_ = broker_.connect(*this);
  if (up_) {
    events_.up();
    return;
  }
  const Span most = stage_.faults.healed() ? seconds(2) : seconds(20);
  stage_.clock.after(random_.between(Span(300), most), [this, alive = alive_] {
    if (*alive) {
      try_to_connect();
    }
  });
}

void BrokerLink::lost() {
  up_ = false;
  events_.down();
  for (const auto& waiting : std::exchange(publishing_, {})) {
    waiting->answer(core::DeliveryOutcome::unknown);
  }
  stage_.clock.after(random_.between(Span(300), seconds(3)), [this, alive = alive_] {
    if (*alive) {
      try_to_connect();
    }
  });
}

void BrokerLink::stop() {
  stopped_ = true;
  if (up_) {
    up_ = false;
    broker_.disconnect();
  }
}

void BrokerLink::arrived(const std::string& topic, const std::shared_ptr<const std::string>& payload) {
  events_.message(topic, payload);
}

void BrokerLink::Publishing::answer(core::DeliveryOutcome outcome) {
  if (!std::exchange(answered, true)) {
    reply.complete(outcome);
  }
}

boost::asio::awaitable<core::DeliveryOutcome> BrokerLink::publish(std::vector<mqtt::Outgoing> messages) {
  if (!up_) {
    co_return core::DeliveryOutcome::retry;
  }
  if (messages.empty()) {
    co_return core::DeliveryOutcome::accepted;
  }
  const auto publishing = std::make_shared<Publishing>(loop_.get_executor(), messages.size());
  publishing_.push_back(publishing);
  const std::weak_ptr<Publishing> waiting = publishing;
  const auto puback = [waiting] {
    if (const auto found = waiting.lock(); found && --found->unanswered == 0) {
      found->answer(core::DeliveryOutcome::accepted);
    }
  };
  for (mqtt::Outgoing& message : messages) {
    broker_.publish(std::move(message), puback);
  }
  stage_.clock.after(mqtt::publish_deadline, [waiting] {
    if (const auto found = waiting.lock()) {
      found->answer(core::DeliveryOutcome::unknown);
    }
  });
  const std::shared_ptr<runtime::Reply<core::DeliveryOutcome>> reply(publishing, &publishing->reply);
  const core::DeliveryOutcome outcome = co_await runtime::Reply<core::DeliveryOutcome>::wait(reply);
  std::erase(publishing_, publishing);
  co_return outcome;
}

void BrokerLink::send_receipts(const std::vector<mqtt::Outgoing>& messages) {
  for (const mqtt::Outgoing& message : messages) {
    if (up_) {
      broker_.publish(message, [] {});
    }
  }
}

}  // namespace tuanyuan::simulation
