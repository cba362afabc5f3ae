// Reports of the same child find each other, whatever way they came to name it.
#include <gmock/gmock.h>

#include "core/sample_report.hpp"
#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class DuplicatesTest : public EngineTest {
 protected:
  DuplicatesTest() { lost = clock.wall_now() - std::chrono::minutes(40); }

  core::Report report_of(const std::string& name) const {
    core::Report report = core::sample::sample_report();
    report.exercise = false;
    report.child.name = name;
    report.last_seen.time = lost;
    report.last_seen.time_latest.reset();
    return report;
  }
  ports::ReportView take(const core::Report& report) {
    return *run(engine->cases().submit(submitter, core::to_draft(report), {}));
  }
  core::Result<ports::AlertView> update(const core::AlertId& alert, std::function<void(core::Report&)> change) {
    ports::UpdateOptions options;
    options.merge = [&change](const core::Report& before, core::Instant) -> core::Result<core::Report> {
      core::Report after = before;
      change(after);
      return after;
    };
    options.fields = {"child.name"};
    return run(engine->cases().update(releaser, alert, options, {}));
  }
  std::vector<core::ReportId> duplicates(const core::ReportId& report) {
    return run(engine->cases().report(releaser, report))->duplicates;
  }

  core::Instant lost;
};

TEST_F(DuplicatesTest, AnotherSpellingOfTheNameIsTheSameChild) {
  const auto first = take(report_of("阿依古丽·买买提"));
  const auto second = take(report_of("阿依古丽・买买提　"));
  EXPECT_THAT(second.duplicates, ElementsAre(first.id));
  EXPECT_EQ(release(second.id).error().code, core::Errc::duplicate_report);
}

TEST_F(DuplicatesTest, ANameThatAnUpdateBringsLinksToo) {
  const auto first = take(report_of(""));
  ASSERT_TRUE(release(first.id));
  EXPECT_THAT(take(report_of("小禾")).duplicates, IsEmpty()) << "nobody knows yet";
  ASSERT_TRUE(update(first.alert_id, [](core::Report& report) { report.child.name = "小禾"; }));
  const auto third = take(report_of("小 禾"));
  EXPECT_THAT(third.duplicates, Contains(first.id));
  EXPECT_EQ(release(third.id).error().code, core::Errc::duplicate_report);
}

TEST_F(DuplicatesTest, ADayOfBirthThatAnUpdateBringsLinksToo) {
  core::Report younger = report_of("小禾");
  younger.child.birth_date.reset();
  younger.child.age_years = 8;
  const auto first = take(younger);
  ASSERT_TRUE(release(first.id));
  ASSERT_TRUE(update(first.alert_id, [](core::Report& report) {
    report.child.birth_date = core::sample::sample_report().child.birth_date;
    report.child.age_years.reset();
  }));
  EXPECT_THAT(take(report_of("小禾")).duplicates, Contains(first.id));
}

TEST_F(DuplicatesTest, AnUpdateThatMakesTwoAlertsEqualIsToldToTheOfficer) {
  const auto first = take(report_of("小禾"));
  const auto second = take(report_of("小何"));
  ASSERT_TRUE(release(first.id));
  ASSERT_TRUE(release(second.id));
  const auto updated = update(second.alert_id, [](core::Report& report) { report.child.name = "小禾"; });
  ASSERT_TRUE(updated);
  EXPECT_THAT(updated->duplicates, ElementsAre(first.id));
  EXPECT_THAT(run(engine->cases().alert(releaser, first.alert_id))->duplicates, ElementsAre(second.id));
  EXPECT_THAT(duplicates(first.id), ElementsAre(second.id));
  EXPECT_THAT(run(engine->cases().alert(test::recipient("police"), first.alert_id))->duplicates, IsEmpty())
      << "recipients have no use for it";
}

TEST_F(DuplicatesTest, AFormerNameStillLinks) {
  const auto first = take(report_of("小何"));
  ASSERT_TRUE(release(first.id));
  ASSERT_TRUE(update(first.alert_id, [](core::Report& report) { report.child.name = "小禾"; }));
  EXPECT_THAT(take(report_of("小何")).duplicates, ElementsAre(first.id)) << "whoever still calls it so means it";
  EXPECT_THAT(take(report_of("小禾")).duplicates, Contains(first.id));
}

TEST_F(DuplicatesTest, ARestartKnowsThemAll) {
  const auto first = take(report_of(""));
  ASSERT_TRUE(release(first.id));
  ASSERT_TRUE(update(first.alert_id, [](core::Report& report) { report.child.name = "小禾"; }));
  restart();
  EXPECT_THAT(take(report_of("小禾")).duplicates, ElementsAre(first.id));
}

TEST_F(DuplicatesTest, AnUpdateWhoseOutcomeWasLostLinksWhenItIsLearnt) {
  const auto first = take(report_of(""));
  ASSERT_TRUE(release(first.id));
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_committed; };
  EXPECT_FALSE(update(first.alert_id, [](core::Report& report) { report.child.name = "小禾"; }));
  memory->faults = {};
  EXPECT_THAT(take(report_of("小禾")).duplicates, ElementsAre(first.id));
}

TEST_F(DuplicatesTest, RepeatedRequestIsAnsweredAsItWasThen) {
  const core::ReportDraft draft = core::to_draft(report_of("小禾"));
  const ports::Idempotency once("key", "body");
  const auto first = run(engine->cases().submit(submitter, draft, once));
  ASSERT_TRUE(first);
  run_for(std::chrono::seconds(1));
  const auto second = take(report_of("小禾"));
  EXPECT_THAT(run(engine->cases().submit(submitter, draft, once))->duplicates, IsEmpty());
  EXPECT_THAT(duplicates(first->id), ElementsAre(second.id));
}

TEST_F(DuplicatesTest, AnExerciseHoldsUpNoRealReleaseNorTheOtherWayRound) {
  core::Report drill = report_of("小禾");
  drill.exercise = true;
  const auto exercise = take(drill);
  const auto real = take(report_of("小禾"));
  EXPECT_THAT(real.duplicates, IsEmpty());
  ASSERT_TRUE(release(exercise.id));
  EXPECT_TRUE(release(real.id));
  const auto again = take(drill);
  EXPECT_THAT(again.duplicates, ElementsAre(exercise.id)) << "as exercises they are linked";
  EXPECT_EQ(release(again.id).error().code, core::Errc::duplicate_report);
}

TEST_F(DuplicatesTest, NothingSafeToCompareThenNothingIsLinked) {
  take(report_of("··"));
  EXPECT_THAT(take(report_of("··")).duplicates, IsEmpty());
  core::Report other_day = report_of("小禾");
  const auto first = take(other_day);
  other_day.last_seen.time -= std::chrono::hours(48);
  EXPECT_THAT(take(other_day).duplicates, Not(Contains(first.id)));
}

}  // namespace
}  // namespace tuanyuan::engine
