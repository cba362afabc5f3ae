#include "tools/station/fleet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <sstream>
#include <string>

#include "adapters/wire/answer_codec.hpp"
#include "runtime/system_clock.hpp"
#include "tools/station/deployment.hpp"
#include "tools/station/folder.hpp"
#include "tools/station/tls_broker.hpp"

namespace tuanyuan::station {
namespace {

class FleetTest : public testing::Test {
 protected:
  FleetTest() { std::signal(SIGPIPE, SIG_IGN); }

  static crypto::Validity valid() {
    return crypto::valid_from(runtime::SystemClock().wall_now(), std::chrono::days(1));
  }

  void start_broker(const std::vector<std::string>& names = {"localhost"}) {
    broker.emplace(loop, deployment.ca(), deployment.authority().issue_server(names, valid()).value());
  }

  Crew crew(const std::string& id) {
    const auto issued = deployment.authority().issue_recipient(core::RecipientId(id), valid()).value();
    Crew made;
    made.plan.self.id = core::RecipientId(id);
    made.plan.self.division = core::Division{210102};
    made.plan.self.place = heping;
    made.credentials = {folder.write(id + ".crt", issued.certificate), folder.write(id + ".key", issued.key)};
    return made;
  }

  void start_fleet(std::size_t stations, FleetSettings settings = {}) {
    settings.broker_host = "localhost";
    settings.broker_port = broker->port();
    if (settings.ca.empty()) {
      settings.ca = deployment.ca();
    }
    settings.tells_each = true;
    fleet.emplace(loop, settings, commons, display, lines, clock);
    for (std::size_t i = 1; i <= stations; ++i) {
      fleet->add(crew("s" + std::to_string(i)));
    }
    fleet->start();
  }

  void until(const std::function<bool()>& reached) {
    while (!reached() && loop.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    ASSERT_TRUE(reached()) << printed.str();
  }

  bool has_printed(const std::string& text) const { return printed.str().find(text) != std::string::npos; }

  void send_alert() {
    core::Notice notice = notice_at({1, 0});
    notice.issued_at = started;
    notice.expires_at = started + std::chrono::hours(1);
    broker->publish("tuanyuan/v1/keys", deployment.keys_protobuf());
    broker->publish("tuanyuan/v1/notices/partner/210102/" + notice.alert_id.value,
                    deployment.sign(notice).protobuf);
  }

  /// The answers of a kind that the broker has been given.
  std::size_t answers(core::AnswerKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(broker->published.begin(), broker->published.end(), [&](const mqtt5::Publish& publish) {
          v1::Acknowledgement message;
          return publish.topic.find("/acknowledgements/") != std::string::npos &&
                 message.ParseFromString(publish.payload) && wire::from_proto(message)->kind == kind;
        }));
  }

