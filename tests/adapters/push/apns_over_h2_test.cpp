#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/push/apns_channel.hpp"
#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/h2_client.hpp"
#include "adapters/push/limits.hpp"
#include "runtime/system_clock.hpp"
#include "support/push_keys.hpp"
#include "support/real_loop.hpp"
#include "support/scripted_h2.hpp"

// The channel and its client for HTTP/2 together, over real sockets. What each does by itself is in the tests
// beside.
namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using test::H2Peer;
using test::H2Request;

/// What ages provider tokens without anybody waiting for it.
class ClockAhead final : public ports::Clock {
 public:
  core::Instant wall_now() override { return clock_.wall_now() + ahead; }
  Steady steady_now() override { return clock_.steady_now() + ahead; }
  boost::asio::awaitable<void> sleep_until(Steady at) override { return clock_.sleep_until(at - ahead); }

  core::Duration ahead{0};

 private:
  runtime::SystemClock clock_;
};

class NoNames final : public Resolver {
 public:
  boost::asio::awaitable<std::vector<boost::asio::ip::address>> resolve(std::string) override {
    co_return std::vector<boost::asio::ip::address>();
  }
};

class ApnsOverH2 : public testing::Test {
 protected:
  ApnsOverH2() { secrets_.put("key", test::apns_key); }

  ApnsSettings settings() const {
    ApnsSettings settings;
    settings.base = "http://127.0.0.1:" + std::to_string(server_.port());
    settings.key_id = "ABC123DEFG";
    settings.team_id = "TEAM567890";
    settings.topic = "org.example.tuanyuan";
    return settings;
  }
  static H2Limits limits() {
    H2Limits limits;
    limits.redial_ms_min = 0ms;
    return limits;
  }
  DeliveryOutcome send(ApnsChannel& channel) { return loop_.run(channel.send(dispatch("00ffaa"))).outcome; }
  /// Of a request that the server has got, counted from 0.
  const std::string& sent_field(std::size_t which, const std::string& name) const {
    return server_.received.at(which).fields.at(name);
  }

  test::RealLoop loop_;
  ClockAhead clock_;
  test::NoLog log_;
  test::ScriptedH2 server_{loop_.context};
  NoNames resolver_;
  Credentials secrets_;
  Words words_{core::default_templates()};
  crypto::OpenSslVault vault_{{std::string(32, 'k')}};
  AnswerLinks links_{vault_, "https://here.test/api/v1"};
  H2Client client_{loop_.context.get_executor(),
                   loop_.clock,
                   log_,
                   resolver_,
                   AddressGuard({parse_network("127.0.0.0/8").value()}),
                   make_tls_context(),
                   limits()};
};

TEST_F(ApnsOverH2, TheTokenHasExpiredThenAcceptedWithAnotherByANewConnectionAndSoIsWhatFollows) {
  ApnsChannel channel({client_, clock_, log_}, secrets_, words_, links_, settings());
  std::string expired;
  server_.script = [&expired](H2Peer& peer, const H2Request& request) {
    if (request.fields.at("authorization") == expired) {
      peer.answer(request.stream, 403, {}, R"({"reason":"ExpiredProviderToken"})");
    } else {
      peer.answer(request.stream, 200);
    }
  };
  EXPECT_EQ(send(channel), DeliveryOutcome::accepted);
  expired = sent_field(0, "authorization");
  clock_.ahead = apns_token_age_min;
  EXPECT_EQ(send(channel), DeliveryOutcome::accepted);
  EXPECT_EQ(send(channel), DeliveryOutcome::accepted);
  ASSERT_EQ(server_.received.size(), 4U);
  EXPECT_EQ(sent_field(1, "authorization"), expired);
  EXPECT_NE(sent_field(2, "authorization"), expired);
  EXPECT_EQ(sent_field(3, "authorization"), sent_field(2, "authorization"));
  EXPECT_EQ(sent_field(2, "apns-id"), sent_field(1, "apns-id"));
  const std::vector<std::size_t> by{server_.received[0].connection, server_.received[1].connection,
                                    server_.received[2].connection, server_.received[3].connection};
  EXPECT_EQ(by, (std::vector<std::size_t>{1, 1, 2, 2}));
}

}  // namespace
}  // namespace tuanyuan::push
