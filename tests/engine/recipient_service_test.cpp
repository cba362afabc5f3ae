#include <gmock/gmock.h>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

class RecipientServiceTest : public EngineTest {
 protected:
  static core::Recipient hospital(const std::string& name, const std::string& secret = {}) {
    core::Recipient recipient;
    recipient.id = core::RecipientId("hospital");
    recipient.name = name;
    recipient.category = core::Category::hospital;
    recipient.audience = core::Audience::partner;
    recipient.division = core::Division{210102};
    recipient.position = core::Position{41.8, 123.4};
    core::Endpoint endpoint;
    endpoint.channel = core::ChannelKind::webhook;
    endpoint.address = "https://hospital.example/alerts";
    endpoint.secret = secret;
    recipient.endpoints.push_back(std::move(endpoint));
    return recipient;
  }
  core::Result<core::Recipient> put(const core::Recipient& recipient, const std::string& key = {}) {
    return run(engine->recipients().put(keeper, recipient, ports::Idempotency(key, recipient.name)));
  }
  core::Result<bool> remove(const std::string& key = {}) {
    return run(
        engine->recipients().remove(keeper, core::RecipientId("hospital"), ports::Idempotency(key, "DELETE")));
  }
  core::Result<std::uint32_t> import(std::vector<core::Recipient> recipients) {
    return run(engine->recipients().import(keeper, std::move(recipients), ports::Idempotency()));
  }
  std::string name() { return run(engine->recipients().get(keeper, core::RecipientId("hospital"))).value().name; }
  /// What the ledger holds, which no caller is shown.
  std::string secret() {
    const auto ordinal = engine->world().directory.find("hospital");
    auto rows = run(memory->recipients({*ordinal}));
    return rows.value().front().recipient.endpoints.front().secret;
  }

  core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
};

TEST_F(RecipientServiceTest, SecretThenIsKeptAndNeverShown) {
  const auto shown = put(hospital("一", "whsec_1"));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->endpoints.front().secret, "");
  EXPECT_EQ(secret(), "whsec_1");
}

TEST_F(RecipientServiceTest, PutOrImportedWithoutASecretThenTheOneThatIsThereStays) {
  ASSERT_TRUE(put(hospital("一", "whsec_1")));
  ASSERT_TRUE(put(hospital("二")));
  EXPECT_EQ(secret(), "whsec_1");
  EXPECT_EQ(import({hospital("三")}).value(), 1U);
  EXPECT_EQ(secret(), "whsec_1");
  EXPECT_EQ(name(), "三");
}

TEST_F(RecipientServiceTest, AnotherAddressThenHasNoSecretOfTheOldOne) {
  ASSERT_TRUE(put(hospital("一", "whsec_1")));
  core::Recipient moved = hospital("一");
  moved.endpoints.front().address = "https://elsewhere.example/";
  EXPECT_EQ(import({moved}).value(), 1U);
  EXPECT_EQ(secret(), "");
}

TEST_F(RecipientServiceTest, OutcomeUnknownThenTheCasesStayWhatTheyAre) {
  const core::AlertId alert = released().id;
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.recipients.empty() ? ledger::CommitFate::normal : ledger::CommitFate::unknown_committed;
  };
  EXPECT_EQ(put(hospital("一")).error().code, core::Errc::unavailable);
  memory->faults = {};
  EXPECT_EQ(name(), "一");
  EXPECT_TRUE(run(engine->cases().close(releaser, alert, found(), {}))) << "it conflicts with nothing";
}

TEST_F(RecipientServiceTest, ConnectedBeforeItIsEnteredThenItIsOnlineFromThatMoment) {
  engine->answers().presence(core::RecipientId("hospital"), true);
  ASSERT_TRUE(put(hospital("一")));
  const auto is_online = [this] {
    return engine->world().online.contains(*engine->world().directory.find("hospital"));
  };
  EXPECT_TRUE(is_online());
  ASSERT_TRUE(remove());
  ASSERT_TRUE(put(hospital("二")));
  EXPECT_TRUE(is_online()) << "under its new ordinal";
  ASSERT_TRUE(remove());
  engine->answers().presence(core::RecipientId("hospital"), false);
  ASSERT_TRUE(put(hospital("三")));
  EXPECT_FALSE(is_online());
}

TEST_F(RecipientServiceTest, RepeatedPutOvertakenByAnotherThenChangesNothingAfterARestartToo) {
  ASSERT_TRUE(put(hospital("一"), "k"));
  ASSERT_TRUE(put(hospital("二"), "l"));
  restart();
  const auto repeated = put(hospital("一"), "k");
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->name, "一");
  EXPECT_EQ(name(), "二");
  EXPECT_EQ(put(hospital("三"), "k").error().code, core::Errc::idempotency_reused);
}

TEST_F(RecipientServiceTest, RepeatedDeletionThenIsAnsweredTheSame) {
  ASSERT_TRUE(put(hospital("一")));
  EXPECT_TRUE(remove("k"));
  restart();
  EXPECT_TRUE(remove("k"));
  EXPECT_EQ(remove("l").error().code, core::Errc::not_found);
}

}  // namespace
}  // namespace tuanyuan::engine
