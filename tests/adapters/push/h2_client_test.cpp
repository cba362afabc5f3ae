#include "adapters/push/h2_client.hpp"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <optional>
#include <set>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/pki.hpp"
#include "support/fakes.hpp"
#include "support/real_loop.hpp"
#include "support/scripted_h2.hpp"

// Over real sockets. Deadlines are long where something is to happen and short where it is not.
namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using test::H2Peer;
using test::H2Request;
using test::ScriptedH2;
using Outcome = HttpResult::Outcome;

class NoLog final : public ports::Log {
 public:
  void write(ports::Severity, std::string_view event, Fields) override { events.emplace_back(event); }
  std::vector<std::string> events;
};

/// Everything is on this machine.
class LocalResolver final : public Resolver {
 public:
  boost::asio::awaitable<std::vector<boost::asio::ip::address>> resolve(std::string) override {
    std::vector<boost::asio::ip::address> here;
    here.push_back(boost::asio::ip::address_v4::loopback());
    co_return here;
  }
};

class H2ClientTest : public testing::Test {
 protected:
  static H2Limits limits() {
    H2Limits limits;
    limits.redial_ms_min = 0ms;
    return limits;
  }
  void make(const H2Limits& limits, std::shared_ptr<boost::asio::ssl::context> tls = make_tls_context()) {
    client_.emplace(loop_.context.get_executor(), loop_.clock, log_, resolver_,
                    AddressGuard({parse_network("127.0.0.0/8").value()}), std::move(tls), limits);
  }
  HttpRequest to_server(std::chrono::milliseconds wait = 20s, const std::string& path = "/x") {
    HttpRequest request;
    request.url = parse_url("http://127.0.0.1:" + std::to_string(server_.port()) + path).value();
    request.body = "hello";
    request.deadline = loop_.clock.steady_now() + wait;
    return request;
  }
  HttpResult ask(HttpRequest request) { return loop_.run(client_->request(std::move(request))); }
  void start(HttpRequest request) {
    boost::asio::co_spawn(loop_.context, client_->request(std::move(request)),
                          [this](std::exception_ptr failure, HttpResult result) {
                            if (failure) {
                              std::rethrow_exception(failure);
                            }
                            results_.push_back(std::move(result));
                          });
  }
  void wait_for(const std::function<bool()>& done) { loop_.run_until(done); }
  bool all_answered() const {
    return std::all_of(results_.begin(), results_.end(), [](const HttpResult& result) {
      return result.outcome == Outcome::answered && result.status == 200;
    });
  }

  test::RealLoop loop_;
  NoLog log_;
  ScriptedH2 server_{loop_.context};
  LocalResolver resolver_;
  std::optional<H2Client> client_;
  std::vector<HttpResult> results_;
};

