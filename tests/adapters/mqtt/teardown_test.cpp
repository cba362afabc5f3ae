// The client destroyed at every moment of its life, while Paho's threads have something to say to it. There is
// little to expect of it but that nobody speaks to what is gone, which the sanitizers hear.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <functional>

#include "adapters/mqtt/paho_client.hpp"
#include "adapters/mqtt/scripted_broker.hpp"
#include "runtime/system_clock.hpp"

namespace tuanyuan::mqtt::test {
namespace {

constexpr int rounds = 8;
constexpr std::chrono::seconds patience{60};

/// Writes down what it is told.
class Told final : public PahoEvents {
 public:
  void on_connected() override { ++connected; }
  void on_connect_failed(std::string) override { ++failed; }
  void on_subscribed(std::vector<bool>) override { ++subscribed; }
  void on_lost(std::string) override { ++lost; }
  void on_disconnected() override { ++disconnected; }
  void on_messages() override { ++messages; }
  void on_receipts_flow() override {}

  int connected = 0;
  int failed = 0;
  int subscribed = 0;
  int lost = 0;
  int disconnected = 0;
  int messages = 0;
};

boost::asio::awaitable<void> publish(std::shared_ptr<PahoClient> client, int& answered) {
  std::vector<Outgoing> messages(100, Outgoing("a/b", std::make_shared<const std::string>(1'000, 'x'), json_type));
  for (Outgoing& message : messages) {
    message.correlation_data = "c";
    message.expiry_s = 60;
  }
  auto outcome = client->publish(std::move(messages));
  client.reset();
  co_await std::move(outcome);
  ++answered;
}

class Teardown : public testing::Test {
 protected:
  Teardown() { std::signal(SIGPIPE, SIG_IGN); }

  void begin() {
    told = Told();
    Settings settings;
    settings.uri = broker.uri();
    client = PahoClient::create(context.get_executor(), clock, settings, told);
    client->hold_back(true);
    client->connect();
  }
  void connected() {
    begin();
    run_until([this] { return told.connected == 1; });
    client->set_up(true);
  }
  void end() {
    client.reset();
    context.poll();  // what was said meanwhile
  }
  void run_until(const std::function<bool()>& so) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!so() && std::chrono::steady_clock::now() < deadline) {
      context.run_one_for(std::chrono::milliseconds(50));
    }
    ASSERT_TRUE(so());
  }
  void flood() {
    for (int i = 0; i < 200; ++i) {
      mqtt5::Publish message;
      message.topic = "a/b";
      message.qos = mqtt5::Qos::at_least_once;
      message.payload = std::string(1'000, 'y');
      message.properties.correlation_data = std::string("c");
      broker.publish(std::move(message));
    }
  }

  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  runtime::SystemClock clock;
  ScriptedBroker broker{context};
  Told told;
  std::shared_ptr<PahoClient> client;
};

TEST_F(Teardown, NeverStartedThenNothing) {
  for (int i = 0; i < rounds; ++i) {
    client = PahoClient::create(context.get_executor(), clock, Settings(), told);
    end();
  }
}

TEST_F(Teardown, WhileConnectingThenNoAnswerToWhoIsGone) {
  broker.listen();
  broker.answers_connect = false;
  for (int i = 0; i < rounds; ++i) {
    begin();
    const std::size_t before = broker.connects.size();
    if (i % 2 == 0) {
      run_until([this, before] { return broker.connects.size() > before; });
    }
    end();
    EXPECT_EQ(told.connected, 0);
  }
}

TEST_F(Teardown, AsTheBrokerAnswersThenWhicheverIsFirst) {
  broker.listen();
  for (int i = 0; i < rounds; ++i) {
    begin();
    const std::size_t before = broker.connects.size();
    run_until([this, before] { return broker.connects.size() > before; });
    end();
  }
}

TEST_F(Teardown, WhilePublishingThenEachPublishStaysUnanswered) {
  broker.listen();
  for (int i = 0; i < rounds; ++i) {
    connected();
    int answered = 0;
    const std::size_t before = broker.publishes.size();
    boost::asio::co_spawn(context, publish(client, answered), boost::asio::detached);
    run_until([this, before, i] { return broker.publishes.size() > before + static_cast<std::size_t>(10 * i); });
    client->set_up(false);
    end();
    run_until([&answered] { return answered == 1; });
  }
}

TEST_F(Teardown, WhileMessagesComeAndNobodyTakesThemThenTheyGoWithIt) {
  broker.listen();
  for (int i = 0; i < rounds; ++i) {
    connected();
    client->begin_drain();
    flood();
    run_until([this] { return told.messages > 0; });
    std::optional<Incoming> kept = client->next_message();
    end();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->payload, std::string(1'000, 'y'));  // a message outlives the client
    EXPECT_EQ(kept->correlation_data, "c");
  }
}

TEST_F(Teardown, AsTheConnectionIsLostThenWhicheverIsFirst) {
  broker.listen();
  for (int i = 0; i < rounds; ++i) {
    connected();
    int answered = 0;
    boost::asio::co_spawn(context, publish(client, answered), boost::asio::detached);
    context.poll();
    broker.drop();
    if (i % 2 == 0) {
      run_until([this] { return told.lost > 0; });
    }
    client->set_up(false);
    end();
    run_until([&answered] { return answered == 1; });
  }
}

TEST_F(Teardown, AsItDisconnectsThenWhicheverIsFirst) {
  broker.listen();
  for (int i = 0; i < rounds; ++i) {
    connected();
    client->disconnect();
    if (i % 2 == 0) {
      run_until([this] { return told.disconnected > 0; });
    }
    end();
  }
}

TEST_F(Teardown, ConnectedAgainAndAgainThenNoAnswerIsGivenTwice) {
  broker.listen();
  connected();
  for (int i = 2; i < rounds; ++i) {
    client->set_up(false);
    client->disconnect();
    run_until([this, i] { return told.disconnected >= i - 1; });
    client->connect();
    run_until([this, i] { return told.connected >= i; });
    EXPECT_EQ(told.connected, i);
    client->set_up(true);
  }
  end();
}

}  // namespace
}  // namespace tuanyuan::mqtt::test
