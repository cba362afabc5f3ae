#include "adapters/push/http_client.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ssl/context.hpp>
#include <map>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/pki.hpp"
#include "runtime/blocking_pool.hpp"
#include "support/real_loop.hpp"
#include "support/scripted_http.hpp"

// Over real sockets. Deadlines are long where something is to happen and short where it is not.
namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using test::http_answer;
using test::Received;
using test::Reply;
using test::ScriptedHttp;
using Outcome = HttpResult::Outcome;
using Address = boost::asio::ip::address;

/// Names as a test wants them; the others are never answered.
class FakeResolver final : public Resolver {
 public:
  explicit FakeResolver(boost::asio::io_context& context) : never_(context.get_executor()) {}

  boost::asio::awaitable<std::vector<Address>> resolve(std::string host) override {
    ++asked;
    if (!names.contains(host)) {
      co_await never_.wait();
    }
    co_return names[host];
  }

  std::map<std::string, std::vector<Address>> names;
  int asked = 0;

 private:
  runtime::Event never_;
};

class HttpClientTest : public testing::Test {
 protected:
  void make(ClientLimits limits = {}, std::shared_ptr<boost::asio::ssl::context> tls = make_tls_context()) {
    client_.emplace(loop_.context.get_executor(), loop_.clock, resolver_,
                    AddressGuard({parse_network("127.0.0.0/8").value()}), std::move(tls), limits);
  }

  HttpRequest to(const std::string& url, std::chrono::milliseconds wait = 20s) {
    HttpRequest request;
    request.url = parse_url(url).value();
    request.fields.emplace_back("X-Test", "yes");
    request.body = "hello";
    request.deadline = loop_.clock.steady_now() + wait;
    return request;
  }
  HttpRequest to_server(std::chrono::milliseconds wait = 20s) {
    return to("http://127.0.0.1:" + std::to_string(server_.port()) + "/x?y", wait);
  }
  HttpResult ask(HttpRequest request) { return loop_.run(client_->request(std::move(request))); }

  void start(HttpRequest request, std::vector<HttpResult>& results) {
    boost::asio::co_spawn(loop_.context, client_->request(std::move(request)),
                          [&results](std::exception_ptr failure, HttpResult result) {
                            if (failure) {
                              std::rethrow_exception(failure);
                            }
                            results.push_back(std::move(result));
                          });
  }
  void wait_for(const std::function<bool()>& done) { loop_.run_until(done); }

  test::RealLoop loop_;
  ScriptedHttp server_{loop_.context};
  FakeResolver resolver_{loop_.context};
  std::optional<HttpClient> client_;
};

TEST_F(HttpClientTest, ARequestThenWholeAtTheServerAndItsAnswerBack) {
  make();
  server_.script = [](const Received&) {
    return Reply(http_answer(429, "Retry-After: 3\r\nContent-Type: text/plain\r\n", "slow"));
  };
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::answered);
  EXPECT_EQ(result.status, 429);
  EXPECT_EQ(result.retry_after, "3");
  EXPECT_EQ(result.body, "slow");
  ASSERT_EQ(server_.received.size(), 1U);
  const Received& received = server_.received.front();
  EXPECT_EQ(received.line, "POST /x?y HTTP/1.1");
  EXPECT_EQ(received.fields.at("host"), "127.0.0.1:" + std::to_string(server_.port()));
  EXPECT_EQ(received.fields.at("x-test"), "yes");
  EXPECT_EQ(received.body, "hello");
}