TEST_F(H2ClientTest, ManyRequestsThenAllAnsweredOverOneConnection) {
  make(limits());
  for (int count = 0; count < 200; ++count) {
    start(to_server());
  }
  wait_for([this] { return results_.size() == 200; });
  EXPECT_TRUE(all_answered());
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(H2ClientTest, OneStreamAtATimeThenNeverMoreAndFurtherConnectionsUpToTheLimit) {
  H2Limits few = limits();
  few.connections_max = 3;
  make(few);
  server_.greeting = [](H2Peer& peer) { peer.settings(1); };
  for (int count = 0; count < 50; ++count) {
    start(to_server());
  }
  wait_for([this] { return results_.size() == 50; });
  EXPECT_TRUE(all_answered());
  EXPECT_LE(server_.connections(), 3U);
  EXPECT_GE(server_.connections(), 2U);
}

TEST_F(H2ClientTest, BeforeTheFirstAnswerThenOneRequestAlone) {
  make(limits());
  std::vector<H2Request> held;
  server_.script = [&held](H2Peer&, const H2Request& request) { held.push_back(request); };
  for (int count = 0; count < 10; ++count) {
    start(to_server());
  }
  wait_for([&held] { return !held.empty(); });
  EXPECT_EQ(server_.peer(1).opened.size(), 1U);
  server_.script = [](H2Peer& peer, const H2Request& request) { peer.answer(request.stream, 200); };
  server_.peer(1).answer(held[0].stream, 200);
  server_.flush(1);
  wait_for([this] { return results_.size() == 10; });
  EXPECT_TRUE(all_answered());
}

TEST_F(H2ClientTest, GoawayInMidBurstThenWhatWasNotLookedAtGoesByAnotherConnectionAndNothingTwice) {
  make(limits());
  ask(to_server());
  std::size_t seen = 0;
  server_.script = [&seen](H2Peer& peer, const H2Request& request) {
    ++seen;
    if (request.connection == 1 && seen == 5) {
      peer.answer(request.stream, 200);
      peer.goaway(request.stream, NGHTTP2_NO_ERROR, R"({"reason":"Shutdown"})");
    } else if (request.connection != 1 || seen < 5) {
      peer.answer(request.stream, 200);
    }
  };
  for (int count = 0; count < 40; ++count) {
    start(to_server(20s, "/" + std::to_string(count)));
  }
  wait_for([this] { return results_.size() == 40; });
  EXPECT_TRUE(all_answered());
  EXPECT_EQ(server_.connections(), 2U);
  std::multiset<std::string> second;
  for (const H2Request& request : server_.received) {
    if (request.connection == 2) {
      second.insert(request.fields.at(":path"));
    }
  }
  EXPECT_EQ(second.size(), 35U);
  EXPECT_EQ(std::set<std::string>(second.begin(), second.end()).size(), 35U);
  EXPECT_NE(std::find(log_.events.begin(), log_.events.end(), "gateway.goaway"), log_.events.end());
}

TEST_F(H2ClientTest, RefusedThenMadeAgainButNotForEver) {
  make(limits());
  std::size_t seen = 0;
  server_.script = [&seen](H2Peer& peer, const H2Request& request) {
    if (++seen < 3) {
      peer.reset(request.stream, NGHTTP2_REFUSED_STREAM);
    } else {
      peer.answer(request.stream, 200);
    }
  };
  EXPECT_EQ(ask(to_server()).status, 200);
  EXPECT_EQ(seen, 3U);
  server_.script = [&seen](H2Peer& peer, const H2Request& request) {
    ++seen;
    peer.reset(request.stream, NGHTTP2_REFUSED_STREAM);
  };
  EXPECT_EQ(ask(to_server()).outcome, Outcome::not_sent);
  EXPECT_EQ(seen, 3U + limits().tries_max);
}

TEST_F(H2ClientTest, TheConnectionIsCutThenUnknownAndNotMadeAgain) {
  make(limits());
  ask(to_server());
  server_.script = [this](H2Peer&, const H2Request&) { server_.cut(1); };
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::unknown);
  EXPECT_EQ(result.failure, HttpFailure::broken_off);
  EXPECT_EQ(server_.received.size(), 2U);
}

TEST_F(H2ClientTest, NoAnswerInTimeThenUnknownTheStreamResetAndTheConnectionAskedWhetherItLives) {
  make(limits());
  ask(to_server());
  server_.script = [](H2Peer&, const H2Request&) {};
  const HttpResult result = ask(to_server(100ms));
  EXPECT_EQ(result.outcome, Outcome::unknown);
  EXPECT_EQ(result.failure, HttpFailure::timed_out);
  wait_for([this] { return server_.peer(1).pings == 1 && server_.peer(1).resets.size() == 1; });
  server_.script = [](H2Peer& peer, const H2Request& request) { peer.answer(request.stream, 200); };
  EXPECT_EQ(ask(to_server()).status, 200);
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(H2ClientTest, NoAnswerToPingThenTheConnectionIsGivenUp) {
  H2Limits quick = limits();
  quick.ping_after_ms = 50ms;
  quick.ping_ms_max = 50ms;
  make(quick);
  server_.greeting = [](H2Peer& peer) {
    peer.settings();
    peer.answers_pings = false;
  };
  const HttpRequest request = to_server();
  ask(request);
  wait_for([this, &request] { return client_->connections(request.url) == 0; });
  EXPECT_EQ(server_.peer(1).pings, 1U);
}

TEST_F(H2ClientTest, IdleThenPingsKeepTheConnection) {
  H2Limits quick = limits();
  quick.ping_after_ms = 20ms;
  make(quick);
  const HttpRequest request = to_server();
  ask(request);
  wait_for([this] { return server_.peer(1).pings >= 3; });
  EXPECT_EQ(client_->connections(request.url), 1U);
}

TEST_F(H2ClientTest, NoSettingsInTimeThenGivenUpAndNothingSent) {
  H2Limits quick = limits();
  quick.settings_ms_max = 50ms;
  quick.redial_ms_min = 10s;
  make(quick);
  server_.greeting = [](H2Peer&) {};
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::not_sent);
  EXPECT_EQ(result.failure, HttpFailure::broken_off);
  EXPECT_TRUE(server_.received.empty());
}

