#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>
#include <string>
#include <vector>

#include "adapters/http/listener.hpp"
#include "fake_desks.hpp"
#include "peer.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::http::test {
namespace {

using namespace std::chrono_literals;

/// Pieces that are there, then silence until it is told to end.
class Pieces final : public Source {
 public:
  Pieces(boost::asio::any_io_executor executor, std::vector<std::string> pieces, int& alive)
      : pieces_(pieces.begin(), pieces.end()), more_(std::move(executor)), alive_(alive) {
    ++alive_;
  }
  ~Pieces() override { --alive_; }

  boost::asio::awaitable<std::optional<std::string>> next() override {
    if (pieces_.empty()) {
      co_await more_.wait();
      co_return std::nullopt;
    }
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    co_return piece;
  }

 private:
  std::deque<std::string> pieces_;
  runtime::Event more_;
  int& alive_;
};

/// Answers with what it was asked. `/wait` waits for the gate, `/stream` answers by pieces.
class Echo final : public Service {
 public:
  explicit Echo(boost::asio::any_io_executor executor) : gate(executor), executor_(std::move(executor)) {}

  std::size_t body_bytes_max(const Request&) const override { return 1'000; }

  boost::asio::awaitable<Response> handle(Request request) override {
    requests.push_back(request);
    if (request.target == "/wait") {
      co_await gate.wait();
    }
    Response response;
    if (request.target == "/stream") {
      std::vector<std::string> pieces{"one", "two"};
      response.content_type = "text/event-stream";
      response.source = std::make_shared<Pieces>(executor_, std::move(pieces), streams);
      co_return response;
    }
    response.status = request.body_too_large ? 413 : request.overloaded ? 503 : 200;
    response.content_type = "text/plain";
    response.body = request.method + ' ' + request.target + ' ' + request.body;
    co_return response;
  }

  std::vector<Request> requests;
  runtime::Event gate;
  int streams = 0;

 private:
  boost::asio::any_io_executor executor_;
};

class ListenerTest : public testing::Test {
 protected:
  explicit ListenerTest(const Limits& limits = small_limits()) {
    ListenerSettings settings;
    settings.name = "test";
    settings.address = "127.0.0.1";
    settings.limits = limits;
    listener_ = Listener::create(context_.get_executor(), std::move(settings), echo_, clock_, log_, metrics_);
    listener_->start();
  }
  ~ListenerTest() override {
    echo_.gate.set();
    EXPECT_TRUE(stop());
  }

  static Limits small_limits() {
    Limits limits;
    limits.header_bytes_max = 1'024;
    limits.connections_max = 3;
    limits.body_bytes_total_max = 1'500;
    limits.upload_bytes_per_second_min = 1'000;
    return limits;
  }

  bool stop() {
    bool stopped = false;
    boost::asio::co_spawn(context_, listener_->stop(), [&stopped](std::exception_ptr) { stopped = true; });
    return clock_.run_until([&stopped] { return stopped; }, 1h);
  }

  Peer connect() { return {context_, listener_->port()}; }

  boost::asio::io_context context_{1};
  runtime::VirtualClock clock_{context_, now};
  RecordingLog log_;
  RecordingMetrics metrics_;
  Echo echo_{context_.get_executor()};
  std::unique_ptr<Listener> listener_;
};

TEST_F(ListenerTest, RequestsOneAfterTheOtherThenOnOneConnection) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask(request_text("GET", "/a")).body, "GET /a ");
  EXPECT_EQ(peer.ask(request_text("POST", "/b", "", "body")).body, "POST /b body");
  EXPECT_EQ(listener_->connections(), 1U);
}

TEST_F(ListenerTest, RequestsSentAtOnceThenAnsweredInTheirOrder) {
  Peer peer = connect();
  peer.send(request_text("POST", "/a", "", "x") + request_text("GET", "/b") + request_text("GET", "/c"));
  EXPECT_EQ(peer.answer().body, "POST /a x");
  EXPECT_EQ(peer.answer().body, "GET /b ");
  EXPECT_EQ(peer.answer().body, "GET /c ");
}

TEST_F(ListenerTest, AHeadRequestThenNoBody) {
  Peer peer = connect();
  peer.send(request_text("HEAD", "/a"));
  EXPECT_EQ(peer.answer(true).fields["content-length"], "8");
  EXPECT_EQ(peer.ask(request_text("GET", "/b")).body, "GET /b ");
}

