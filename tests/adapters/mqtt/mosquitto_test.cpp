// The adapter against the real broker, with our configuration of it, certificates and the generated ACL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "adapters/mqtt/acl.hpp"
#include "adapters/mqtt/acl_file.hpp"
#include "adapters/mqtt/broker_fixture.hpp"
#include "adapters/mqtt/client.hpp"
#include "adapters/wire/answer_codec.hpp"

namespace tuanyuan::mqtt::test {
namespace {

using namespace std::chrono_literals;
using core::Audience;
using core::DeliveryOutcome;

const std::string base = "tuanyuan/v1/";
constexpr core::Division dalian{210202};

core::Recipient recipient(const std::string& id, Audience audience, core::Division division) {
  core::Recipient one;
  one.id = core::RecipientId(id);
  one.audience = audience;
  one.division = division;
  return one;
}

class WithMosquitto : public BrokerFixture {
 protected:
  Mosquitto mosquitto;
  std::vector<core::Recipient> directory = {recipient("station-1", Audience::partner, shenyang),
                                            recipient("station-2", Audience::partner, dalian),
                                            recipient("police-1", Audience::police, shenyang)};
  Identity daemon = mosquitto.service("tuanyuand");

  std::string rules() const {
    const Topics topics("tuanyuan/v1");
    std::string text = acl_rules_for_all(topics, "tuanyuand.service");
    for (const core::Recipient& one : directory) {
      append_acl_rules(one, topics, text);
    }
    return text;
  }
  Settings settings() const {
    Settings made;
    made.uri = mosquitto.uri();
    made.ca_file = mosquitto.ca_file();
    made.certificate_file = daemon.certificate;
    made.key_file = daemon.key;
    made.canary = core::RecipientId("canary");
    made.stranger_grace = 0ms;
    return made;
  }
  void start_both() {
    mosquitto.write_acl(rules());
    mosquitto.start();
    start(settings());
    ASSERT_TRUE(eventually([this] { return broker->is_up(); })) << mosquitto.log();
  }
  ports::Dispatch notice(core::Target target, Audience audience = Audience::partner,
                         core::Version version = {1, 0}) {
    auto dispatch = notice_dispatch(alert_a, version, std::move(target), in(1h));
    dispatch.delivery.audience = audience;
    return dispatch;
  }
  std::unique_ptr<Client> station(const std::string& id) {
    return std::make_unique<Client>(mosquitto, mosquitto.recipient(id), id);
  }
};

TEST_F(WithMosquitto, OurConfigurationAndAclThenTakenWithoutComplaint) {
  mosquitto.write_acl(rules());
  mosquitto.start();
  EXPECT_THAT(mosquitto.log(),
              testing::Not(testing::AnyOf(testing::HasSubstr("Error"), testing::HasSubstr("ACL"))));
}

TEST_F(WithMosquitto, LateSubscriberThenFindsWhatIsInForceInBothEncodings) {
  start_both();
  const auto dispatch = notice(shenyang);
  EXPECT_EQ(send(dispatch), DeliveryOutcome::accepted);
  const auto late = station("station-1");
  late->subscribe(base + "#");
  const std::string topic = base + "notices/partner/210102/" + alert_a;
  const std::string json = base + "json/notices/partner/210102/" + alert_a;
  ASSERT_TRUE(eventually([&] { return late->count(topic) == 1 && late->count(json) == 1; }));
  EXPECT_EQ(late->last(topic), dispatch.copy->protobuf);
  EXPECT_EQ(late->last(json), dispatch.copy->json);
  EXPECT_TRUE(late->received()[0].retained);
}

TEST_F(WithMosquitto, BrokerDiesAndComesBackEmptyThenEverythingIsThereAgain) {
  truth.all = {notice(shenyang), photo_dispatch(alert_a, {1, 0}, in(1h), "jpeg"),
               notice_dispatch(alert_b, {3, 0}, core::RecipientId("station-1"), in(1h))};
  ports::PublishedKeys keys;
  keys.protobuf = "keys";
  keys.json = "{}";
  mosquitto.write_acl(rules());
  mosquitto.start();
  start(settings());
  broker->set_keys(keys);
  for (int life = 0; life < 2; ++life) {
    ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
    const auto display = station("station-1");
    display->subscribe(base + "#");
    const auto complete = [&] {
      return display->last(base + "photos/partner/210102/" + alert_a) == "jpeg" &&
             display->count(base + "notices/partner/210102/" + alert_a) > 0 &&
             display->count(base + "json/direct/station-1/" + alert_b) > 0 &&
             display->last(base + "keys") == "keys";
    };
    ASSERT_TRUE(eventually(complete)) << "life " << life;
    mosquitto.kill();
    ASSERT_TRUE(eventually([this] { return !broker->is_up(); }));
    mosquitto.start();
  }
}

TEST_F(WithMosquitto, SomebodyPlantsSomethingOlderOrClearsThenPutRight) {
  truth.all = {notice(shenyang, Audience::partner, {2, 0})};
  start_both();
  const std::string topic = base + "notices/partner/210102/" + alert_a;
  const auto display = station("station-1");
  display->subscribe(topic);
  ASSERT_TRUE(eventually([&] { return display->count(topic) > 0; }));
  // With the daemon's own rights, or the broker would not have it.
  Client intruder(mosquitto, daemon, "intruder");
  for (const std::string& wrong : {copy_of(alert_a, {1, 0})->protobuf, std::string()}) {
    const std::size_t before = display->count(topic);
    EXPECT_LT(intruder.publish(topic, wrong, true), 0x80);
    ASSERT_TRUE(eventually([&] { return display->count(topic) >= before + 2; }));
    EXPECT_EQ(display->last(topic), truth.all[0].copy->protobuf);
  }
}

TEST_F(WithMosquitto, PlantedWhileTheDaemonWasAwayThenPutRightAtItsStart) {
  mosquitto.write_acl(rules());
  mosquitto.start();
  const std::string stranger = base + "notices/partner/210102/" + alert_b;
  {
    Client intruder(mosquitto, daemon, "intruder");
    EXPECT_LT(intruder.publish(stranger, copy_of(alert_b, {1, 0})->protobuf, true), 0x80);
  }
  start(settings());
  ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
  ASSERT_TRUE(eventually([&] { return metrics.values["tuanyuan_broker_corrections_total kind=stranger"] > 0; }));
  const auto display = station("station-1");
  display->subscribe(stranger);
  // Deliveries keep their order, so nothing retained can come after what was published later.
  EXPECT_EQ(send(notice(core::RecipientId("station-1"))), DeliveryOutcome::accepted);
  display->subscribe(base + "direct/station-1/+");
  ASSERT_TRUE(eventually([&] { return display->count(base + "direct/station-1/" + alert_a) > 0; }));
  EXPECT_THAT(display->last(stranger).value_or(""), "");
}

TEST_F(WithMosquitto, PartnerThenReadsNothingOfPoliceOrAnotherDivisionOrSomebodyElse) {
  start_both();
  const auto partner = station("station-1");
  for (const std::string& filter :
       {base + "#", base + "notices/police/#", base + "notices/partner/210202/#", base + "direct/#",
        base + "receipts/#", std::string("#"), std::string("$SYS/#")}) {
    partner->subscribe(filter);
  }
  for (const Audience audience : core::all_audiences) {
    for (const core::Division division : {shenyang, dalian}) {
      EXPECT_EQ(send(notice(division, audience)), DeliveryOutcome::accepted);
    }
  }
  EXPECT_EQ(send(notice(core::RecipientId("station-2"))), DeliveryOutcome::accepted);
  EXPECT_EQ(send(notice(core::RecipientId("station-1"))), DeliveryOutcome::accepted);
  ASSERT_TRUE(eventually([&] { return partner->count(base + "json/direct/station-1/" + alert_a) > 0; }));
  std::set<std::string> topics;
  for (const Client::Received& one : partner->received()) {
    topics.insert(one.topic);
  }
  EXPECT_EQ(topics,
            (std::set<std::string>{
                base + "notices/partner/210102/" + alert_a, base + "json/notices/partner/210102/" + alert_a,
                base + "direct/station-1/" + alert_a, base + "json/direct/station-1/" + alert_a}));
}

TEST_F(WithMosquitto, PartnerThenWritesItsOwnAnswersAndNothingElse) {
  start_both();
  const auto partner = station("station-1");
  constexpr int not_authorised = 0x87;
  for (const std::string& topic :
       {base + "notices/partner/210102/" + alert_a, base + "notices/police/210102/" + alert_a,
        base + "direct/station-1/" + alert_a, base + "acknowledgements/station-2", base + "presence/station-2",
        base + "sightings/police-1", base + "receipts/station-1", base + "keys", std::string("elsewhere")}) {
    EXPECT_EQ(partner->publish(topic, "x", true), not_authorised) << topic;
  }
  EXPECT_LT(partner->publish(base + "presence/station-1", "online", true), 0x80);
  ASSERT_TRUE(eventually([this] { return desk.present.contains("station-1"); }));
  EXPECT_FALSE(desk.present.contains("station-2"));
}

TEST_F(WithMosquitto, AcknowledgementThenItsReceiptAfterTheDesk) {
  start_both();
  const auto partner = station("station-1");
  partner->subscribe(base + "receipts/station-1/#");
  core::Acknowledgement answer;
  answer.alert_id = core::AlertId(alert_a);
  answer.kind = core::AnswerKind::confirmed;
  EXPECT_LT(partner->publish(base + "acknowledgements/station-1", wire::to_proto(answer).SerializeAsString()),
            0x80);
  ASSERT_TRUE(eventually([&] { return partner->count(base + "receipts/station-1") == 1; }));
  EXPECT_EQ(desk.committed[0].connection.value, "station-1");
  v1::Receipt receipt;
  ASSERT_TRUE(receipt.ParseFromString(partner->last(base + "receipts/station-1").value_or("")));
  EXPECT_EQ(receipt.result(), v1::Receipt::RECORDED);
}

TEST_F(WithMosquitto, CanaryThenThereAndBackOutsideTheDesk) {
  start_both();
  const auto copy = copy_of(alert_b, {1, 0});
  Canary::Verify verify = [copy](std::string_view bytes) { return bytes == copy->protobuf; };
  auto flight = broker->canary().fly(core::AlertId(alert_b), copy, verify);
  EXPECT_EQ(await(std::move(flight)), true);
  EXPECT_TRUE(desk.committed.empty());
}

TEST_F(WithMosquitto, RecipientMovesThenTheBrokerLetsItReadThereWithoutAReconnect) {
  start_both();
  const auto partner = station("station-1");
  partner->subscribe(base + "notices/#");
  const std::string there = base + "notices/partner/210202/" + alert_a;
  AclSettings acl;
  acl.file = mosquitto.acl_file();
  acl.broker_pid_file = mosquitto.pid_file();
  acl.daemon_user = "tuanyuand.service";
  const auto visit_all = [this](AclFile::Visitor visit) -> boost::asio::awaitable<bool> {
    for (const core::Recipient& one : directory) {
      visit(one);
    }
    co_return true;
  };
  AclFile file(context.get_executor(), clock, log, acl, visit_all);
  directory[0].division = dalian;
  auto writing = file.write();
  ASSERT_TRUE(await(std::move(writing)).value().has_value());
  EXPECT_THAT(log.events, testing::Contains("broker.acl_written"));
  // The broker reads the file when it comes round to it.
  std::uint32_t step = 0;
  ASSERT_TRUE(eventually([&] {
    EXPECT_EQ(send(notice(dalian, Audience::partner, {1, step++})), DeliveryOutcome::accepted);
    return partner->count(there) > 0;
  }));
  const std::string left = base + "notices/partner/210102/" + alert_a;
  EXPECT_EQ(send(notice(shenyang)), DeliveryOutcome::accepted);
  const std::size_t before = partner->count(there);
  EXPECT_EQ(send(notice(dalian, Audience::partner, {1, step})), DeliveryOutcome::accepted);
  ASSERT_TRUE(eventually([&] { return partner->count(there) > before; }));
  EXPECT_EQ(partner->count(left), 0U);
}

TEST_F(WithMosquitto, CertificateNamesAnotherServerThenNotConnected) {
  mosquitto.write_acl(rules());
  mosquitto.start();
  Settings elsewhere = settings();
  elsewhere.uri = mosquitto.uri("127.0.0.1");
  start(elsewhere);
  ASSERT_TRUE(
      eventually([this] { return std::count(log.events.begin(), log.events.end(), "broker.unreachable") == 2; }));
  EXPECT_FALSE(broker->is_up());
}

TEST_F(WithMosquitto, WithoutACertificateThenNotConnected) {
  mosquitto.write_acl(rules());
  mosquitto.start();
  Settings nameless = settings();
  nameless.certificate_file.clear();
  nameless.key_file.clear();
  start(nameless);
  ASSERT_TRUE(eventually([this] { return !log.events.empty(); }));
  EXPECT_EQ(log.events[0], "broker.unreachable");
}

}  // namespace
}  // namespace tuanyuan::mqtt::test
