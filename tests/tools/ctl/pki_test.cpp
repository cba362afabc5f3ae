#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/files.hpp"
#include "adapters/crypto/notary.hpp"
#include "adapters/crypto/pem.hpp"
#include "tools/ctl/enrolment.hpp"
#include "tools/ctl/fake_daemon.hpp"
#include "tools/ctl/json_view.hpp"

namespace tuanyuan::ctl {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Pki : public testing::Test {
 protected:
  Pki() {
    std::string name = (fs::temp_directory_path() / "ctl-pki-XXXXXX").string();
    root = mkdtemp(name.data());
    dir = (root / "pki").string();
  }
  ~Pki() override { fs::remove_all(root); }

  void init() { ASSERT_EQ(daemon.run_bare({"pki", "init", dir}), 0) << daemon.err.str(); }
  std::string file(const std::string& name) const { return crypto::read_file(fs::path(dir) / name); }
  static unsigned mode(const fs::path& path) { return static_cast<unsigned>(fs::status(path).permissions()); }
  bool vouched(const std::string& certificate) const {
    const auto parsed = crypto::parse_certificate(certificate);
    return crypto::TrustAnchors(file("ca.crt")).vouch_for(parsed.get(), daemon.wall);
  }

  FakeDaemon daemon;
  fs::path root;
  std::string dir;
};

TEST_F(Pki, InitThenAllKeysAndNobodyElseReadsThem) {
  init();
  EXPECT_EQ(mode(dir), 0700U);
  for (const char* name : {"ca", "server", "daemon", "signing-actual-1", "signing-exercise-1"}) {
    EXPECT_EQ(mode(fs::path(dir) / (std::string(name) + ".key")), 0600U) << name;
    EXPECT_TRUE(fs::exists(fs::path(dir) / (std::string(name) + ".crt"))) << name;
  }
  EXPECT_EQ(mode(fs::path(dir) / "master.key"), 0600U);
  EXPECT_TRUE(vouched(file("server.crt")));
  const auto actual = crypto::load_notary_key(file("signing-actual-1.key"), file("signing-actual-1.crt"));
  EXPECT_EQ(actual.use, core::Status::actual);
  const auto exercise = crypto::load_notary_key(file("signing-exercise-1.key"), file("signing-exercise-1.crt"));
  EXPECT_EQ(exercise.use, core::Status::exercise);
}

TEST_F(Pki, InitTwiceThenRefusedAndNothingOverwritten) {
  init();
  const std::string before = file("ca.crt");
  EXPECT_EQ(daemon.run_bare({"pki", "init", dir}), 2);
  EXPECT_EQ(file("ca.crt"), before);
}

TEST_F(Pki, AuthoritysKeyIsKeptElsewhereThenASecondInitOverwritesNothing) {
  init();
  const std::string master = file("master.key");
  const std::string server = file("server.crt");
  fs::remove(fs::path(dir) / "ca.key");
  EXPECT_EQ(daemon.run_bare({"pki", "init", dir}), 2);
  EXPECT_EQ(file("master.key"), master);
  EXPECT_EQ(file("server.crt"), server);
  fs::remove(fs::path(dir) / "ca.crt");
  init();  // as after a run that broke off
  EXPECT_EQ(file("master.key"), master) << "reports may be sealed by it";
}

TEST_F(Pki, UnitThenTheCertificateSaysUnitOfficerAndRoles) {
  init();
  const std::string base = (root / "releaser").string();
  EXPECT_EQ(daemon.run_bare({"pki", "unit", dir, "210100000000", "021533", "--role", "submitter", "--role",
                             "releaser", "--out", base}),
            0);
  const auto identity = crypto::identify(crypto::read_file(base + ".crt"));
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->caller.unit, "210100000000");
  EXPECT_EQ(identity->caller.officer, "021533");
  EXPECT_TRUE(identity->caller.roles.contains(core::Role::releaser));
  EXPECT_FALSE(identity->caller.roles.contains(core::Role::supervisor));
  EXPECT_EQ(daemon.run_bare({"pki", "unit", dir, "2101", "021533", "--role", "submitter"}), 2);
  EXPECT_THAT(daemon.err.str(), HasSubstr("12 digits"));
}

