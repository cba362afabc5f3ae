#include <gmock/gmock.h>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class SightingTest : public EngineTest {
 protected:
  SightingTest() : alert(released()) {
    sighting.sighting_id = core::SightingId("019aa000-0000-7000-8000-000000000001");
    sighting.alert_id = alert.id;
    sighting.recipient_id = core::RecipientId("near");
    sighting.seen_at = clock.wall_now();
    sighting.description = "在候车室";
  }

  core::Receipt sight(const std::string& key = {}) {
    const ports::Idempotency once(key, sighting.description);
    return run(engine->answers().sight(core::RecipientId("near"), sighting, once)).value();
  }
  core::Result<ports::SightingView> assess(core::Assessment assessment, const std::string& note,
                                           const std::string& key = {}) {
    ports::AssessOptions options;
    options.assessment = assessment;
    options.note = note;
    const std::string body = note + std::string(core::to_string(assessment));
    return run(engine->answers().assess(releaser, sighting.sighting_id, options, ports::Idempotency(key, body)));
  }

  ports::AlertView alert;
  core::Sighting sighting;
};

TEST_F(SightingTest, ReportedThenThePoliceOfTheUnitAreTold) {
  core::Recipient desk;
  desk.id = core::RecipientId("desk-of-the-unit");
  desk.name = "指挥中心";
  desk.category = core::Category::command_centre;
  desk.audience = core::Audience::police;
  desk.division = core::Division{210102};
  desk.position = core::Position{41.8, 123.4};
  ASSERT_TRUE(run(engine->recipients().put(supervisor, desk, {})));
  std::vector<core::RecipientId> told;
  engine->answers().on_sighting(
      [&told](std::vector<core::RecipientId> recipients, core::Sighting) { told = std::move(recipients); });
  EXPECT_EQ(sight().result, core::ReceiptResult::recorded);
  EXPECT_THAT(told, ElementsAre(desk.id)) << "and not the police of another division";
  const auto listed = run(engine->answers().sightings(releaser, alert.id));
  ASSERT_THAT(*listed, SizeIs(1));
  EXPECT_EQ(listed->front().sighting.description, "在候车室");
  EXPECT_EQ(listed->front().assessment, core::Assessment::unassessed);
}

TEST_F(SightingTest, ReportedThenItSaysWhomToAskBackWhileTheDirectoryHasThem) {
  core::Recipient near = *run(engine->recipients().get(supervisor, core::RecipientId("near")));
  near.name = "某站";
  near.liaison = {"值班员", "024-1234567"};
  ASSERT_TRUE(run(engine->recipients().put(supervisor, near, {})));
  sight();
  const ports::SightingView listed = run(engine->answers().sightings(releaser, alert.id))->at(0);
  EXPECT_EQ(listed.recipient_name, "某站");
  EXPECT_EQ(listed.liaison.telephone, "024-1234567");
  EXPECT_EQ(assess(core::Assessment::credible, "")->recipient_name, "某站");
  ASSERT_TRUE(run(engine->recipients().remove(supervisor, core::RecipientId("near"), {})));
  EXPECT_EQ(run(engine->answers().sighting(releaser, sighting.sighting_id))->recipient_name, "");
}

TEST_F(SightingTest, NobodyHasReportedAnyThenThatIsKnownWithoutTheLedgerAndOtherwiseNot) {
  const auto listed_without_ledger = [this] {
    memory->faults.read_fails = [] { return true; };
    const auto listed = run(engine->answers().sightings(releaser, alert.id));
    memory->faults = {};
    return listed.has_value();
  };
  EXPECT_TRUE(listed_without_ledger());
  EXPECT_THAT(*run(engine->answers().sightings(releaser, alert.id)), SizeIs(0));
  sight();
  EXPECT_FALSE(listed_without_ledger());
  restart();
  EXPECT_FALSE(listed_without_ledger());
  EXPECT_THAT(*run(engine->answers().sightings(releaser, alert.id)), SizeIs(1));
}

