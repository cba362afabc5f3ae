// The end of the display is not the end of the case.
#include <gmock/gmock.h>

#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DisplayEndTest : public ClockTest {
 protected:
  DisplayEndTest() {
    settings.display.shown = minutes(40);
    settings.display.renewed_for = hours(1);
    restart();
  }
  std::vector<core::AlertId> listed(const core::Caller& caller, ports::AlertFilter filter) {
    std::vector<core::AlertId> ids;
    const auto all = run(engine->cases().alerts(caller, std::move(filter), ports::Page(100, "")));
    for (const ports::AlertView& each : all->items) {
      ids.push_back(each.id);
    }
    return ids;
  }
  static ports::AlertFilter not_shown() {
    ports::AlertFilter filter;
    filter.not_shown = true;
    return filter;
  }
  static ports::AlertFilter led_by(const char* officer) {
    ports::AlertFilter filter;
    filter.lead_officer = officer;
    return filter;
  }
  static ports::AlertFilter in_state(std::vector<core::AlertState> states) {
    ports::AlertFilter filter;
    filter.states = std::move(states);
    return filter;
  }
  core::ReportId first_report(const core::AlertId& alert) {
    return run(engine->cases().alert(releaser, alert))->report_id;
  }
  /// Beyond the last ring, since each of them renews it too.
  static constexpr hours run_out{4};
  double gauge() {
    boost::asio::co_spawn(context, engine->refresh_gauges(), [](std::exception_ptr) {});
    run_for(seconds(1));
    EXPECT_EQ(metrics.values.at("tuanyuan_cases_display_ended status=ACTUAL"), 0);
    return metrics.values.at("tuanyuan_cases_display_ended status=EXERCISE");
  }
};

TEST_F(DisplayEndTest, UntilItRunsOutItIsSaidWhen) {
  alert_out();
  const ports::AlertView shown = now();
  EXPECT_EQ(shown.display_until, clock.wall_now() + minutes(40));
  EXPECT_FALSE(shown.display_ended);
  EXPECT_EQ(shown.lead_officer, "警号 021533");
  EXPECT_THAT(listed(releaser, not_shown()), IsEmpty());
  EXPECT_EQ(gauge(), 0);
}

TEST_F(DisplayEndTest, RunOutThenTheCaseIsListedForItsLeadOfficerUntilItIsClosed) {
  alert_out();
  run_for(run_out);
  EXPECT_TRUE(now().display_ended);
  EXPECT_LE(*now().display_until, clock.wall_now());
  EXPECT_EQ(now().state, core::AlertState::active);
  EXPECT_THAT(listed(releaser, not_shown()), ElementsAre(id));
  EXPECT_THAT(listed(releaser, led_by("021533")), ElementsAre(id));
  EXPECT_EQ(gauge(), 1);
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  EXPECT_FALSE(now().display_ended);
  EXPECT_FALSE(now().display_until);
  EXPECT_EQ(now().lead_officer, "");
  EXPECT_THAT(listed(releaser, not_shown()), IsEmpty());
  EXPECT_THAT(listed(releaser, led_by("021533")), IsEmpty());
  EXPECT_EQ(gauge(), 0);
}

TEST_F(DisplayEndTest, AnUpdateShowsItAgain) {
  alert_out();
  run_for(run_out);
  ports::UpdateOptions options;
  options.merge = [](const core::Report& before, core::Instant) -> core::Result<core::Report> { return before; };
  options.fields = {"child.marks"};
  const auto updated = run(engine->cases().update(releaser, id, options, {}));
  ASSERT_TRUE(updated);
  EXPECT_FALSE(updated->display_ended);
  EXPECT_THAT(listed(releaser, not_shown()), IsEmpty());
}

TEST_F(DisplayEndTest, ALookoutThatNobodyDecidedOnIsListedToo) {
  settings.lookout = true;
  restart();
  ASSERT_TRUE(submit());
  run_for(run_out);
  EXPECT_EQ(listed(releaser, not_shown()).size(), 1U);
  EXPECT_EQ(listed(releaser, in_state({core::AlertState::lookout})).size(), 1U);
  EXPECT_EQ(gauge(), 1);
}