TEST_F(Pki, RecipientsOfAFileThenOnePairEachAndThoseThereAreKept) {
  init();
  const fs::path csv = root / "recipients.csv";
  std::ofstream(csv) << "id,name\ns1,\"a, b\"\ns2,c\n";
  const std::string out = (root / "credentials").string();
  EXPECT_EQ(daemon.run_bare({"pki", "recipients", dir, csv.string(), "--out", out}), 0);
  const std::string first = crypto::read_file(out + "/s1.crt");
  EXPECT_EQ(crypto::identify(first)->caller.recipient.value, "s1");
  EXPECT_TRUE(vouched(first));
  std::ofstream(csv, std::ios::app) << "s3,d\n";
  EXPECT_EQ(daemon.run_bare({"pki", "recipients", dir, csv.string(), "--out", out, "--field", "issued"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("\n1\n"));
  EXPECT_EQ(crypto::read_file(out + "/s1.crt"), first);
}

TEST_F(Pki, BadIdThenNamed) {
  init();
  EXPECT_EQ(daemon.run_bare({"pki", "recipient", dir, "../x", "--out", root.string()}), 2);
  EXPECT_THAT(daemon.err.str(), HasSubstr("'../x'"));
}

TEST_F(Pki, SigningKeyRotatedThenBesideTheOldOne) {
  init();
  const std::string old = file("signing-actual-1.key");
  EXPECT_EQ(daemon.run_bare({"pki", "signing-key", dir, "--use", "ACTUAL"}), 0);
  EXPECT_EQ(file("signing-actual-1.key"), old);
  const auto made = crypto::load_notary_key(file("signing-actual-2.key"), file("signing-actual-2.crt"));
  EXPECT_EQ(made.use, core::Status::actual);
}

TEST_F(Pki, WithoutADirectoryThenWrongUsage) {
  EXPECT_EQ(daemon.run_bare({"pki", "unit", dir, "210100000000", "1", "--role", "submitter"}), 2);
  EXPECT_THAT(daemon.err.str(), HasSubstr("ca.key: cannot be read"));
}

TEST_F(Pki, EnrolledThenAllThatAFirstConnectionNeeds) {
  init();
  daemon.on("GET /recipients/s1", 200,
            R"({"id":"s1","audience":"PARTNER","division":"210102","latitude":41.7,"longitude":123.4})");
  const fs::path out = root / "s1";
  EXPECT_EQ(daemon.run({"recipient", "enrol", "s1", "--out", out.string(), "--pki", dir, "--broker",
                        "mqtts://broker.test:18883", "--json"}),
            0)
      << daemon.err.str();
  EXPECT_EQ(crypto::identify(crypto::read_file(out / "s1.crt"))->caller.recipient.value, "s1");
  EXPECT_EQ(crypto::read_file(out / "ca.crt"), file("ca.crt"));
  for (const char* name : {"s1.crt", "s1.key", "ca.crt", "subscribe.sh", "README.txt"}) {
    EXPECT_EQ(mode(out / name), 0600U) << name;
  }
  const std::string line =
      "mosquitto_sub -V mqttv5 -h broker.test -p 18883 --cafile ca.crt --cert s1.crt --key s1.key -q 1 -v"
      " -t 'tuanyuan/v1/json/notices/partner/210102/+' -t 'tuanyuan/v1/json/direct/s1/#'"
      " -t 'tuanyuan/v1/receipts/s1'";
  EXPECT_THAT(crypto::read_file(out / "subscribe.sh"), HasSubstr(line));
  EXPECT_EQ(text_at(*parse_json(daemon.out.str().substr(daemon.out.str().find("{\"rec"))), "subscribe"),
            "cd " + out.string() + " && " + line);
  EXPECT_THAT(crypto::read_file(out / "README.txt"), HasSubstr("tuanyuan/v1/acknowledgements/s1"));
}

TEST_F(Pki, EnrolUnknownRecipientThenRefusedAndNothingWritten) {
  init();
  const fs::path out = root / "s9";
  EXPECT_EQ(daemon.run({"recipient", "enrol", "s9", "--out", out.string(), "--pki", dir, "--broker",
                        "mqtts://broker.test"}),
            1);
  EXPECT_FALSE(fs::exists(out));
}

TEST(Broker, UriThenHostAndPort) {
  EXPECT_EQ(parse_broker("mqtts://b.test")->port, "8883");
  EXPECT_EQ(parse_broker("mqtts://b.test:1")->host, "b.test");
  for (const char* wrong : {"", "b.test", "mqtt://b.test", "mqtts://", "mqtts://b;rm:1", "mqtts://b:x"}) {
    EXPECT_FALSE(parse_broker(wrong)) << wrong;
  }
}

TEST(ApiUrl, TakenApart) {
  const auto plain = parse_api_url("https://localhost:18443/api/v1/");
  EXPECT_EQ(plain->host, "localhost");
  EXPECT_EQ(plain->port, "18443");
  EXPECT_EQ(plain->base, "/api/v1");
  const auto ipv6 = parse_api_url("https://[::1]:9/api/v1");
  EXPECT_EQ(ipv6->host, "::1");
  EXPECT_EQ(ipv6->port, "9");
  EXPECT_EQ(parse_api_url("https://h")->port, "8443");
  for (const char* wrong : {"", "http://h", "https://", "https://h:x/", "https://:1"}) {
    EXPECT_FALSE(parse_api_url(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace tuanyuan::ctl