TEST_F(SightingTest, OutcomeOfTheFirstIsLostThenItIsListed) {
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_committed; };
  EXPECT_FALSE(run(engine->answers().sight(core::RecipientId("near"), sighting, {})));
  memory->faults = {};
  EXPECT_THAT(*run(engine->answers().sightings(releaser, alert.id)), SizeIs(1));
}

TEST_F(SightingTest, TheFirstWasNeverRecordedThenThatIsKnownWithoutTheLedgerAgain) {
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_lost; };
  EXPECT_FALSE(run(engine->answers().sight(core::RecipientId("near"), sighting, {})));
  memory->faults = {};
  memory->faults.read_fails = [] { return true; };
  EXPECT_TRUE(run(engine->answers().sightings(releaser, alert.id)));
}

TEST_F(SightingTest, OutcomeIsInDoubtThenTheLedgerIsAsked) {
  memory->faults.commit_fate = [this](const ports::Commit&) {
    memory->faults.read_fails = [] { return true; };
    return ledger::CommitFate::unknown_committed;
  };
  EXPECT_FALSE(run(engine->answers().sight(core::RecipientId("near"), sighting, {})));
  EXPECT_FALSE(run(engine->answers().sightings(releaser, alert.id))) << "it is not known whether there are any";
  memory->faults = {};
  EXPECT_THAT(*run(engine->answers().sightings(releaser, alert.id)), SizeIs(1));
}

TEST_F(SightingTest, OutcomeIsLostThenThePoliceAreToldWhenItIsSaidAgainAndOnlyThen) {
  int told = 0;
  engine->answers().on_sighting([&told](const std::vector<core::RecipientId>&, const core::Sighting& seen) {
    EXPECT_EQ(seen.description, "在候车室");
    ++told;
  });
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_committed; };
  EXPECT_FALSE(run(engine->answers().sight(core::RecipientId("near"), sighting, {})));
  memory->faults = {};
  EXPECT_EQ(told, 0);
  EXPECT_EQ(sight().result, core::ReceiptResult::duplicate);
  EXPECT_EQ(told, 1);
  sight();
  EXPECT_EQ(told, 1);
}

TEST_F(SightingTest, WasNeverRecordedAndIsSaidAgainThenThePoliceAreToldOnce) {
  int told = 0;
  engine->answers().on_sighting([&told](const std::vector<core::RecipientId>&, const core::Sighting&) { ++told; });
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_lost; };
  EXPECT_FALSE(run(engine->answers().sight(core::RecipientId("near"), sighting, {})));
  memory->faults = {};
  EXPECT_EQ(sight().result, core::ReceiptResult::recorded);
  EXPECT_EQ(told, 1);
  sight();
  EXPECT_EQ(told, 1);
}

TEST_F(SightingTest, RepeatedThenADuplicateOfTheFirstAndNothingInTheJournal) {
  const core::Receipt first = sight();
  run_for(std::chrono::seconds(5));
  const core::Sequence newest = engine->journal().newest();
  const core::Receipt again = sight();
  EXPECT_EQ(again.result, core::ReceiptResult::duplicate);
  EXPECT_EQ(again.recorded_at, first.recorded_at);
  EXPECT_EQ(engine->journal().newest(), newest);
}

TEST_F(SightingTest, TwiceAtOnceThenItIsRecordedOnce) {
  const core::Sequence before = engine->journal().newest();
  std::vector<core::Receipt> receipts;
  for (int time = 0; time < 2; ++time) {
    boost::asio::co_spawn(context, engine->answers().sight(core::RecipientId("near"), sighting, {}),
                          [&receipts](const std::exception_ptr&, core::Result<core::Receipt> receipt) {
                            if (receipt) {
                              receipts.push_back(*receipt);
                            }
                          });
  }
  run_for(std::chrono::seconds(1));
  ASSERT_THAT(receipts, SizeIs(2));
  EXPECT_EQ(engine->journal().newest(), before + 1);
  EXPECT_EQ(sight().result, core::ReceiptResult::duplicate);
}

