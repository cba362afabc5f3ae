// An update that names the revision it was typed from: what another officer has decided since is not overwritten
// unseen.
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

ports::UpdateOptions clothing(std::string says, std::uint32_t expected_revision) {
  ports::UpdateOptions options;
  options.merge = [says = std::move(says)](const core::Report& before, core::Instant) {
    core::Report after = before;
    after.child.clothing = says;
    return core::Result<core::Report>(after);
  };
  options.fields = {"child.clothing"};
  options.expected_revision = expected_revision;
  return options;
}

class ExpectedRevision : public EngineTest {
 protected:
  void SetUp() override {
    alert = released();
    run_for(seconds(5));
  }
  core::Result<ports::AlertView> update(const ports::UpdateOptions& options, const std::string& key = {}) {
    return run(engine->cases().update(releaser, alert.id, options, {key, "digest"}));
  }
  std::string stands() { return run(engine->cases().report(releaser, alert.report_id))->report.child.clothing; }
  void draw_circle() {
    ports::CircleOptions options;
    options.radius_km = 20;
    options.reason = "锁定";
    ASSERT_TRUE(run(engine->cases().circle(releaser, alert.id, options, {})));
  }
  void suspend() {
    ports::SuspendOptions options;
    options.audiences = {core::Audience::partner};
    options.reason = core::SuspendReason::leads_held;
    ASSERT_TRUE(run(engine->cases().suspend(releaser, alert.id, options, {})));
  }

  ports::AlertView alert;
};

/// What a refusal says, and nothing of what was asked.
void expect_stale(const core::Refusal& refusal, const std::string& stands) {
  EXPECT_EQ(refusal.code, core::Errc::stale_revision);
  EXPECT_EQ(core::http_status(refusal.code), 409);
  EXPECT_THAT(refusal.fields,
              ElementsAre(core::FieldError("expectedRevision", core::Text("现为第 " + stands + " 版",
                                                                          "revision " + stands + " stands now"))));
}