TEST_F(H2ClientTest, OvertakenWhileItWaitsForAConnectionThenItDoesNotLeave) {
  make(limits());
  server_.greeting = [](H2Peer&) {};
  bool is_due = true;
  HttpRequest overtaken = to_server();
  overtaken.still_due = [&is_due] { return is_due; };
  start(std::move(overtaken));
  start(to_server());
  wait_for([this] { return server_.connections() == 1; });
  is_due = false;
  server_.peer(1).settings();
  server_.flush(1);
  wait_for([this] { return results_.size() == 2; });
  EXPECT_EQ(results_[0].outcome, Outcome::not_sent);
  EXPECT_EQ(results_[0].failure, HttpFailure::not_due);
  EXPECT_EQ(results_[1].status, 200);
  EXPECT_EQ(server_.received.size(), 1U);
}

TEST_F(H2ClientTest, NobodyListensThenNotSentAndNoFurtherTryUntilTheWaitIsOver) {
  H2Limits patient = limits();
  patient.redial_ms_min = 60s;
  patient.redial_ms_max = 60s;
  make(patient);
  server_.stop_listening();
  EXPECT_EQ(ask(to_server()).failure, HttpFailure::unreachable);
  ScriptedH2 other(loop_.context);
  const HttpResult again = ask(to_server());
  EXPECT_EQ(again.outcome, Outcome::not_sent);
  EXPECT_EQ(again.failure, HttpFailure::unreachable);
}

TEST_F(H2ClientTest, AnAddressThatNobodyNamedThenRefused) {
  client_.emplace(loop_.context.get_executor(), loop_.clock, log_, resolver_, AddressGuard(), make_tls_context(),
                  limits());
  EXPECT_EQ(ask(to_server()).failure, HttpFailure::address_refused);
  HttpRequest by_name = to_server();
  by_name.url.host = "name.test";
  by_name.url.host_is_address = false;
  EXPECT_EQ(ask(std::move(by_name)).failure, HttpFailure::name_refused);
  EXPECT_EQ(server_.connections(), 0U);
}

TEST_F(H2ClientTest, AFieldThatWouldBecomeTwoThenNotSent) {
  make(limits());
  HttpRequest request = to_server();
  request.fields.emplace_back("x", "a\r\nb: c");
  EXPECT_EQ(ask(std::move(request)).failure, HttpFailure::malformed);
}

TEST_F(H2ClientTest, TooManyWaitThenTheNextIsNotSent) {
  H2Limits few = limits();
  few.waiting_max = 2;
  make(few);
  server_.greeting = [](H2Peer&) {};
  start(to_server());
  start(to_server());
  wait_for([this] { return server_.connections() == 1; });
  EXPECT_EQ(ask(to_server()).failure, HttpFailure::overloaded);
}

TEST_F(H2ClientTest, CancelledThenItEndsAtOnceAndTheStreamIsReset) {
  make(limits());
  server_.script = [](H2Peer&, const H2Request&) {};
  boost::asio::cancellation_signal stop;
  std::optional<bool> thrown;
  auto on_end = [&thrown](std::exception_ptr failure, HttpResult) { thrown = failure != nullptr; };
  boost::asio::co_spawn(loop_.context, client_->request(to_server(24h)),
                        boost::asio::bind_cancellation_slot(stop.slot(), std::move(on_end)));
  wait_for([this] { return server_.received.size() == 1; });
  stop.emit(boost::asio::cancellation_type::terminal);
  wait_for([&thrown] { return thrown.has_value(); });
  EXPECT_TRUE(*thrown);
  wait_for([this] { return server_.peer(1).resets.size() == 1; });
}