TEST_F(HttpClientTest, WhatManyShareThenItArrivesWithItsOwn) {
  make();
  HttpShared shared;
  shared.fields = {{"x-shared", "too"}};
  shared.body = "well, ";
  HttpRequest request = to_server();
  request.shared = std::make_shared<const HttpShared>(shared);
  EXPECT_EQ(ask(std::move(request)).outcome, Outcome::answered);
  ASSERT_EQ(server_.received.size(), 1U);
  EXPECT_EQ(server_.received.front().body, "well, hello");
  EXPECT_EQ(server_.received.front().fields.at("x-shared"), "too");
  EXPECT_EQ(server_.received.front().fields.at("x-test"), "yes");
  shared.fields = {{"x-shared", "two\r\nx-lines: yes"}};
  HttpRequest broken = to_server();
  broken.shared = std::make_shared<const HttpShared>(shared);
  EXPECT_EQ(ask(std::move(broken)).failure, HttpFailure::malformed);
}

TEST_F(HttpClientTest, ARedirectThenAnAnswerLikeOthers) {
  make();
  server_.script = [this](const Received&) {
    return Reply(http_answer(307, "Location: http://127.0.0.1:" + std::to_string(server_.port()) + "/y\r\n"));
  };
  EXPECT_EQ(ask(to_server()).status, 307);
  EXPECT_EQ(server_.received.size(), 1U);
}

TEST_F(HttpClientTest, SeveralRequestsThenOneConnectionUnlessItIsToClose) {
  make();
  ask(to_server());
  ask(to_server());
  EXPECT_EQ(server_.connections, 1U);
  server_.script = [](const Received&) { return Reply(http_answer(204, "Connection: close\r\n"), true); };
  ask(to_server());
  EXPECT_EQ(client_->idle(), 0U);
  ask(to_server());
  EXPECT_EQ(server_.connections, 2U);
}

TEST_F(HttpClientTest, AnIdleConnectionClosedByTheServerThenAFreshOne) {
  make();
  ask(to_server());
  server_.close_idle();
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::answered);
  EXPECT_EQ(server_.connections, 2U);
  EXPECT_EQ(server_.received.size(), 2U);
}

TEST_F(HttpClientTest, AReusedConnectionThatEndsOverTheRequestThenUnknownAndNotRepeated) {
  make();
  ask(to_server());
  server_.script = [](const Received&) { return Reply("", true); };
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::unknown);
  EXPECT_EQ(result.failure, HttpFailure::broken_off);
  EXPECT_EQ(server_.received.size(), 2U);
}

TEST_F(HttpClientTest, AnIdleConnectionAfterItsTimeThenClosed) {
  ClientLimits limits;
  limits.idle_ms_max = 20ms;
  make(limits);
  ask(to_server());
  EXPECT_EQ(client_->idle(), 1U);
  wait_for([this] { return client_->idle() == 0; });
}

TEST_F(HttpClientTest, MoreIdleConnectionsThanAnOriginMayKeepThenClosed) {
  ClientLimits limits;
  limits.idle_per_origin_max = 1;
  make(limits);
  const auto gate = std::make_shared<runtime::Event>(loop_.context.get_executor());
  server_.script = [gate](const Received&) {
    Reply reply(http_answer(204));
    reply.held = gate;
    return reply;
  };
  std::vector<HttpResult> results;
  start(to_server(), results);
  start(to_server(), results);
  wait_for([this] { return server_.received.size() == 2; });
  gate->set();
  wait_for([&results] { return results.size() == 2; });
  EXPECT_EQ(client_->idle(), 1U);
}

TEST_F(HttpClientTest, MoreIdleConnectionsThanAreKeptThenTheOldestGoes) {
  ClientLimits limits;
  limits.idle_max = 1;
  make(limits);
  ScriptedHttp other(loop_.context);
  ask(to_server());
  EXPECT_EQ(ask(to("http://127.0.0.1:" + std::to_string(other.port()) + "/")).outcome, Outcome::answered);
  EXPECT_EQ(client_->idle(), 1U);
  ask(to_server());
  EXPECT_EQ(server_.connections, 2U);
}