TEST_F(DisplayEndTest, TheLeadOfficerIsForOfficersAlone) {
  alert_out();
  const core::Caller near = test::recipient("near");
  EXPECT_EQ(run(engine->cases().alert(near, id))->lead_officer, "");
  EXPECT_THAT(listed(near, {}), ElementsAre(id));
  EXPECT_THAT(listed(near, led_by("021533")), IsEmpty()) << "nor may it find out by asking";
  EXPECT_TRUE(run(engine->cases().alert(near, id))->display_until);
}

TEST_F(DisplayEndTest, NamesOfOfficersAreComparedLikeOthers) {
  alert_out();
  EXPECT_THAT(listed(releaser, led_by("警号　０２１５３３")), ElementsAre(id));
  EXPECT_THAT(listed(releaser, led_by("1533")), ElementsAre(id));
  EXPECT_THAT(listed(releaser, led_by("021534")), IsEmpty());
  EXPECT_THAT(listed(releaser, led_by("··")), IsEmpty());
}

TEST_F(DisplayEndTest, FiltersNarrowEachOtherAndPagesFollow) {
  alert_out();
  const core::AlertId first = id;
  ASSERT_TRUE(run(engine->cases().close(releaser, first, found(), {})));
  run_for(seconds(1));
  const core::Result<ports::ReportView> report = submit();
  ports::ReleaseOptions options;
  options.duplicates_reviewed = {first_report(first)};
  const core::AlertId second = run(engine->cases().release(releaser, report->id, options, {}))->id;
  EXPECT_THAT(listed(releaser, in_state({core::AlertState::closed})), ElementsAre(first));
  EXPECT_THAT(listed(releaser, in_state({core::AlertState::active, core::AlertState::closed})),
              ElementsAre(second, first));
  ports::AlertFilter both = led_by("021533");
  both.states = {core::AlertState::closed};
  EXPECT_THAT(listed(releaser, both), IsEmpty());
  const auto page = run(engine->cases().alerts(releaser, led_by("021533"), ports::Page(1, "")));
  ASSERT_EQ(page->items.size(), 1U);
  EXPECT_EQ(page->items.front().id, second);
  EXPECT_EQ(page->next_token, "");
}

TEST_F(DisplayEndTest, ARepeatedDecisionIsAnsweredAsItWasThen) {
  alert_out();
  const ports::UpdateOptions options = [] {
    ports::UpdateOptions given;
    given.merge = [](const core::Report& before, core::Instant) -> core::Result<core::Report> { return before; };
    return given;
  }();
  const ports::Idempotency once("key", "body");
  ASSERT_TRUE(run(engine->cases().update(releaser, id, options, once)));
  run_for(run_out);
  EXPECT_TRUE(now().display_ended);
  EXPECT_FALSE(run(engine->cases().update(releaser, id, options, once))->display_ended);
}

TEST_F(DisplayEndTest, TheNoticeAsksForWhatIsChased) {
  settings.chase.of(core::Audience::partner, core::Category::railway_station).confirmed = minutes(20);
  restart();
  alert_out();
  const auto wanted = [&](core::Audience audience) {
    for (const ports::Dispatch& sent : channel.sent) {
      const auto notice = codec.decode_notice(sent.copy ? sent.copy->protobuf : "");
      if (notice && notice->audience == audience) {
        for (const core::Wanted& row : notice->wanted) {
          if (row.kind == core::AnswerKind::confirmed && row.category == core::Category::railway_station) {
            return row.seconds;
          }
        }
      }
    }
    return 0U;
  };
  run_for(seconds(5));
  EXPECT_EQ(wanted(core::Audience::partner), 1'200U);
  EXPECT_EQ(wanted(core::Audience::police), 300U);
}

}  // namespace
}  // namespace tuanyuan::engine