TEST_F(SightingTest, OfALookoutThenItIsTakenBeforeTheRelease) {
  settings.lookout = true;
  restart();
  sighting.alert_id = submit("another")->alert_id;
  EXPECT_EQ(sight().result, core::ReceiptResult::recorded);
}

TEST_F(SightingTest, RepeatedWithItsKeyThenAnsweredTheSameAfterARestartToo) {
  const core::Receipt first = sight("k");
  restart();
  run_for(std::chrono::seconds(5));
  const core::Receipt again = sight("k");
  EXPECT_EQ(again.result, core::ReceiptResult::recorded);
  EXPECT_EQ(again.recorded_at, first.recorded_at);
  const auto other =
      run(engine->answers().sight(core::RecipientId("near"), sighting, ports::Idempotency("k", "else")));
  EXPECT_EQ(other.error().code, core::Errc::idempotency_reused);
}

TEST_F(SightingTest, IdOfAnotherRecipientsSightingThenRefused) {
  sight();
  sighting.recipient_id = core::RecipientId("next");
  const auto receipt = run(engine->answers().sight(core::RecipientId("next"), sighting, {}));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->result, core::ReceiptResult::refused);
  EXPECT_EQ(receipt->reason, "sighting-id-taken");
}

TEST_F(SightingTest, PictureThatIsNoneThenItsPathIsTheSightings) {
  sighting.photo.media_type = "image/jpeg";
  sighting.photo.data = std::string(test::SamePictures::refused);
  const auto refused = run(engine->answers().sight(core::RecipientId("near"), sighting, {}));
  ASSERT_TRUE(refused.has_error());
  ASSERT_THAT(refused.error().fields, SizeIs(1));
  EXPECT_EQ(refused.error().fields.front().path, "photo.data");
}

TEST_F(SightingTest, AssessedThenItSaysByWhomWhenAndWhyAfterARestartToo) {
  sight();
  const core::Instant assessed_at = clock.wall_now();
  ASSERT_TRUE(assess(core::Assessment::credible, "衣着相符"));
  restart();
  const auto view = run(engine->answers().sighting(releaser, sighting.sighting_id));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->assessment, core::Assessment::credible);
  EXPECT_EQ(view->assessed_at, assessed_at);
  EXPECT_EQ(view->assessed_by, releaser.actor());
  EXPECT_EQ(view->note, "衣着相符");
}

TEST_F(SightingTest, AssessedAgainThenTheLatestStands) {
  sight();
  ASSERT_TRUE(assess(core::Assessment::credible, "衣着相符"));
  const auto view = assess(core::Assessment::not_credible, "");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->assessment, core::Assessment::not_credible);
  EXPECT_EQ(view->note, "");
}

TEST_F(SightingTest, RepeatedAssessmentIsAnsweredAsThenAndOvertakesNothing) {
  sight();
  const core::Instant then = clock.wall_now();
  ASSERT_TRUE(assess(core::Assessment::credible, "一", "k"));
  run_for(std::chrono::minutes(1));
  ASSERT_TRUE(assess(core::Assessment::not_credible, "二", "l"));
  restart();
  const auto view = assess(core::Assessment::credible, "一", "k");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->assessment, core::Assessment::credible);
  EXPECT_EQ(view->note, "一");
  EXPECT_EQ(view->assessed_at, then);
  const auto now = run(engine->answers().sighting(releaser, sighting.sighting_id));
  ASSERT_TRUE(now);
  EXPECT_EQ(now->assessment, core::Assessment::not_credible);
  EXPECT_EQ(assess(core::Assessment::credible, "三", "k").error().code, core::Errc::idempotency_reused);
}

TEST_F(SightingTest, OthersThenAreToldThatThereIsNone) {
  sight();
  EXPECT_EQ(run(engine->answers().sighting(stranger, sighting.sighting_id)).error().code, core::Errc::not_found);
  ports::AssessOptions options;
  options.assessment = core::Assessment::credible;
  EXPECT_EQ(run(engine->answers().assess(stranger, sighting.sighting_id, options, {})).error().code,
            core::Errc::not_found);
}

}  // namespace
}  // namespace tuanyuan::engine