TEST_F(ExpectedRevision, UpdateIsTakenOnWhatItNamesAndOnWhateverStandsWhereItNamesNothing) {
  const auto nothing = [] {};
  const auto another_update = [this] { ASSERT_TRUE(update(clothing("红", 0))); };
  struct Row {
    const char* name;
    std::function<void()> meanwhile;
    std::uint32_t revision;  ///< that stands then
    std::uint32_t expected;
    bool taken;
  };
  const Row rows[] = {
      {"named", nothing, 1, 1, true},
      {"named none", another_update, 3, 0, true},
      {"of before the last update", another_update, 5, 4, false},
      {"of the last update", nothing, 5, 5, true},
      {"that there is not yet", nothing, 6, 7, false},
      {"a step is no revision", [this] { draw_circle(); }, 6, 6, true},
      {"of before a suspension", [this] { suspend(); }, 8, 7, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    row.meanwhile();
    const std::string before = stands();
    ASSERT_EQ(run(engine->cases().alert(releaser, alert.id))->version.revision, row.revision);
    EXPECT_EQ(run(engine->cases().report(releaser, alert.report_id))->revision, row.revision);
    const auto outcome = update(clothing(row.name, row.expected));
    ASSERT_EQ(outcome.has_value(), row.taken);
    if (row.taken) {
      EXPECT_EQ(outcome->version.revision, row.revision + 1);
    } else {
      expect_stale(outcome.error(), std::to_string(row.revision));
    }
    EXPECT_EQ(stands(), row.taken ? row.name : before);
  }
}

TEST_F(ExpectedRevision, OfACaseThatIsOverThatIsSaidFirst) {
  ASSERT_TRUE(run(engine->cases().close(releaser, alert.id, found(), {})));
  EXPECT_EQ(update(clothing("红", 1)).error().code, core::Errc::conflict);
}

TEST_F(ExpectedRevision, ReportThatIsNotReleasedHasNone) {
  EXPECT_EQ(submit()->revision, 0U);
}

TEST_F(ExpectedRevision, ReportThatIsRejectedHasNoneThoughItsLookoutWasTakenBack) {
  settings.lookout = true;
  restart();
  const auto report = submit();
  EXPECT_EQ(report->revision, 0U);
  const auto rejected = run(engine->cases().reject(releaser, report->id, "重复报案", {}));
  ASSERT_TRUE(rejected);
  EXPECT_EQ(run(engine->cases().alert(releaser, report->alert_id))->version.revision, 1U);
  EXPECT_EQ(rejected->revision, 0U);
  EXPECT_EQ(run(engine->cases().report(releaser, report->id))->revision, 0U);
}

TEST_F(ExpectedRevision, RepeatedRequestIsAnsweredAsDoneThoughItsOwnUpdateHasMovedTheRevision) {
  const auto first = update(clothing("红", 1), "k");
  ASSERT_TRUE(first);
  ASSERT_TRUE(update(clothing("蓝", 2)));
  for (const bool restarted : {false, true}) {
    if (restarted) {
      restart();
    }
    const auto again = update(clothing("红", 1), "k");
    ASSERT_TRUE(again) << restarted;
    EXPECT_EQ(again->version, first->version);
  }
  EXPECT_EQ(stands(), "蓝") << "and is not carried out again";
  expect_stale(update(clothing("红", 1), "another key").error(), "3");
}

TEST_F(ExpectedRevision, RepeatOfOneWhoseOutcomeWasNotLearntIsAnsweredByWhatBecameOfIt) {
  for (const bool written : {true, false}) {
    const std::uint32_t revision = run(engine->cases().alert(releaser, alert.id))->version.revision;
    const std::string key = written ? "written" : "lost";
    memory->faults.commit_fate = [written](const ports::Commit& commit) {
      return !commit.idempotency ? ledger::CommitFate::normal
             : written           ? ledger::CommitFate::unknown_committed
                                 : ledger::CommitFate::unknown_lost;
    };
    EXPECT_EQ(update(clothing(key, revision), key).error().code, core::Errc::unavailable);
    memory->faults = {};
    const auto again = update(clothing(key, revision), key);
    ASSERT_TRUE(again) << key;
    EXPECT_EQ(again->version.revision, revision + 1);
    EXPECT_EQ(stands(), key);
  }
}

/// Two officers at once, both on what they see.
class TwoUpdates : public ExpectedRevision {
 protected:
  void begin(const std::string& says, const std::string& key = {}) { begin(clothing(says, 1), says, key); }
  void begin(const ports::UpdateOptions& options, const std::string& says, const std::string& key) {
    boost::asio::co_spawn(context, engine->cases().update(releaser, alert.id, options, {key, "digest"}),
                          [this, says](std::exception_ptr, core::Result<ports::AlertView> outcome) {
                            outcomes.emplace_back(says, std::move(outcome));
                          });
  }
  void finish() {
    clock.run_until([this] { return outcomes.size() == 2; }, std::chrono::minutes(1));
    ASSERT_EQ(outcomes.size(), 2U);
  }
  /// One is in force, and the other is told so.
  void expect_one() {
    finish();
    std::sort(outcomes.begin(), outcomes.end(), [](const auto& one, const auto& other) {
      return one.second.has_value() > other.second.has_value();
    });
    ASSERT_TRUE(outcomes[0].second);
    EXPECT_EQ(outcomes[0].second->version.revision, 2U);
    ASSERT_FALSE(outcomes[1].second);
    expect_stale(outcomes[1].second.error(), "2");
    EXPECT_EQ(stands(), outcomes[0].first);
  }

  /// The same request once more, from its beginning to its end, in the midst of what calls this.
  void repeat_at_once(const std::string& says) {
    begin(says, "k");
    for (int turn = 0; turn < 1'000 && outcomes.empty(); ++turn) {
      context.poll_one();
    }
    ASSERT_EQ(outcomes.size(), 1U);
  }
  void expect_both_done() {
    finish();
    for (const auto& [says, outcome] : outcomes) {
      ASSERT_TRUE(outcome) << core::problem_name(outcome.error().code);
      EXPECT_EQ(outcome->version.revision, 2U);
    }
  }

  std::vector<std::pair<std::string, core::Result<ports::AlertView>>> outcomes;
};

TEST_F(TwoUpdates, UnderOneKeyThenTheOneThatWasOvertakenIsNotRefusedForWhatTheOtherHasDone) {
  ports::UpdateOptions options = clothing("红", 1);
  options.merge = [this, merge = options.merge](const core::Report& before, core::Instant now) {
    repeat_at_once("红");  // once: of what is done nothing is merged again
    return merge(before, now);
  };
  begin(options, "红", "k");
  expect_both_done();
}

TEST_F(TwoUpdates, UnderOneKeyThenAlsoWhereTheOtherIsDoneWhileTheKeyIsLookedUp) {
  bool looks_up = true;
  memory->faults.read_fails = [this, &looks_up] {
    if (std::exchange(looks_up, false)) {
      repeat_at_once("红");
    }
    return false;
  };
  begin("红", "k");
  expect_both_done();
}

TEST_F(TwoUpdates, WhoseCommitsAreOnTheirWayThenTheLaterConflictsAndIsRefusedLikeAnyOther) {
  memory->hold_commits();
  begin("红");
  begin("蓝");
  clock.run_until([this] { return memory->commits_held() == 2; }, seconds(10));
  ASSERT_EQ(memory->commits_held(), 2U) << "both were planned on revision 1";
  memory->release_commits();
  expect_one();
}

/// The second one begun when the loop has turned so many times for the first.
class TwoUpdatesAfterTurns : public TwoUpdates, public ::testing::WithParamInterface<int> {
 protected:
  void begin_both(const std::string& one, const std::string& other, const std::string& key = {}) {
    restart();  // so that there is something to be read, and a moment in between
    begin(one, key);
    for (int turn = 0; turn < GetParam(); ++turn) {
      context.poll_one();
    }
    begin(other, key);
  }
};

TEST_P(TwoUpdatesAfterTurns, OnTheSameRevisionThenOneIsInForceAndTheOtherIsRefused) {
  begin_both("红", "蓝");
  expect_one();
}

TEST_P(TwoUpdatesAfterTurns, UnderOneKeyThenBothAreAnsweredAsDone) {
  begin_both("红", "红", "k");
  expect_both_done();
}

INSTANTIATE_TEST_SUITE_P(Turns, TwoUpdatesAfterTurns, ::testing::Range(0, 24));

}  // namespace
}  // namespace tuanyuan::engine
