#include "tools/ctl/http_client.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <thread>

#include "tools/ctl/pki_store.hpp"

namespace tuanyuan::ctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using asio::ip::tcp;
using boost::system::error_code;
using testing::HasSubstr;
using Stream = beast::ssl_stream<tcp::socket>;
using Request = http::request<http::string_body>;

constexpr auto long_enough = 20s;

/// A TLS server on a thread that handles one connection after the other by script.
class Server {
 public:
  using Handler = std::function<void(Stream&)>;

  Server(const fs::path& pki, std::vector<Handler> connections)
      : tls_(asio::ssl::context::tls_server),
        acceptor_(loop_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    tls_.use_certificate_chain_file((pki / "server.crt").string());
    tls_.use_private_key_file((pki / "server.key").string(), asio::ssl::context::pem);
    tls_.load_verify_file((pki / "ca.crt").string());
    tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    thread_ = std::thread([this, connections = std::move(connections)] {
      for (const Handler& handler : connections) {
        Stream stream(acceptor_.accept(), tls_);
        error_code failed;
        stream.handshake(asio::ssl::stream_base::server, failed);
        if (!failed) {
          handler(stream);
        }
      }
    });
  }
  ~Server() { thread_.join(); }
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

 private:
  asio::io_context loop_;
  asio::ssl::context tls_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

Request read(Stream& stream) {
  beast::flat_buffer buffer;
  Request request;
  error_code failed;
  http::read(stream, buffer, request, failed);
  return request;
}

void answer(Stream& stream, http::status status, const std::string& body) {
  http::response<http::string_body> response(status, 11);
  response.set(http::field::content_type, "application/json");
  response.set(http::field::retry_after, "7");
  response.body() = body;
  response.prepare_payload();
  http::write(stream, response);
}

void await_end(Stream& stream) {
  char byte = 0;
  error_code ended;
  stream.read_some(asio::buffer(&byte, 1), ended);
}

class HttpClientTest : public testing::Test {
 protected:
  HttpClientTest() {
    std::string name = (fs::temp_directory_path() / "ctl-http-XXXXXX").string();
    root = mkdtemp(name.data());
    const core::Instant now = std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
    EXPECT_TRUE(PkiStore::init(root / "pki", {"localhost"}, now, std::chrono::days(1)));
    const auto officer =
        PkiStore(root / "pki").officer({"210100000000", "1", {core::Role::submitter}}, now, std::chrono::days(1));
    write_issued(root / "me", *officer, false);
  }
  ~HttpClientTest() override { fs::remove_all(root); }

  Connection connection(const std::string& port) const {
    Connection to = *parse_api_url("https://localhost:" + port + "/api/v1");
    to.ca = (root / "pki" / "ca.crt").string();
    to.certificate = (root / "me.crt").string();
    to.key = (root / "me.key").string();
    return to;
  }
  std::unique_ptr<HttpClient> client(const std::string& port) const {
    return std::move(*make_http_client(connection(port)));
  }
  static HttpRequest request(std::string method, std::string target, std::string body = "") {
    return {std::move(method), std::move(target), {{"Idempotency-Key", "k"}}, std::move(body)};
  }

  fs::path root;
};

TEST_F(HttpClientTest, AnsweredThenStatusHeadersAndBody) {
  Request seen;
  Server server(root / "pki", {[&](Stream& stream) {
                  seen = read(stream);
                  answer(stream, http::status::conflict, "{}");
                }});
  const auto response = client(server.port())->send(request("POST", "/reports", "body"), long_enough);
  ASSERT_TRUE(response) << response.error().text;
  EXPECT_EQ(response->status, 409);
  EXPECT_EQ(response->content_type, "application/json");
  EXPECT_EQ(response->retry_after, 7s);
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(seen.target(), "/api/v1/reports");
  EXPECT_EQ(seen["Idempotency-Key"], "k");
  EXPECT_EQ(seen[http::field::host], "localhost:" + server.port());
  EXPECT_EQ(seen.body(), "body");
}

TEST_F(HttpClientTest, SeveralCallsThenOneConnection) {
  Server server(root / "pki", {[](Stream& stream) {
                  for (int i = 0; i < 3; ++i) {
                    read(stream);
                    answer(stream, http::status::ok, "{}");
                  }
                }});
  const auto made = client(server.port());
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(made->send(request("GET", "/alerts"), long_enough));
  }
}

