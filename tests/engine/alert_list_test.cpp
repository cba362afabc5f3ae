// In which order alerts are listed, and that nobody who reads on misses one.
#include <gmock/gmock.h>

#include "core/report_validation.hpp"
#include "core/sample_report.hpp"
#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

class AlertListTest : public EngineTest {
 protected:
  AlertListTest() {
    settings.lookout = true;
    restart();
  }

  /// A report of this child, a second after whatever was before; its lookout goes out.
  ports::ReportView taken(const std::string& child) {
    run_for(seconds(1));
    core::Report report = core::sample::sample_report();
    report.exercise = true;
    report.child.name = child;
    report.last_seen.time = clock.wall_now() - minutes(40);
    report.last_seen.time_latest.reset();
    return *run(engine->cases().submit(submitter, core::to_draft(report), {}));
  }
  core::AlertId released(const ports::ReportView& report) {
    run_for(seconds(1));
    return release(report.id)->id;
  }
  core::AlertId released(const std::string& child) { return released(taken(child)); }

  core::Result<ports::Listed<ports::AlertView>> page(std::size_t size, const std::string& token = {},
                                                     ports::AlertFilter filter = {}) {
    return run(engine->cases().alerts(releaser, std::move(filter), ports::Page(size, token)));
  }
  /// Without waiting for it.
  void begin_to_release(const ports::ReportView& report) {
    boost::asio::co_spawn(context, engine->cases().release(releaser, report.id, ports::ReleaseOptions(), {}),
                          [](std::exception_ptr, const core::Result<ports::AlertView>&) {});
    clock.settle();
  }
  static std::vector<core::AlertId> ids(const ports::Listed<ports::AlertView>& list) {
    std::vector<core::AlertId> found;
    for (const ports::AlertView& each : list.items) {
      found.push_back(each.id);
    }
    return found;
  }
};

TEST_F(AlertListTest, TheNewestReleaseComesFirstWhicheverReportWasEarlier) {
  const ports::ReportView early = taken("甲");
  const ports::ReportView late = taken("乙");
  released(late);
  released(early);
  EXPECT_THAT(ids(*page(100)), ElementsAre(early.alert_id, late.alert_id));
}

TEST_F(AlertListTest, WhatWasNeverReleasedStandsByItsReport) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId out = released("乙");
  const ports::ReportView refused = taken("丙");
  ASSERT_TRUE(run(engine->cases().reject(releaser, refused.id, "误报", {})));
  EXPECT_THAT(ids(*page(100)), ElementsAre(refused.alert_id, out, waiting.alert_id));
}

TEST_F(AlertListTest, WhatIsReleasedMeanwhileNeitherPushesAnythingOutOfAPageNorIntoTwo) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId first = released("乙");
  const core::AlertId second = released("丙");
  const core::AlertId third = released("丁");
  const auto newest = page(2);
  EXPECT_THAT(ids(*newest), ElementsAre(third, second));
  const core::AlertId meanwhile = released("戊");
  const core::AlertId moved_up = released(waiting);
  const auto rest = page(2, newest->next_token);
  EXPECT_THAT(ids(*rest), ElementsAre(first, moved_up)) << "a lookout that is released is not missed";
  EXPECT_EQ(rest->items.back().state, core::AlertState::active) << "and shown as it is";
  EXPECT_EQ(rest->next_token, "");
  EXPECT_THAT(ids(*page(100)), ElementsAre(moved_up, meanwhile, third, second, first)) << "another reading";
}

TEST_F(AlertListTest, WhatIsBeingReleasedAsTheReadingBeginsIsNotMissed) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId first = released("乙");
  const core::AlertId second = released("丙");
  run_for(seconds(1));
  memory->hold_commits();
  begin_to_release(waiting);
  const auto newest = page(1);
  EXPECT_THAT(ids(*newest), ElementsAre(second));
  memory->release_commits();
  run_for(seconds(1));
  EXPECT_THAT(ids(*page(2, newest->next_token)), ElementsAre(first, waiting.alert_id));
  EXPECT_THAT(ids(*page(1)), ElementsAre(waiting.alert_id)) << "another reading";
}

TEST_F(AlertListTest, ReleaseIsLearntOfAfterLaterOnesThenAReadingInBetweenDoesNotMissIt) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId first = released("乙");
  run_for(seconds(1));
  int commits = 0;
  memory->faults.answer_delay = [&commits](const ports::Commit&) {
    return commits++ == 0 ? seconds(60) : seconds(0);
  };
  begin_to_release(waiting);
  const core::AlertId second = released("丙");
  const auto newest = page(1);
  EXPECT_THAT(ids(*newest), ElementsAre(second));
  run_for(seconds(60));
  EXPECT_THAT(ids(*page(2, newest->next_token)), ElementsAre(first, waiting.alert_id));
  EXPECT_THAT(ids(*page(3)), ElementsAre(second, waiting.alert_id, first))
      << "another reading knows of it at once";
}

TEST_F(AlertListTest, OutcomeOfAReleaseIsLostThenItComesFirstOnceThatIsLearnt) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId first = released("乙");
  run_for(seconds(1));
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.expected.empty() ? ledger::CommitFate::normal : ledger::CommitFate::unknown_committed;
  };
  begin_to_release(waiting);
  memory->faults = {};
  EXPECT_THAT(ids(*page(2)), ElementsAre(waiting.alert_id, first));
}

TEST_F(AlertListTest, ClockIsSetBackThenNothingIsMissed) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId first = released("乙");
  const core::AlertId second = released("丙");
  const core::AlertId third = released("丁");
  const auto newest = page(2);
  EXPECT_THAT(ids(*newest), ElementsAre(third, second));
  clock.step_wall(-seconds(2));
  released(waiting);
  const auto rest = page(2, newest->next_token);
  EXPECT_THAT(ids(*rest), ElementsAre(first, waiting.alert_id));
}

TEST_F(AlertListTest, RestartedInBetweenThenTheReadingGoesOn) {
  const ports::ReportView waiting = taken("甲");
  const core::AlertId first = released("乙");
  const core::AlertId second = released("丙");
  const auto newest = page(1);
  released(waiting);
  restart();
  EXPECT_THAT(ids(*page(2, newest->next_token)), ElementsAre(first, waiting.alert_id));
  EXPECT_THAT(ids(*page(3)), ElementsAre(waiting.alert_id, second, first));
}

TEST_F(AlertListTest, FilteredThenThePagesFollowInTheSameOrder) {
  const core::AlertId first = released("甲");
  taken("乙");
  const core::AlertId second = released("丙");
  ports::AlertFilter active;
  active.states = {core::AlertState::active};
  const auto newest = page(1, "", active);
  EXPECT_THAT(ids(*newest), ElementsAre(second));
  const auto rest = page(1, newest->next_token, active);
  EXPECT_THAT(ids(*rest), ElementsAre(first));
  EXPECT_EQ(rest->next_token, "");
}

TEST_F(AlertListTest, ATokenOfAnotherListIsRefusedByName) {
  const core::AlertId out = released("甲");
  const std::string ahead = std::to_string(engine->journal().newest() + 1);
  for (const std::string& token :
       {out.value, std::string("1.x"), "x.1." + out.value, "-1.1." + out.value, ahead + ".1." + out.value}) {
    const auto refused = page(2, token);
    ASSERT_FALSE(refused) << token;
    ASSERT_EQ(refused.error().fields.size(), 1U) << token;
    EXPECT_EQ(refused.error().fields[0].path, "page_token");
  }
}

}  // namespace
}  // namespace tuanyuan::engine