TEST_F(HttpClientTest, AServerThatIsSilentThenUnknownAtTheDeadline) {
  make();
  server_.script = [](const Received&) { return Reply(); };
  const HttpResult result = ask(to_server(200ms));
  EXPECT_EQ(result.outcome, Outcome::unknown);
  EXPECT_EQ(result.failure, HttpFailure::timed_out);
  EXPECT_EQ(client_->idle(), 0U);
}

TEST_F(HttpClientTest, AnswersThatAreNoneThenUnknown) {
  make();
  const std::pair<std::string, HttpFailure> rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", HttpFailure::broken_off},
      {"HTTP/1.1 200", HttpFailure::broken_off},
      {"nonsense\r\n\r\n", HttpFailure::bad_answer},
      {"HTTP/1.1 200 OK\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n", HttpFailure::bad_answer},
  };
  for (const auto& [text, failure] : rows) {
    server_.script = [&text = text](const Received&) { return Reply(text, true); };
    const HttpResult result = ask(to_server());
    EXPECT_EQ(result.outcome, Outcome::unknown) << text.substr(0, 40);
    EXPECT_EQ(result.failure, failure) << text.substr(0, 40);
  }
}

TEST_F(HttpClientTest, AnAnswerThatIsTooLargeThenItsStatusAndNoMoreThanTheLimit) {
  ClientLimits limits;
  limits.answer_body_bytes_max = 100;
  make(limits);
  server_.script = [](const Received&) { return Reply(http_answer(500, "", std::string(1000, 'a'))); };
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::answered);
  EXPECT_EQ(result.status, 500);
  EXPECT_TRUE(result.body_cut);
  EXPECT_EQ(client_->idle(), 0U);
}

TEST_F(HttpClientTest, OvertakenWhileItWaitsThenItDoesNotLeave) {
  make();
  for (const int due_for : {0, 1}) {  // before it has a connection, and once it has one
    HttpRequest request = to_server();
    int asked = 0;
    request.still_due = [&asked, due_for] { return ++asked <= due_for; };
    const HttpResult result = ask(std::move(request));
    EXPECT_EQ(result.outcome, Outcome::not_sent);
    EXPECT_EQ(result.failure, HttpFailure::not_due);
    EXPECT_EQ(asked, due_for + 1);
  }
  EXPECT_TRUE(server_.received.empty());
}

TEST_F(HttpClientTest, NobodyListeningThenNotSent) {
  make();
  server_.stop_listening();
  const HttpResult result = ask(to_server());
  EXPECT_EQ(result.outcome, Outcome::not_sent);
  EXPECT_EQ(result.failure, HttpFailure::unreachable);
}

TEST_F(HttpClientTest, ANameThenOnlyItsPermittedAddressesAndAskedForOnce) {
  make();
  resolver_.names["hook.test"] = {boost::asio::ip::make_address("10.0.0.1"), boost::asio::ip::make_address("::1"),
                                  boost::asio::ip::make_address("127.0.0.1")};
  const std::string url = "http://hook.test:" + std::to_string(server_.port()) + "/";
  EXPECT_EQ(ask(to(url)).outcome, Outcome::answered);
  EXPECT_EQ(server_.received.front().fields.at("host"), "hook.test:" + std::to_string(server_.port()));
  EXPECT_EQ(resolver_.asked, 1);
}

TEST_F(HttpClientTest, AddressesThatAreAllRefusedThenNotSent) {
  make();
  resolver_.names["inside.test"] = {boost::asio::ip::make_address("10.0.0.1"),
                                    boost::asio::ip::make_address("::ffff:127.0.0.1")};
  resolver_.names["sinkhole.test"] = {boost::asio::ip::make_address("0.0.0.0")};
  resolver_.names["public.test"] = {boost::asio::ip::make_address("8.8.8.8")};
  const std::pair<const char*, HttpFailure> rows[] = {
      {"https://inside.test/", HttpFailure::name_refused},
      {"https://sinkhole.test/", HttpFailure::name_refused},
      {"http://public.test/", HttpFailure::name_refused},  // unencrypted, and the deployment does not name it
      {"https://169.254.169.254/", HttpFailure::address_refused},
      {"https://[::1]/", HttpFailure::address_refused},
      {"http://8.8.8.8/", HttpFailure::address_refused},
  };
  for (const auto& [url, failure] : rows) {
    const HttpResult result = ask(to(url));
    EXPECT_EQ(result.outcome, Outcome::not_sent) << url;
    EXPECT_EQ(result.failure, failure) << url;
  }
}