TEST_F(H2ClientTest, StartedAfreshThenWhatIsUnderWayFinishesAndTheNextGoesByAnother) {
  make(limits());
  ask(to_server());
  std::vector<H2Request> held;
  server_.script = [&held](H2Peer& peer, const H2Request& request) {
    if (request.connection == 1) {
      held.push_back(request);
    } else {
      peer.answer(request.stream, 200);
    }
  };
  start(to_server());
  wait_for([&held] { return held.size() == 1; });
  client_->start_afresh(to_server().url);
  EXPECT_EQ(ask(to_server()).status, 200);
  EXPECT_EQ(server_.connections(), 2U);
  server_.peer(1).answer(held[0].stream, 200);
  server_.flush(1);
  wait_for([this] { return results_.size() == 1; });
  EXPECT_TRUE(all_answered());
  wait_for([this] { return client_->connections(to_server().url) == 1; });
}

TEST_F(H2ClientTest, ANewConnectionIsSilentForLongThenAFurtherOneIsTried) {
  H2Limits quick = limits();
  quick.probe_ms_max = 50ms;
  make(quick);
  server_.script = [](H2Peer& peer, const H2Request& request) {
    if (request.connection != 1) {
      peer.answer(request.stream, 200);
    }
  };
  start(to_server());
  start(to_server());
  wait_for([this] { return results_.size() == 1; });
  EXPECT_EQ(server_.connections(), 2U);
}

/// The same over TLS.
class H2TlsTest : public H2ClientTest {
 protected:
  static int choose(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                    unsigned int in_size, void* wanted) {
    const auto& protocol = *static_cast<const std::string*>(wanted);
    for (unsigned int at = 0; at < in_size; at += in[at] + 1U) {
      if (std::string(reinterpret_cast<const char*>(in + at + 1), in[at]) == protocol) {
        *out = in + at + 1;
        *size = in[at];
        return SSL_TLSEXT_ERR_OK;
      }
    }
    return SSL_TLSEXT_ERR_NOACK;
  }

  std::shared_ptr<boost::asio::ssl::context> server_context() {
    const auto issued = authority_.issue_server({"gateway.test"}, valid_).value();
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    context->use_certificate_chain(boost::asio::buffer(issued.certificate));
    context->use_private_key(boost::asio::buffer(issued.key), boost::asio::ssl::context::pem);
    SSL_CTX_set_alpn_select_cb(context->native_handle(), choose, &chosen_);
    return context;
  }
  std::shared_ptr<boost::asio::ssl::context> trusting() {
    auto context = make_tls_context();
    context->add_certificate_authority(boost::asio::buffer(authority_.certificate()));
    return context;
  }
  HttpRequest to(const std::string& host, const ScriptedH2& server) {
    HttpRequest request = to_server();
    request.url = parse_url("https://" + host + ":" + std::to_string(server.port()) + "/x").value();
    return request;
  }

  crypto::Validity valid_ = crypto::valid_from(
      std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now()), std::chrono::days(7));
  crypto::CertificateAuthority authority_ = crypto::CertificateAuthority::make("test CA", valid_);
  std::string chosen_ = "h2";
};

TEST_F(H2TlsTest, ATrustedServerThatChoosesHttp2ThenAnswered) {
  make(limits(), trusting());
  ScriptedH2 server(loop_.context, server_context());
  for (int count = 0; count < 100; ++count) {
    start(to("gateway.test", server));
  }
  wait_for([this] { return results_.size() == 100; });
  EXPECT_TRUE(all_answered());
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(H2TlsTest, AnotherNameThenNothingIsSent) {
  make(limits(), trusting());
  ScriptedH2 server(loop_.context, server_context());
  EXPECT_EQ(ask(to("other.test", server)).failure, HttpFailure::not_trusted);
  EXPECT_TRUE(server.received.empty());
}

TEST_F(H2TlsTest, AServerThatDoesNotChooseHttp2ThenNothingIsSent) {
  make(limits(), trusting());
  chosen_ = "http/1.1";
  ScriptedH2 server(loop_.context, server_context());
  const HttpResult result = ask(to("gateway.test", server));
  EXPECT_EQ(result.outcome, Outcome::not_sent);
  EXPECT_EQ(result.failure, HttpFailure::other_protocol);
  EXPECT_TRUE(server.received.empty());
}

}  // namespace
}  // namespace tuanyuan::push