  Folder folder;
  runtime::SystemClock clock;
  core::Instant started = clock.wall_now();
  Deployment deployment{started};
  std::ostringstream printed;
  JournalLines lines{printed};
  SimulatedDisplay display;
  boost::asio::io_context loop{1};
  Commons commons{MindSettings{}, deployment.ca()};
  std::optional<TlsBroker> broker;
  std::optional<Fleet> fleet;
};

TEST_F(FleetTest, StartedThenConnectsWithItsWillSubscribesAndSaysOnline) {
  start_broker();
  FleetSettings settings;
  settings.ready_file = folder / "ready";
  start_fleet(1, settings);
  until([&] { return has_printed("{\"event\":\"connected\",\"stations\":1}") && broker->published.size() == 1; });
  const mqtt5::Connect& connect = broker->peers[0]->connect;
  EXPECT_EQ(connect.client_id, "s1");
  EXPECT_EQ(connect.will->topic, "tuanyuan/v1/presence/s1");
  EXPECT_EQ(connect.will->payload, "offline");
  EXPECT_TRUE(connect.will->retain);
  ASSERT_EQ(broker->subscribed.size(), 1U);
  EXPECT_EQ(broker->subscribed[0].subscriptions.size(), 4U);
  EXPECT_EQ(broker->published[0].topic, "tuanyuan/v1/presence/s1");
  EXPECT_EQ(broker->published[0].payload, "online");
  EXPECT_TRUE(broker->published[0].retain);
  EXPECT_TRUE(std::filesystem::exists(folder / "ready"));
  EXPECT_EQ(commons.totals.connected, 1U);
}

TEST_F(FleetTest, NoticeThenAnsweredAskingForBatches) {
  start_broker();
  FleetSettings settings;
  settings.wants_batches = true;
  start_fleet(1, settings);
  until([&] { return has_printed("\"connected\""); });
  send_alert();
  until([&] { return answers(core::AnswerKind::displayed) == 1; });
  EXPECT_EQ(answers(core::AnswerKind::received), 1U);
  EXPECT_EQ(broker->published.back().properties.user_properties,
            (std::vector<mqtt5::UserProperty>{{"receipts", "batch"}}));
}

TEST_F(FleetTest, ConnectionLostBeforeTheReceiptThenComesBackAndSaysItAgain) {
  start_broker();
  start_fleet(1);
  until([&] { return has_printed("\"connected\""); });
  send_alert();
  until([&] { return answers(core::AnswerKind::displayed) == 1; });
  broker->peers[0]->drop();
  until([&] { return answers(core::AnswerKind::displayed) == 2 && answers(core::AnswerKind::received) == 2; });
  EXPECT_EQ(broker->peers.size(), 2U);
  EXPECT_TRUE(broker->peers[1]->resumed) << "the TLS session of the first connection is gone on with";
  EXPECT_TRUE(has_printed("connected-again"));
  EXPECT_EQ(broker->subscribed.size(), 2U);
}

TEST_F(FleetTest, ReceiptThenTheAnswerIsNotSaidAgainAfterABreak) {
  start_broker();
  start_fleet(1);
  until([&] { return has_printed("\"connected\""); });
  send_alert();
  until([&] { return answers(core::AnswerKind::displayed) == 1; });
  core::Receipt receipt;
  receipt.alert_id = notice_at({1, 0}).alert_id;
  receipt.revision = 1;
  receipt.recipient_id = core::RecipientId("s1");
  receipt.kind = core::AnswerKind::received;
  receipt.recorded_at = started;
  broker->publish("tuanyuan/v1/receipts/s1", wire::to_proto(receipt).SerializeAsString());
  until([&] { return commons.totals.receipts == 1; });
  broker->peers[0]->drop();
  until([&] { return answers(core::AnswerKind::displayed) == 2; });
  EXPECT_EQ(answers(core::AnswerKind::received), 1U);
}

TEST_F(FleetTest, BrokerOfAnotherCaOrAnotherNameThenNothingIsSaidToIt) {
  start_broker({"elsewhere.example"});
  start_fleet(1);
  until([&] { return has_printed("server certificate"); });
  fleet.reset();
  FleetSettings settings;
  settings.ca = Deployment(started).ca();
  printed.str("");
  start_fleet(1, settings);
  until([&] { return has_printed("server certificate"); });
  EXPECT_TRUE(broker->subscribed.empty());
}

TEST_F(FleetTest, SubscriptionRefusedThenSaidAndTriedAgainFromTheStart) {
  start_broker();
  int refused = 0;
  broker->on_packet = [&](TlsBroker::Peer& peer, const mqtt5::Packet& packet) {
    const auto* subscribe = std::get_if<mqtt5::Subscribe>(&packet);
    if (subscribe == nullptr || refused > 0) {
      broker->oblige(peer, packet);
      return;
    }
    refused += 1;
    mqtt5::Suback suback;
    suback.packet_id = subscribe->packet_id;
    suback.reasons.assign(subscribe->subscriptions.size(), mqtt5::ReasonCode::not_authorized);
    peer.send(suback);
  };
  start_fleet(1);
  until([&] { return has_printed("{\"event\":\"connected\",\"stations\":1}"); });
  EXPECT_TRUE(has_printed("subscription-refused"));
  EXPECT_EQ(broker->peers.size(), 2U);
}

TEST_F(FleetTest, ManyStationsThenOnlySoManyConnectAtOnce) {
  start_broker();
  std::vector<std::weak_ptr<TlsBroker::Peer>> held;
  broker->on_packet = [&](TlsBroker::Peer& peer, const mqtt5::Packet& packet) {
    if (std::holds_alternative<mqtt5::Connect>(packet)) {
      held.push_back(peer.weak_from_this());
    } else {
      broker->oblige(peer, packet);
    }
  };
  FleetSettings settings;
  settings.connecting_max = 2;
  start_fleet(5, settings);
  for (std::size_t let_in = 0; let_in < 5; ++let_in) {
    until([&] { return held.size() == std::min<std::size_t>(let_in + 2, 5); });
    loop.poll();
    EXPECT_EQ(broker->peers.size(), std::min<std::size_t>(let_in + 2, 5));
    held[let_in].lock()->send(mqtt5::Connack{});
  }
  until([&] { return has_printed("{\"event\":\"connected\",\"stations\":5}"); });
}

TEST_F(FleetTest, BrokerIsNotThereThenTriedAgainUntilItIs) {
  start_broker();
  const std::string port = broker->port();
  broker.reset();
  start_broker();
  FleetSettings settings;
  settings.broker_host = "localhost";
  settings.broker_port = port;  // nobody listens there any more
  settings.ca = deployment.ca();
  settings.tells_each = true;
  fleet.emplace(loop, settings, commons, display, lines, clock);
  fleet->add(crew("s1"));
  fleet->start();
  until([&] { return has_printed("disconnected"); });
  printed.str("");
  until([&] { return has_printed("disconnected"); });
  EXPECT_EQ(commons.totals.connected, 0U);
}

TEST_F(FleetTest, StoppedThenSaysGoodByeLeavingItsWillAndTellsTheTotals) {
  start_broker();
  start_fleet(3);
  until([&] { return has_printed("\"stations\":3"); });
  fleet->stop();
  until([&] { return loop.stopped(); });
  loop.restart();
  until([&] { return broker->disconnects.size() == 3; });
  for (const mqtt5::Disconnect& disconnect : broker->disconnects) {
    EXPECT_EQ(disconnect.reason, mqtt5::ReasonCode::disconnect_with_will);
  }
  EXPECT_TRUE(has_printed("{\"event\":\"end\""));
}

}  // namespace
}  // namespace tuanyuan::station