TEST_F(HttpClientTest, ANameWithoutAnAddressThenNotSent) {
  ClientLimits limits;
  limits.resolve_ms_max = 50ms;
  make(limits);
  resolver_.names["none.test"] = {};
  EXPECT_EQ(ask(to("https://none.test/")).failure, HttpFailure::unresolvable);
  EXPECT_EQ(ask(to("https://never.test/")).failure, HttpFailure::unresolvable);
}

TEST_F(HttpClientTest, AFieldThatWouldBecomeTwoThenNotSent) {
  make();
  HttpRequest request = to_server();
  request.fields.emplace_back("A", "b\r\nC: d");
  EXPECT_EQ(ask(std::move(request)).failure, HttpFailure::malformed);
}

TEST_F(HttpClientTest, MoreRequestsThanConnectionsThenTheyWaitInTurnOrAreRefused) {
  ClientLimits limits;
  limits.connections_max = 1;
  limits.waiting_max = 2;
  make(limits);
  const auto gate = std::make_shared<runtime::Event>(loop_.context.get_executor());
  server_.script = [gate](const Received&) {
    Reply reply(http_answer(204));
    reply.held = gate;
    return reply;
  };
  std::vector<HttpResult> results;
  start(to_server(), results);
  wait_for([this] { return server_.received.size() == 1; });
  start(to_server(50ms), results);
  start(to_server(), results);
  wait_for([&results] { return results.size() == 1; });
  EXPECT_EQ(results[0].failure, HttpFailure::no_connection);
  start(to_server(), results);  // takes the place in the queue that has become free
  start(to_server(), results);
  wait_for([&results] { return results.size() == 2; });
  EXPECT_EQ(results[1].failure, HttpFailure::overloaded);
  gate->set();
  wait_for([&results] { return results.size() == 5; });
  EXPECT_EQ(server_.received.size(), 3U);
  EXPECT_EQ(server_.connections, 1U);
}

TEST_F(HttpClientTest, CancelledThenThrowsAndLeavesItsPlaceToTheNext) {
  ClientLimits limits;
  limits.connections_max = 1;
  make(limits);
  server_.script = [](const Received&) { return Reply(); };
  boost::asio::cancellation_signal stop;
  bool aborted = false;
  boost::asio::co_spawn(
      loop_.context, client_->request(to_server()),
      boost::asio::bind_cancellation_slot(stop.slot(), [&aborted](std::exception_ptr failure, HttpResult) {
        try {
          std::rethrow_exception(failure);
        } catch (const boost::system::system_error& error) {
          aborted = error.code() == boost::asio::error::operation_aborted;
        }
      }));
  wait_for([this] { return server_.received.size() == 1; });
  stop.emit(boost::asio::cancellation_type::terminal);
  wait_for([&aborted] { return aborted; });
  server_.script = [](const Received&) { return Reply(http_answer(204)); };
  EXPECT_EQ(ask(to_server()).outcome, Outcome::answered);
}

core::Instant real_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

class HttpsClientTest : public HttpClientTest {
 protected:
  static crypto::CertificateAuthority& authority() {
    static auto made =
        crypto::CertificateAuthority::make("test CA", crypto::valid_from(real_now(), std::chrono::days(30)));
    return made;
  }