TEST_F(ListenerTest, FieldsThenReachTheService) {
  Peer peer = connect();
  peer.ask(request_text("GET", "/a",
                        "Accept: text/a\r\nAccept: text/b\r\naccept-language: en\r\nIdempotency-Key: k\r\n"
                        "Last-Event-ID: 7\r\nContent-Type: application/json\r\n"));
  const Request& request = echo_.requests.at(0);
  EXPECT_EQ(request.accept, "text/a, text/b");
  EXPECT_EQ(request.accept_language, "en");
  EXPECT_EQ(request.idempotency_key, "k");
  EXPECT_EQ(request.last_event_id, "7");
  EXPECT_EQ(request.content_type, "application/json");
  EXPECT_FALSE(request.identity);
}

TEST_F(ListenerTest, ConnectionCloseThenCloses) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask(request_text("GET", "/a", "Connection: close\r\n")).fields["connection"], "close");
  EXPECT_TRUE(peer.ends());
}

TEST_F(ListenerTest, AChunkedBodyThenWhole) {
  Peer peer = connect();
  EXPECT_EQ(
      peer.ask("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n"
               "Trailer: t\r\n\r\n")
          .body,
      "POST /a abcde");
  EXPECT_EQ(peer.ask(request_text("GET", "/b")).body, "GET /b ");
}

TEST_F(ListenerTest, ExpectContinueThenAskedForTheBody) {
  Peer peer = connect();
  peer.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(peer.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(peer.ask("ab").body, "POST /a ab");
}

TEST_F(ListenerTest, ExpectContinueForTooMuchThenRefusedWithoutAsking) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n").status,
            413);
  EXPECT_EQ(peer.ask("").status, 0);
}

TEST_F(ListenerTest, AnotherExpectationThen417) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask(request_text("GET", "/a", "Expect: cake\r\n")).status, 417);
  EXPECT_TRUE(echo_.requests.empty());
}

