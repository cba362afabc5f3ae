#include "tools/station/photo_fetcher.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/system_clock.hpp"
#include "tools/station/deployment.hpp"
#include "tools/station/folder.hpp"

namespace tuanyuan::station {
namespace {

using boost::asio::ip::tcp;

TEST(HttpsUrl, ThenTakenApartOrRefused) {
  const auto whole = parse_https_url("https://host:8443/api/v1/alerts/x/photo?a=b");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->host, "host");
  EXPECT_EQ(whole->port, "8443");
  EXPECT_EQ(whole->target, "/api/v1/alerts/x/photo?a=b");
  EXPECT_EQ(parse_https_url("https://host")->target, "/");
  EXPECT_EQ(parse_https_url("https://host?x")->target, "/?x");
  EXPECT_EQ(parse_https_url("https://host/")->port, "443");
  EXPECT_EQ(parse_https_url("https://[::1]:2/")->host, "::1");
  for (const char* url : {"", "http://host/", "https://", "https:///x", "https://host:/", "https://host:x/",
                          "https://a@host/", "https://host/a b", "https://host/\r\nX: y", "https://host/#f"}) {
    EXPECT_FALSE(parse_https_url(url)) << url;
  }
}

/// Answers request after request with what it is told to.
class HttpsServer {
 public:
  HttpsServer(boost::asio::io_context& loop, const std::string& ca, const crypto::Issued& own)
      : context_(boost::asio::ssl::context::tls_server),
        acceptor_(loop, {boost::asio::ip::address_v4::loopback(), 0}) {
    context_.use_certificate_chain(boost::asio::buffer(own.certificate));
    context_.use_private_key(boost::asio::buffer(own.key), boost::asio::ssl::context::pem);
    context_.add_certificate_authority(boost::asio::buffer(ca));
    context_.set_verify_mode(boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert);
    accept();
  }

  std::string url() const {
    return "https://localhost:" + std::to_string(acceptor_.local_endpoint().port()) + "/photo";
  }

  std::vector<std::string> answers;
  std::vector<std::string> requests;

 private:
  struct Exchange {
    boost::asio::ssl::stream<tcp::socket> stream;
    std::string request;
    std::string answer;
  };

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error) {
        return;
      }
      auto exchange = std::make_shared<Exchange>(Exchange{{std::move(socket), context_}, {}, {}});
      exchange->stream.async_handshake(boost::asio::ssl::stream_base::server,
                                       [this, exchange](boost::system::error_code failed) {
                                         if (!failed) {
                                           read(exchange);
                                         }
                                       });
      accept();
    });
  }

  void read(const std::shared_ptr<Exchange>& exchange) {
    boost::asio::async_read_until(exchange->stream, boost::asio::dynamic_buffer(exchange->request), "\r\n\r\n",
                                  [this, exchange](boost::system::error_code failed, std::size_t) {
                                    if (failed) {
                                      return;
                                    }
                                    requests.push_back(exchange->request);
                                    exchange->answer = answers.at(std::min(requests.size(), answers.size()) - 1);
                                    boost::asio::async_write(
                                        exchange->stream, boost::asio::buffer(exchange->answer),
                                        [exchange](boost::system::error_code, std::size_t) {});
                                  });
  }

  boost::asio::ssl::context context_;
  tcp::acceptor acceptor_;
};

class Fetching : public testing::Test {
 protected:
  Fetching() {
    std::signal(SIGPIPE, SIG_IGN);
    const crypto::Validity valid = crypto::valid_from(now, std::chrono::days(1));
    const auto own = deployment.authority().issue_recipient(core::RecipientId("s"), valid).value();
    credentials = {folder.write("s.crt", own.certificate), folder.write("s.key", own.key)};
    server.emplace(loop, deployment.ca(), deployment.authority().issue_server({"localhost"}, valid).value());
    fetcher.emplace(loop.get_executor(), *tls, 1);
  }

  void fetch(std::function<bool()> until) {
    fetcher->fetch(server->url(), credentials, [this](std::string photo) { got = std::move(photo); });
    while (!until() && loop.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    ASSERT_TRUE(until());
  }

  core::Instant now = runtime::SystemClock().wall_now();
  Deployment deployment{now};
  Folder folder;
  boost::asio::io_context loop{1};
  TlsContext tls = make_tls_context(deployment.ca());
  Credentials credentials;
  std::optional<HttpsServer> server;
  std::optional<PhotoFetcher> fetcher;
  std::optional<std::string> got;
};

TEST_F(Fetching, AnswerIs200ThenGotWithTheStationsCertificate) {
  server->answers = {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\njpeg"};
  fetch([this] { return got.has_value(); });
  EXPECT_EQ(got, "jpeg");
  EXPECT_TRUE(server->requests.at(0).starts_with("GET /photo HTTP/1.1\r\nHost: localhost:"));
}

TEST_F(Fetching, AnswerIsAnErrorThenAskedAgain) {
  server->answers = {"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno",
                     "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\njpeg"};
  fetch([this] { return got.has_value(); });
  EXPECT_EQ(got, "jpeg");
  EXPECT_EQ(server->requests.size(), 2U);
}

TEST_F(Fetching, MoreThanAPhotoMayBeThenNotTaken) {
  server->answers = {"HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n" + std::string(65'537, 'x')};
  fetch([this] { return server->requests.size() == 2; });
  EXPECT_FALSE(got);
}

TEST_F(Fetching, NotHttpThenNotTaken) {
  server->answers = {"SSH-2.0-x\r\n\r\n"};
  fetch([this] { return server->requests.size() == 2; });
  EXPECT_FALSE(got);
}

}  // namespace
}  // namespace tuanyuan::station