  static std::shared_ptr<boost::asio::ssl::context> server_context(const std::vector<std::string>& names,
                                                                   crypto::Validity valid) {
    const auto issued = authority().issue_server(names, valid).value();
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    context->use_certificate_chain(boost::asio::buffer(issued.certificate));
    context->use_private_key(boost::asio::buffer(issued.key), boost::asio::ssl::context::pem);
    return context;
  }
  static std::shared_ptr<boost::asio::ssl::context> trusting() {
    auto context = make_tls_context();
    context->add_certificate_authority(boost::asio::buffer(authority().certificate()));
    return context;
  }

  HttpResult ask_at(ScriptedHttp& server, const std::string& host) {
    resolver_.names[host] = {boost::asio::ip::make_address("127.0.0.1")};
    return ask(to("https://" + host + ":" + std::to_string(server.port()) + "/"));
  }

  crypto::Validity valid_ = crypto::valid_from(real_now(), std::chrono::days(7));
};

TEST_F(HttpsClientTest, ATrustedServerOfThatNameThenAnsweredOverOneConnection) {
  make({}, trusting());
  ScriptedHttp server(loop_.context, server_context({"hook.test", "127.0.0.1"}, valid_));
  EXPECT_EQ(ask_at(server, "hook.test").status, 204);
  EXPECT_EQ(ask_at(server, "hook.test").status, 204);
  EXPECT_EQ(server.connections, 1U);
  EXPECT_EQ(resolver_.asked, 1);
  EXPECT_EQ(ask(to("https://127.0.0.1:" + std::to_string(server.port()) + "/")).status, 204);
}

TEST_F(HttpsClientTest, AServerThatIsNotWhoItShouldBeThenNothingIsSent) {
  make({}, trusting());
  ScriptedHttp server(loop_.context, server_context({"hook.test"}, valid_));
  const crypto::Validity past{real_now() - std::chrono::days(2), real_now() - std::chrono::days(1)};
  ScriptedHttp expired(loop_.context, server_context({"hook.test"}, past));
  EXPECT_EQ(ask_at(server, "other.test").failure, HttpFailure::not_trusted);
  EXPECT_EQ(ask(to("https://127.0.0.1:" + std::to_string(server.port()) + "/")).failure, HttpFailure::not_trusted);
  EXPECT_EQ(ask_at(expired, "hook.test").failure, HttpFailure::not_trusted);
  client_->use(make_tls_context());
  EXPECT_EQ(ask_at(server, "hook.test").failure, HttpFailure::not_trusted);
  EXPECT_TRUE(server.received.empty() && expired.received.empty());
}

TEST_F(HttpsClientTest, AnAnswerWithoutALengthAndNoClosureThenUnknown) {
  make({}, trusting());
  ScriptedHttp server(loop_.context, server_context({"hook.test"}, valid_));
  server.script = [](const Received&) { return Reply("HTTP/1.1 200 OK\r\n\r\ncut here", true); };
  const HttpResult result = ask_at(server, "hook.test");
  EXPECT_EQ(result.outcome, Outcome::unknown);
  EXPECT_EQ(result.failure, HttpFailure::broken_off);
}

TEST_F(HttpsClientTest, AServerThatDoesNotSpeakTlsThenNothingIsSent) {
  ClientLimits limits;
  limits.handshake_ms_max = 100ms;
  make(limits, trusting());
  const HttpResult result = ask_at(server_, "hook.test");
  EXPECT_EQ(result.outcome, Outcome::not_sent);
  EXPECT_EQ(result.failure, HttpFailure::timed_out);
}

TEST(SystemResolver, TheMachinesOwnNameThenItsLoopbackAddress) {
  test::RealLoop loop;
  runtime::BlockingPool pool(1, 4);
  SystemResolver resolver(pool);
  const auto found = loop.run(resolver.resolve("localhost"));
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(found.front().is_loopback());
  EXPECT_TRUE(loop.run(resolver.resolve("no-such-name.invalid")).empty());
}

}  // namespace
}  // namespace tuanyuan::push