TEST_F(HttpClientTest, ConnectionLostThenUnreachableAndTheNextCallMakesANewOne) {
  Server server(root / "pki", {[](Stream& stream) { read(stream); },
                               [](Stream& stream) {
                                 read(stream);
                                 answer(stream, http::status::ok, "again");
                               }});
  const auto made = client(server.port());
  const auto lost = made->send(request("POST", "/reports"), long_enough);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().exit, Exit::unreachable);
  EXPECT_EQ(made->send(request("POST", "/reports"), long_enough)->body, "again");
}

TEST_F(HttpClientTest, NoAnswerWithinTheDeadlineThenUnreachable) {
  Server server(root / "pki", {[](Stream& stream) {
                  read(stream);
                  await_end(stream);
                }});
  const auto made = client(server.port());
  EXPECT_EQ(made->send(request("GET", "/alerts"), 200ms).error().exit, Exit::unreachable);
}

TEST_F(HttpClientTest, NobodyListensThenUnreachable) {
  std::string port;
  {
    asio::io_context loop;
    tcp::acceptor taken(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    port = std::to_string(taken.local_endpoint().port());
  }
  EXPECT_EQ(client(port)->send(request("GET", "/alerts"), long_enough).error().exit, Exit::unreachable);
}

TEST_F(HttpClientTest, ServerOfAnotherNameOrAuthorityThenNothingIsSent) {
  const Server::Handler would_answer = [](Stream& stream) {
    if (!read(stream).target().empty()) {
      answer(stream, http::status::ok, "{}");
    }
  };
  Server named_otherwise(root / "pki", {would_answer});
  Connection to = connection(named_otherwise.port());
  to.host = "127.0.0.1";
  EXPECT_FALSE((*make_http_client(to))->send(request("GET", "/alerts"), long_enough));

  const core::Instant now = std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
  ASSERT_TRUE(PkiStore::init(root / "other", {"localhost"}, now, std::chrono::days(1)));
  Server of_others(root / "other", {would_answer});
  EXPECT_FALSE(client(of_others.port())->send(request("GET", "/alerts"), long_enough));
}

TEST_F(HttpClientTest, FilesThatCannotBeUsedThenWrongUsageNamingThem) {
  Connection to = connection("1");
  to.key = (root / "none.key").string();
  const auto made = make_http_client(to);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().exit, Exit::usage);
  EXPECT_THAT(made.error().text, HasSubstr("none.key"));
}

TEST_F(HttpClientTest, StreamThenPiecesAsTheyComeAndTheEnd) {
  std::promise<void> first_read;
  Server server(root / "pki", {[&](Stream& stream) {
                  read(stream);
                  const std::string head =
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
                  asio::write(stream, asio::buffer(head + "6\r\ndata: \r\n"));
                  first_read.get_future().wait();
                  asio::write(stream, asio::buffer(std::string("3\r\nx\n\n\r\n0\r\n\r\n")));
                  await_end(stream);
                }});
  const auto made = client(server.port());
  const auto stream = made->open(request("GET", "/events"), long_enough);
  ASSERT_TRUE(stream) << stream.error().text;
  EXPECT_EQ(*(*stream)->read(long_enough), "data: ");
  EXPECT_EQ(*(*stream)->read(10ms), "");
  first_read.set_value();
  EXPECT_EQ(*(*stream)->read(long_enough), "x\n\n");
  EXPECT_FALSE((*stream)->read(long_enough));
}

TEST_F(HttpClientTest, StreamRefusedThenWhatWasSaid) {
  Server server(root / "pki", {[](Stream& stream) {
                  read(stream);
                  answer(stream, http::status::service_unavailable, R"({"title":"a limit is reached"})");
                }});
  const auto stream = client(server.port())->open(request("GET", "/events"), long_enough);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().exit, Exit::refused);
  EXPECT_THAT(stream.error().text, HasSubstr("a limit is reached"));
}

}  // namespace
}  // namespace tuanyuan::ctl