TEST_F(ListenerTest, ALargeBodyThenTheServiceSaysSoAndTheClientCanReadIt) {
  Peer peer = connect();
  peer.send(request_text("POST", "/a", "", std::string(900'000, 'x')));
  const HttpAnswer answer = peer.answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(echo_.requests.at(0).body.empty());
  EXPECT_TRUE(peer.ends());
}

TEST_F(ListenerTest, ALargeChunkedBodyThenTheSame) {
  Peer peer = connect();
  peer.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" +
            std::string(0x1000, 'x'));
  EXPECT_EQ(peer.answer().status, 413);
  EXPECT_TRUE(peer.ends());
}

TEST_F(ListenerTest, ABodyOfExactlyTheLimitThenTaken) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask(request_text("POST", "/a", "", std::string(1'000, 'x'))).status, 200);
  EXPECT_EQ(peer.ask(request_text("POST", "/a", "", std::string(1'001, 'x'))).status, 413);
}

TEST_F(ListenerTest, WhenOtherBodiesTakeTheRoomThen503) {
  Peer first = connect();
  first.send(request_text("POST", "/wait", "", std::string(1'000, 'x')));
  Peer second = connect();
  EXPECT_EQ(second.ask(request_text("POST", "/a", "", std::string(600, 'x'))).status, 503);
  echo_.gate.set();
  EXPECT_EQ(first.answer().status, 200);
  Peer third = connect();
  EXPECT_EQ(third.ask(request_text("POST", "/a", "", std::string(600, 'x'))).status, 200);
}

TEST_F(ListenerTest, ALargeHeaderThen431) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask(request_text("GET", "/a", "X: " + std::string(2'000, 'x') + "\r\n")).status, 431);
  EXPECT_TRUE(peer.ends());
  Peer endless = connect();
  endless.send("GET /" + std::string(200'000, 'x'));
  EXPECT_EQ(endless.answer().status, 431);
  EXPECT_TRUE(echo_.requests.empty());
}

class BadRequests : public ListenerTest, public testing::WithParamInterface<const char*> {};

// Whatever two readers of HTTP could read differently is read by none (RFC 9112, sections 5, 6 and 11.2).
TEST_P(BadRequests, ThenRefusedAndNothingBehindThemIsServed) {
  Peer peer = connect();
  peer.send(std::string(GetParam()) + request_text("GET", "/smuggled"));
  const int status = peer.answer().status;
  EXPECT_TRUE(status == 400 || status == 505 || status == 0) << status;
  EXPECT_TRUE(peer.ends());
  for (const Request& request : echo_.requests) {
    EXPECT_NE(request.target, "/smuggled");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Smuggling, BadRequests,
    testing::Values(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"));

INSTANTIATE_TEST_SUITE_P(Garbage, BadRequests,
                         testing::Values("\r\r\n\n", "hello\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                                         "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                                         "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / HTTP/3.0\r\nHost: a\r\n\r\n",
                                         "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                                         "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
                                         "GET / HTTP/1.1\r\nHost: a\r\nX\x01: b\r\n\r\n",
                                         "GET / HTTP/1.1\r\nHost: a\r\n X: b: c\r\r\n\r\n",
                                         "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"));

TEST_F(ListenerTest, RandomBytesThenNeverAnAnswerFromTheService) {
  std::uint32_t state = 7;
  for (int round = 0; round < 50; ++round) {
    Peer peer = connect();
    std::string bytes;
    for (int i = 0; i < 400; ++i) {
      state = state * 1'664'525 + 1'013'904'223;
      bytes += static_cast<char>(state >> 24);
    }
    peer.send(bytes + "\r\n\r\n");
    peer.answer();
    EXPECT_TRUE(peer.ends());
  }
  EXPECT_TRUE(echo_.requests.empty());
}

TEST_F(ListenerTest, AHeadThatDripsThenCutByTheWholeRequestsDeadline) {
  Peer peer = connect();
  peer.send("GET /a HTTP/1.1\r\n");
  for (int i = 0; i < 29; ++i) {
    peer.send("X: y\r\n");
    clock_.run_for(1s);
  }
  EXPECT_TRUE(peer.is_quiet());
  clock_.run_for(2s);
  EXPECT_EQ(peer.answer().status, 408);
  EXPECT_TRUE(peer.ends());
}

TEST_F(ListenerTest, ABodyThatDripsThenCutToo) {
  Peer peer = connect();
  peer.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 30; ++i) {
    peer.send("x");
    clock_.run_for(1s);
  }
  EXPECT_TRUE(peer.is_quiet());  // 1,000 bytes have a second more
  clock_.run_for(2s);
  EXPECT_EQ(peer.answer().status, 408);
  EXPECT_TRUE(peer.ends());
  EXPECT_TRUE(echo_.requests.empty());
}

TEST_F(ListenerTest, AnIdleConnectionThenClosedWithoutAWord) {
  Peer peer = connect();
  EXPECT_EQ(peer.ask(request_text("GET", "/a")).status, 200);
  clock_.run_for(74s);
  EXPECT_TRUE(peer.is_quiet());
  clock_.run_for(2s);
  EXPECT_TRUE(peer.ends());
  EXPECT_EQ(listener_->connections(), 0U);
}

TEST_F(ListenerTest, ADeskThatNeverAnswersThenTheConnectionIsCut) {
  Peer peer = connect();
  peer.send(request_text("GET", "/wait"));
  clock_.run_for(59s);
  EXPECT_TRUE(peer.is_quiet());
  clock_.run_for(2s);
  EXPECT_EQ(peer.answer().status, 0);
  EXPECT_EQ(listener_->connections(), 1U);  // the desk still works on it
  echo_.gate.set();
  clock_.settle();
  EXPECT_EQ(listener_->connections(), 0U);
}

TEST_F(ListenerTest, ConnectionsOverTheLimitThenTurnedAwayAndLogged) {
  Peer first = connect();
  Peer second = connect();
  Peer third = connect();
  EXPECT_EQ(third.ask(request_text("GET", "/a")).status, 200);
  Peer fourth = connect();
  EXPECT_EQ(fourth.ask(request_text("GET", "/a")).status, 0);
  clock_.run_for(1s);
  EXPECT_EQ(log_.count("http.connections_refused"), 1U);
  EXPECT_EQ(listener_->wrong(), "all 3 connections are taken, others are turned away");
  EXPECT_EQ(metrics_.values["tuanyuan_http_connections_refused_total listener=test reason=full"], 1);
  EXPECT_EQ(metrics_.values["tuanyuan_http_connections listener=test"], 3);
  first.close();
  clock_.run_for(1s);
  Peer fifth = connect();
  EXPECT_EQ(fifth.ask(request_text("GET", "/a")).status, 200);
  clock_.run_for(refusal_told_for);
  EXPECT_EQ(listener_->wrong(), "");
}

/// No descriptor can be had while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 3;  // with less, poll refuses to look at a single one
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(ListenerTest, OutOfDescriptorsThenItWaitsForOneAndSaysSo) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs a pipe to see whether an object may be looked at";
#endif
  Peer first = connect();
  EXPECT_EQ(first.ask(request_text("GET", "/a")).status, 200);
  Peer second = connect();  // as far as the kernel is concerned
  {
    const NoDescriptors none;
    EXPECT_TRUE(clock_.run_until([this] { return !listener_->wrong().empty(); }, 10s));
    EXPECT_EQ(first.ask(request_text("GET", "/a")).status, 200) << "who is there is served";
    clock_.run_for(1s);
    EXPECT_LE(metrics_.values["tuanyuan_http_connections_refused_total listener=test reason=descriptors"], 30)
        << "it tries now and then, not all the time";
  }
  clock_.run_for(1s);
  EXPECT_EQ(second.ask(request_text("GET", "/a")).status, 200);
  clock_.run_for(refusal_told_for);
  EXPECT_EQ(listener_->wrong(), "");
}

TEST_F(ListenerTest, AStreamThenItsPiecesAsChunks) {
  Peer peer = connect();
  peer.send(request_text("GET", "/stream"));
  EXPECT_EQ(peer.answer().fields["transfer-encoding"], "chunked");
  EXPECT_EQ(peer.until("3\r\ntwo\r\n"), "3\r\none\r\n3\r\ntwo\r\n");
  EXPECT_EQ(echo_.streams, 1);
}

TEST_F(ListenerTest, AStreamWhoseClientGoesThenEndsAtOnce) {
  Peer peer = connect();
  peer.send(request_text("GET", "/stream"));
  peer.until("two");
  EXPECT_EQ(echo_.streams, 1);
  peer.close();
  Peer another = connect();
  EXPECT_EQ(another.ask(request_text("GET", "/a")).status, 200);
  EXPECT_EQ(echo_.streams, 0);
}

TEST_F(ListenerTest, StoppingThenIdleConnectionsAndStreamsEndAtOnce) {
  Peer idle = connect();
  EXPECT_EQ(idle.ask(request_text("GET", "/a")).status, 200);
  Peer stream = connect();
  stream.send(request_text("GET", "/stream"));
  stream.until("two");
  const auto before = clock_.steady_now();
  EXPECT_TRUE(stop());
  EXPECT_LT(clock_.steady_now() - before, 1s);
  EXPECT_TRUE(idle.ends());
  EXPECT_TRUE(stream.ends());
  EXPECT_EQ(echo_.streams, 0);
}

TEST_F(ListenerTest, StoppingThenARequestUnderWayIsAnsweredFirst) {
  Peer peer = connect();
  peer.send(request_text("GET", "/wait"));
  bool stopped = false;
  boost::asio::co_spawn(context_, listener_->stop(), [&stopped](std::exception_ptr) { stopped = true; });
  clock_.run_for(5s);
  EXPECT_FALSE(stopped);
  echo_.gate.set();
  const HttpAnswer answer = peer.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("connection"), "close");
  EXPECT_TRUE(peer.ends());
  clock_.run_for(1s);
  EXPECT_TRUE(stopped);
}

TEST_F(ListenerTest, StoppingBehindADeskThatHangsThenEndsAllTheSame) {
  Peer peer = connect();
  peer.send(request_text("GET", "/wait"));
  const auto before = clock_.steady_now();
  EXPECT_TRUE(stop());
  EXPECT_LE(clock_.steady_now() - before, 15s);
  EXPECT_EQ(log_.count("http.connections_abandoned"), 1U);
  EXPECT_TRUE(peer.ends());
}

TEST_F(ListenerTest, WhatNeverBecameARequestThenCountedUnderNoRoute) {
  Peer peer = connect();
  peer.ask("hello\r\n\r\n");
  EXPECT_EQ(metrics_.values.at("tuanyuan_http_requests_total route=none status=400"), 1);
}

}  // namespace
}  // namespace tuanyuan::http::test
