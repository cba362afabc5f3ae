#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/pki.hpp"
#include "adapters/http/listener.hpp"
#include "adapters/http/operations.hpp"
#include "adapters/http/tls.hpp"
#include "api_fixture.hpp"
#include "peer.hpp"

// The whole of it over real sockets and real TLS, on certificates made here.
namespace tuanyuan::http::test {
namespace {

using namespace std::chrono_literals;

/// Certificates are verified by the machine's clock.
core::Instant real_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

/// One authority for all tests: making keys is what takes time.
struct Pki {
  crypto::CertificateAuthority ours =
      crypto::CertificateAuthority::make("test CA", crypto::valid_from(real_now(), std::chrono::days(30)));
  crypto::CertificateAuthority strangers =
      crypto::CertificateAuthority::make("another CA", crypto::valid_from(real_now(), std::chrono::days(30)));
  crypto::Validity valid = crypto::valid_from(real_now(), std::chrono::days(7));
  crypto::Issued server = ours.issue_server({"localhost", "127.0.0.1"}, valid).value();

  crypto::OfficerCertificate officer(core::Roles roles) const {
    crypto::OfficerCertificate wanted;
    wanted.unit = unit;
    wanted.officer = "021533";
    wanted.roles = roles;
    return wanted;
  }
};

const Pki& pki() {
  static const Pki made;
  return made;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tuanyuan-http-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    write_file(folder_ / "server.crt", pki().server.certificate);
    write_file(folder_ / "server.key", pki().server.key);
    write_file(folder_ / "ca.crt", pki().ours.certificate());
    ListenerSettings secure;
    secure.name = "api";
    secure.address = "127.0.0.1";
    secure.tls = load_tls(files());
    secure.identify = [](const X509* certificate) {
      const auto identity = crypto::identify(certificate);
      return identity ? identity->caller : core::Caller();
    };
    api_listener_ = listen(std::move(secure), api_);
    ListenerSettings plain;
    plain.name = "operations";
    plain.address = "127.0.0.1";
    operations_listener_ = listen(std::move(plain), operations_);
  }
  ~TlsTest() override {
    stop(*api_listener_);
    stop(*operations_listener_);
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Listener> listen(ListenerSettings settings, Service& service) {
    auto listener = Listener::create(context_.get_executor(), std::move(settings), service, clock_, fakes_.log,
                                     fakes_.metrics);
    listener->start();
    return listener;
  }
  void stop(Listener& listener) {
    bool stopped = false;
    boost::asio::co_spawn(context_, listener.stop(), [&stopped](std::exception_ptr) { stopped = true; });
    EXPECT_TRUE(clock_.run_until([&stopped] { return stopped; }, 1h));
  }

  TlsFiles files() const { return {folder_ / "server.crt", folder_ / "server.key", folder_ / "ca.crt"}; }

  static TlsClient nobody() {
    TlsClient tls;
    tls.ca = pki().ours.certificate();
    return tls;
  }
  static TlsClient showing(const core::Result<crypto::Issued>& issued) {
    TlsClient tls = nobody();
    tls.certificate = issued->certificate;
    tls.key = issued->key;
    return tls;
  }
  static TlsClient officer(core::Roles roles) {
    return showing(pki().ours.issue_officer(pki().officer(roles), pki().valid));
  }
  static TlsClient station(const std::string& id = "hospital-1") {
    return showing(pki().ours.issue_recipient(core::RecipientId(id), pki().valid));
  }

  Peer connect(const TlsClient& tls) { return {context_, api_listener_->port(), tls}; }
  Peer connect_operations() { return {context_, operations_listener_->port()}; }

  static std::string get(std::string_view path, std::string_view fields = "") {
    return request_text("GET", "/api/v1" + std::string(path), fields);
  }

  boost::asio::io_context context_{1};
  runtime::VirtualClock clock_{context_, real_now()};
  FakeDesks fakes_{clock_};
  std::filesystem::path folder_;
  Api api_{fakes_.desks(), Limits{}};
  Operations operations_{fakes_.desks()};
  std::unique_ptr<Listener> api_listener_;
  std::unique_ptr<Listener> operations_listener_;
};

TEST_F(TlsTest, AnOfficersCertificateThenItsUnitNumberAndRoles) {
  Peer peer = connect(officer({core::Role::submitter, core::Role::releaser}));
  EXPECT_EQ(peer.ask(get("/reports")).status, 200);
  EXPECT_EQ(peer.ask(get("/journal")).status, 403);
  const std::string body = R"({"revision":1,"kind":"RECEIVED","recipientId":"x"})";
  EXPECT_EQ(peer.ask(request_text("POST", "/api/v1/alerts/" + alert_id + "/acknowledgements", "", body)).status,
            200);
  EXPECT_EQ(fakes_.answers.caller.unit, unit);
  EXPECT_EQ(fakes_.answers.caller.officer, "021533");
  EXPECT_TRUE(fakes_.answers.caller.recipient.empty());
}

TEST_F(TlsTest, ARecipientsCertificateThenItsId) {
  Peer peer = connect(station("hospital-9"));
  EXPECT_EQ(peer.ask(get("/reports")).status, 403);
  EXPECT_EQ(peer.ask(request_text("POST", "/api/v1/alerts/" + alert_id + "/acknowledgements", "",
                                  R"({"revision":1,"kind":"RECEIVED"})"))
                .status,
            200);
  EXPECT_EQ(fakes_.answers.caller.recipient.value, "hospital-9");
  EXPECT_EQ(fakes_.answers.caller.unit, "");
}

TEST_F(TlsTest, NoCertificateThen401AsAProblem) {
  Peer peer = connect(nobody());
  const HttpAnswer answer = peer.ask(get("/reports"));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.fields.at("content-type"), "application/problem+json");
  EXPECT_EQ(boost::json::parse(answer.body).at("type").as_string(), "urn:tuanyuan:problem:unauthenticated");
}

TEST_F(TlsTest, ACertificateWithoutARoleThenOnlyWhatAnyCertificateMayRead) {
  Peer peer = connect(showing(pki().ours.issue_service("tuanyuand", pki().valid)));
  EXPECT_EQ(peer.ask(get("/keys")).status, 200);
  EXPECT_EQ(peer.ask(get("/alerts")).status, 403);
}

TEST_F(TlsTest, AStrangersCertificateThenNoConnection) {
  TlsClient tls = showing(pki().strangers.issue_officer(pki().officer({core::Role::releaser}), pki().valid));
  Peer peer = connect(tls);
  EXPECT_EQ(peer.ask(get("/keys")).status, 0);
}

TEST_F(TlsTest, AnExpiredCertificateThenNoConnection) {
  const crypto::Validity past{real_now() - std::chrono::days(1), real_now() - std::chrono::minutes(1)};
  Peer peer = connect(showing(pki().ours.issue_officer(pki().officer({core::Role::releaser}), past)));
  EXPECT_EQ(peer.ask(get("/keys")).status, 0);
}

TEST_F(TlsTest, ACertificateThatRunsOutOnALivingConnectionThen401) {
  crypto::Validity brief = pki().valid;
  brief.not_after = real_now() + 60s;
  Peer peer = connect(showing(pki().ours.issue_officer(pki().officer({core::Role::releaser}), brief)));
  EXPECT_EQ(peer.ask(get("/keys")).status, 200);
  clock_.step_wall(61s);
  EXPECT_EQ(peer.ask(get("/keys")).status, 401);
}

TEST_F(TlsTest, OldTlsThenNoConnection) {
  TlsClient tls = station();
  tls.version_max = TLS1_1_VERSION;
  EXPECT_FALSE(connect(tls).connected());
  tls.version_max = TLS1_2_VERSION;
  EXPECT_EQ(connect(tls).ask(get("/keys")).status, 200);
}

TEST_F(TlsTest, ProtocolsOfferedThenHttp11OrNothing) {
  TlsClient tls = station();
  tls.alpn = "\x02h2\x08http/1.1";
  Peer both = connect(tls);
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(both.native(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  tls.alpn = "\x02h2";
  EXPECT_FALSE(connect(tls).connected());
}

TEST_F(TlsTest, AResumedSessionThenStillKnowsItsCertificate) {
  TlsClient tls = station();
  Peer first = connect(tls);
  EXPECT_EQ(first.ask(get("/alerts")).status, 200);
  tls.session = SSL_get1_session(first.native());
  Peer second = connect(tls);
  EXPECT_EQ(SSL_session_reused(second.native()), 1);
  EXPECT_EQ(second.ask(get("/alerts")).status, 200);
  SSL_SESSION_free(tls.session);
}

TEST_F(TlsTest, SilenceInsteadOfAHandshakeThenCut) {
  Peer peer(context_, api_listener_->port());
  clock_.run_for(9s);
  EXPECT_TRUE(peer.is_quiet());
  clock_.run_for(2s);
  EXPECT_TRUE(peer.ends());
}

TEST_F(TlsTest, ARequestThatDripsThenCutOverTlsToo) {
  Peer peer = connect(station());
  peer.send("GET /api/v1/keys HTTP/1.1\r\n");
  for (int i = 0; i < 32; ++i) {
    peer.send("X: y\r\n");
    clock_.run_for(1s);
  }
  EXPECT_EQ(peer.answer().status, 408);
  EXPECT_TRUE(peer.ends());
}

TEST_F(TlsTest, ReloadedThenNewConnectionsSeeTheNewCertificate) {
  Peer before = connect(station());
  const crypto::Issued renewed = pki().ours.issue_server({"renewed.example"}, pki().valid).value();
  write_file(folder_ / "server.crt", renewed.certificate);
  EXPECT_THROW(load_tls(files()), std::exception);  // not its key
  write_file(folder_ / "server.key", renewed.key);
  api_listener_->use(load_tls(files()));
  const auto name_of = [](Peer& peer) {
    X509* certificate = SSL_get1_peer_certificate(peer.native());
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return std::string(name);
  };
  Peer after = connect(station());
  EXPECT_EQ(name_of(after), "renewed.example");
  EXPECT_EQ(name_of(before), "localhost");
  EXPECT_EQ(before.ask(get("/keys")).status, 200);
}

TEST_F(TlsTest, FilesThatAreNoneThenThrown) {
  write_file(folder_ / "server.crt", "nonsense");
  EXPECT_THROW(load_tls(files()), std::exception);
  write_file(folder_ / "server.crt", pki().server.certificate);
  write_file(folder_ / "ca.crt", "");
  EXPECT_THROW(load_tls(files()), std::exception);
}

TEST_F(TlsTest, TheServersCertificateThenItsEndIsKnown) {
  const auto apart = load_tls(files()).not_after - pki().valid.not_after;
  EXPECT_LE(std::chrono::abs(apart), 2s);
}

TEST_F(TlsTest, ThePhotoThenItsBytesOverTheWire) {
  Peer peer = connect(station());
  const HttpAnswer answer = peer.ask(get("/alerts/" + alert_id + "/photo"));
  EXPECT_EQ(answer.fields.at("content-type"), "image/png");
  EXPECT_EQ(answer.body, std::string("\x89PNG\0\xff", 6));
  EXPECT_EQ(answer.fields.at("cache-control"), "no-store");
  EXPECT_EQ(answer.fields.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.fields.count("strict-transport-security"), 1U);
}

TEST_F(TlsTest, EventsThenStreamAndResumeWhereTheyStopped) {
  fakes_.journal.write("alert.released", alert_id);
  {
    Peer peer = connect(station());
    peer.send(get("/events", "Last-Event-ID: 0\r\n"));
    EXPECT_EQ(peer.answer().fields.at("content-type"), "text/event-stream");
    EXPECT_NE(peer.until("}\n\n").find("id: 1\nevent: alert.released\n"), std::string::npos);
    peer.close();
  }
  fakes_.journal.write("alert.closed", alert_id, {{"revision", "2"}, {"step", "0"}});
  Peer peer = connect(station());
  peer.send(get("/events", "Last-Event-ID: 1\r\n"));
  EXPECT_NE(peer.until("}\n\n").find("id: 2\nevent: alert.closed\n"), std::string::npos);
  clock_.run_for(16s);
  EXPECT_FALSE(peer.until(": \n\n").empty());
}

TEST_F(TlsTest, AClientThatLeavesItsEventsThenItsPlaceIsFree) {
  for (int i = 0; i < 20; ++i) {
    Peer peer = connect(station());
    peer.send(get("/events"));
    EXPECT_EQ(peer.answer().status, 200) << i;
    peer.until("retry");
    peer.close();
  }
}

TEST_F(TlsTest, ALargeReportThenReadWhole) {
  Peer peer = connect(officer({core::Role::submitter}));
  const std::string body =
      R"({"child":{"photo":{"mediaType":"image/png","data":")" + std::string(4 * 1024 * 1024, 'A') + R"("}}})";
  const HttpAnswer answer = peer.ask(request_text("POST", "/api/v1/reports", "", body));
  EXPECT_EQ(answer.status, 422);
}

TEST_F(TlsTest, OperationsThenInTheClearAndNothingElse) {
  fakes_.health.view.ready = true;
  fakes_.health.view.degraded = {{"broker", "is away"}};
  Peer peer = connect_operations();
  EXPECT_EQ(peer.ask(request_text("GET", "/healthz")).status, 200);
  const HttpAnswer ready = peer.ask(request_text("GET", "/readyz"));
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, R"({"ready":true,"degraded":{"broker":"is away"}})");
  const HttpAnswer metrics = peer.ask(request_text("GET", "/metrics"));
  EXPECT_EQ(metrics.body, "tuanyuan_build_info 1\n");
  EXPECT_TRUE(metrics.fields.at("content-type").starts_with("text/plain; version=0.0.4"));
  EXPECT_EQ(peer.ask(request_text("GET", "/api/v1/keys")).status, 404);
  EXPECT_EQ(peer.ask(request_text("POST", "/healthz", "", "x")).status, 405);
  EXPECT_EQ(peer.ask(request_text("GET", "/")).status, 404);
}

TEST_F(TlsTest, WhenNothingCanBeCommittedThenNotReady) {
  fakes_.health.view.ready = false;
  Peer peer = connect_operations();
  const HttpAnswer answer = peer.ask(request_text("GET", "/readyz"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.fields.count("retry-after"), 1U);
}

}  // namespace
}  // namespace tuanyuan::http::test
