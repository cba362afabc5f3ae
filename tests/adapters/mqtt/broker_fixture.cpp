#include "adapters/mqtt/broker_fixture.hpp"

#include <csignal>

namespace tuanyuan::mqtt::test {

BrokerFixture::BrokerFixture() {
  // As main does: Paho writes to sockets that may be gone.
  std::signal(SIGPIPE, SIG_IGN);
}

void BrokerFixture::start(const Settings& settings) {
  broker = std::make_unique<Broker>(context.get_executor(), settings, Surroundings(clock, entropy, log, metrics));
  broker->start(desk, truth);
}

boost::asio::awaitable<bool> BrokerFixture::stop_broker() {
  co_await broker->stop();
  co_return true;
}

void BrokerFixture::stop() {
  if (broker) {
    await(stop_broker());
    broker.reset();
  }
}

void BrokerFixture::TearDown() {
  stop();
}

::testing::AssertionResult BrokerFixture::eventually(const std::function<bool()>& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return ::testing::AssertionFailure() << "not so after " << patience.count() << " s";
    }
    context.run_one_for(std::chrono::milliseconds(50));
  }
  return ::testing::AssertionSuccess();
}

boost::asio::awaitable<void> BrokerFixture::send_and_keep(
    ports::Dispatch dispatch, std::shared_ptr<std::optional<core::DeliveryOutcome>> outcome) {
  const ports::SendResult result = co_await broker->send(dispatch);
  *outcome = result.outcome;
}

std::shared_ptr<std::optional<core::DeliveryOutcome>> BrokerFixture::begin_send(ports::Dispatch dispatch) {
  auto outcome = std::make_shared<std::optional<core::DeliveryOutcome>>();
  boost::asio::co_spawn(context, send_and_keep(std::move(dispatch), outcome), boost::asio::detached);
  return outcome;
}

core::DeliveryOutcome BrokerFixture::send(ports::Dispatch dispatch) {
  const auto outcome = begin_send(std::move(dispatch));
  EXPECT_TRUE(eventually([outcome] { return outcome->has_value(); }));
  return outcome->value_or(core::DeliveryOutcome::unknown);
}

}  // namespace tuanyuan::mqtt::test
