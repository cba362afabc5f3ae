// Exercises that the daemon begins and ends by itself, and what recipients get for them.
#include <algorithm>

#include <gmock/gmock.h>
#include "core/calendar.hpp"
#include "core/report_validation.hpp"
#include "core/sample_report.hpp"
#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Today at this time of day in Beijing; the clock begins at 19:06:40 there.
core::Instant at(core::Instant now, int hour, int minute) {
  const std::chrono::sys_days today(core::beijing_time(now).date);
  return core::Instant(today) + hours(hour) + minutes(minute) - hours(8);
}

core::ExercisePlan daily(const std::string& name = "daily") {
  core::ExercisePlan plan;
  plan.name = name;
  plan.approved_by = {"210100000000", "000201"};
  plan.schedule.every_days = 1;
  plan.schedule.at = hours(22);
  plan.division = core::Division{210102};
  plan.position = core::Position{41.80, 123.43};
  plan.radius_km = 100;
  plan.lasts = minutes(30);
  plan.begin_within = minutes(60);
  plan.contact.phone = "110";
  return plan;
}

class ExerciseTest : public EngineTest {
 protected:
  ExerciseTest() {
    clocked = true;
    settings.chase_grace = core::Duration(0);
    settings.exercises = {daily()};
    restart();
    due = at(clock.wall_now(), 22, 0);
    if (due <= clock.wall_now()) {
      due += hours(24);
    }
  }
  void to(core::Instant when) { run_for(when - clock.wall_now()); }
  void stop_until(core::Instant when) {
    clocked = false;
    restart();
    clock.step_wall(when - clock.wall_now());
    clocked = true;
    restart();
  }
  std::vector<ports::AlertView> all_alerts() {
    return run(engine->cases().alerts(supervisor, ports::AlertFilter(), ports::Page(100, "")))->items;
  }
  std::vector<ports::ExerciseView> listed() {
    return run(engine->exercises().exercises(supervisor, ports::Page(100, "")))->items;
  }
  core::Result<ports::Listed<ports::RecipientScore>> scores_of(const core::AlertId& id, std::size_t size = 100,
                                                               const std::string& token = {}) {
    return run(engine->exercises().scores(supervisor, id, ports::Page(size, token)));
  }
  std::vector<ports::JournalLine> lines_of(const core::AlertId& id) {
    std::vector<ports::JournalLine> lines = *run(engine->journal().journal(supervisor, 0, 1'000));
    std::erase_if(lines, [&id](const ports::JournalLine& line) { return line.subject != id.value; });
    return lines;
  }
  /// An alert that is meant, around the same place.
  core::AlertId live_alert() {
    core::Report report = core::sample::sample_report();
    report.exercise = false;
    report.child.name = "另一名儿童";  // not linked to any other
    report.last_seen.time = clock.wall_now() - minutes(5);
    report.last_seen.time_latest.reset();
    const auto submitted = run(engine->cases().submit(submitter, core::to_draft(report), {}));
    return run(engine->cases().release(releaser, submitted->id, ports::ReleaseOptions(), {}))->id;
  }
  void end(const core::AlertId& id) { ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {}))); }
  bool any_actual() {
    const auto alerts = all_alerts();
    return std::any_of(alerts.begin(), alerts.end(),
                       [](const ports::AlertView& alert) { return alert.status == core::Status::actual; });
  }

  core::Instant due;
};

TEST_F(ExerciseTest, BeginsAtItsTimeAndIsClosedWhenItIsOver) {
  to(due - seconds(1));
  EXPECT_THAT(all_alerts(), IsEmpty());
  to(due + seconds(10));
  const auto alerts = all_alerts();
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].state, core::AlertState::active);
  EXPECT_EQ(alerts[0].status, core::Status::exercise);
  to(due + minutes(29));
  EXPECT_EQ(all_alerts().at(0).state, core::AlertState::active);
  to(due + minutes(31));
  EXPECT_EQ(all_alerts().at(0).state, core::AlertState::closed);
  EXPECT_EQ(all_alerts().at(0).outcome, core::Outcome::not_missing);
}

TEST_F(ExerciseTest, JournalNamesTheDaemonAndWhoAnswersForIt) {
  to(due + minutes(31));
  const auto lines = lines_of(all_alerts().at(0).id);
  std::vector<std::string> acts;
  for (const ports::JournalLine& line : lines) {
    if (line.type != "silent") {
      acts.push_back(line.type + " " + line.actor);
    }
    if (line.type == "exercise.ordered") {
      EXPECT_EQ(line.detail.at("approvedBy"), "210100000000/000201");
      EXPECT_EQ(line.detail.at("name"), "daily");
    }
    EXPECT_NE(line.detail.contains("audiences") ? line.detail.at("audiences") : "", "POLICE,PARTNER,PUBLIC");
  }
  EXPECT_THAT(acts, ::testing::ElementsAre("report.submitted system", "exercise.ordered system",
                                           "alert.released system", "alert.closed system"));
}

TEST_F(ExerciseTest, GoesOutAndIsChasedLikeAnyOther) {
  to(due + seconds(10));
  const core::AlertId id = all_alerts().at(0).id;
  EXPECT_FALSE(channel.of(core::Parcel::notice).empty());
  EXPECT_EQ(board(id).total.expected, 5U);
  to(due + minutes(5));
  const auto lines = *run(engine->journal().journal(supervisor, 0, 1'000));
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) { return line.type == "silent"; }));
}

TEST_F(ExerciseTest, BeginsAgainTheNextDayAndNotBefore) {
  to(due + hours(23));
  EXPECT_THAT(all_alerts(), SizeIs(1));
  to(due + hours(24) + seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(2));
}

TEST_F(ExerciseTest, RestartsThenItIsTheSameOne) {
  to(due + seconds(10));
  for (int time = 0; time < 3; ++time) {
    restart();
    run_for(minutes(2));
  }
  EXPECT_THAT(all_alerts(), SizeIs(1));
  stop_until(due + hours(5));
  run_for(seconds(10));
  ASSERT_THAT(all_alerts(), SizeIs(1));
  EXPECT_EQ(all_alerts()[0].state, core::AlertState::closed) << "its end came in the stop";
}

TEST_F(ExerciseTest, StoppedAtItsTimeThenItBeginsLateButNotTooLate) {
  stop_until(due + minutes(50));
  run_for(seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(1));
  stop_until(due + hours(24) + minutes(61));
  run_for(seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(1)) << "that one is let go";
}

TEST_F(ExerciseTest, AMonthsStopIsNotMadeUpFor) {
  stop_until(due + hours(24 * 30) + minutes(5));
  run_for(minutes(20));
  EXPECT_THAT(all_alerts(), SizeIs(1));
}

TEST_F(ExerciseTest, ClockIsSetBackThenItDoesNotBeginTwice) {
  to(due + minutes(40));
  clock.step_wall(-minutes(45));
  run_for(minutes(30));
  EXPECT_THAT(all_alerts(), SizeIs(1));
}

TEST_F(ExerciseTest, ClockRunsAheadAndComesBackThenItsTimeStillComes) {
  clock.step_wall(hours(24 * 365));
  to(due + hours(24 * 365) + seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(1));
  clock.step_wall(-hours(24 * 365));
  run_for(seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(2)) << "that of the wrong clock has ended, and today's begins";
  to(due + hours(24) + minutes(2));
  EXPECT_THAT(all_alerts(), SizeIs(3));
}

TEST_F(ExerciseTest, OutcomeOfItsReportIsUnknownThenThereIsOne) {
  for (const bool written : {true, false}) {
    SCOPED_TRACE(written);
    const std::size_t before = all_alerts().size();
    to(due - seconds(30));
    int faults = 3;
    memory->faults.commit_fate = [&faults, written](const ports::Commit& commit) {
      const bool ordered = std::any_of(commit.entries.begin(), commit.entries.end(), [](const core::Entry& entry) {
        return std::holds_alternative<core::ExerciseOrdered>(entry.body) ||
               std::holds_alternative<core::AlertReleased>(entry.body) ||
               std::holds_alternative<core::AlertClosed>(entry.body);
      });
      if (!ordered || faults == 0) {
        return ledger::CommitFate::normal;
      }
      --faults;
      return written ? ledger::CommitFate::unknown_committed : ledger::CommitFate::unknown_lost;
    };
    to(due + minutes(40));
    EXPECT_EQ(faults, 0);
    memory->faults = {};
    ASSERT_EQ(all_alerts().size(), before + 1);
    for (const ports::AlertView& alert : all_alerts()) {
      EXPECT_EQ(alert.state, core::AlertState::closed);
    }
    due += hours(24);
  }
}

TEST_F(ExerciseTest, CrashBetweenReportAndReleaseThenItIsReleasedOrDropped) {
  const auto releases = [](const ports::Commit& commit) {
    return std::any_of(commit.entries.begin(), commit.entries.end(), [](const core::Entry& entry) {
      return std::holds_alternative<core::AlertReleased>(entry.body);
    });
  };
  const auto refuse_releases = [this, releases] {
    memory->faults.commit_fate = [releases](const ports::Commit& commit) {
      return releases(commit) ? ledger::CommitFate::not_committed : ledger::CommitFate::normal;
    };
  };
  refuse_releases();
  to(due + minutes(1));
  EXPECT_FALSE(engine->exercises().put_off().empty());
  EXPECT_THAT(listed(), IsEmpty());
  restart();
  run_for(seconds(10));
  EXPECT_THAT(listed(), SizeIs(1));
  to(due + hours(24) - seconds(5));
  refuse_releases();
  to(due + hours(24) + minutes(1));
  stop_until(due + hours(24) + minutes(90));
  run_for(seconds(10));
  EXPECT_THAT(listed(), SizeIs(1));
  const auto reports = run(engine->cases().reports(supervisor, ports::ReportFilter(), ports::Page(10, "")))->items;
  ASSERT_THAT(reports, SizeIs(2));
  EXPECT_EQ(reports[1].state, core::ReportState::rejected);
}

TEST_F(ExerciseTest, IsPutOffWhileALiveAlertIsOutForItsRecipients) {
  to(due - minutes(5));
  const core::AlertId live = live_alert();
  to(due + minutes(10));
  EXPECT_THAT(all_alerts(), SizeIs(1));
  EXPECT_EQ(engine->exercises().put_off(), "an alert that is meant is out for some of its recipients");
  end(live);
  run_for(seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(2));
  EXPECT_EQ(engine->exercises().put_off(), "");
}

TEST_F(ExerciseTest, PutOffForTooLongThenItIsLetGo) {
  to(due - minutes(5));
  const core::AlertId live = live_alert();
  to(due + minutes(61));
  EXPECT_EQ(engine->exercises().put_off(), "");
  end(live);
  run_for(seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(1));
}

TEST_F(ExerciseTest, LiveAlertElsewhereDoesNotPutItOff) {
  settings.exercises[0].division = core::Division{220102};
  settings.exercises[0].position = core::Position{43.9, 125.3};
  settings.exercises[0].radius_km = 10;
  restart();
  to(due - minutes(5));
  live_alert();
  to(due + seconds(10));
  EXPECT_THAT(all_alerts(), SizeIs(1)) << "the supervisor of 21 does not see that of 22";
  EXPECT_EQ(engine->world().cases.all().size(), 2U);
}

TEST_F(ExerciseTest, DoesNotBeginWhereItWouldReachNobody) {
  settings.exercises[0].position = core::Position{20.0, 110.0};
  settings.exercises[0].radius_km = 1;
  settings.exercises[0].division = core::Division{460106};
  restart();
  to(due + minutes(5));
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(engine->exercises().put_off(), "it would reach nobody");
}

TEST_F(ExerciseTest, TwoAtATimeGoOneAfterTheOther) {
  settings.exercises = {daily("one"), daily("two")};
  restart();
  to(due + minutes(10));
  ASSERT_THAT(all_alerts(), SizeIs(1));
  EXPECT_EQ(engine->exercises().put_off(), "another exercise is under way");
  to(due + minutes(32));
  EXPECT_THAT(all_alerts(), SizeIs(2));
  EXPECT_EQ(engine->exercises().put_off(), "");
}

TEST_F(ExerciseTest, NeverReachesThePublicUnlessConfigured) {
  for (const bool reaches : {false, true}) {
    settings.exercises_reach_public = reaches;
    restart();
    to(due + seconds(10));
    const auto lines = lines_of(listed().at(0).alert_id);
    const auto released =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.type == "alert.released"; });
    EXPECT_EQ(released->detail.at("audiences").find("PUBLIC") != std::string::npos, reaches);
    due += hours(24);
  }
}

TEST_F(ExerciseTest, EverybodyIsReachedWhereThatIsPlanned) {
  settings.exercises[0].radius_km.reset();
  settings.exercises[0].everybody = true;
  restart();
  to(due + seconds(10));
  EXPECT_EQ(board(all_alerts().at(0).id).total.expected, 6U);
}

TEST_F(ExerciseTest, OperatorBeginsOneByHandOnceForEachRequest) {
  const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  const auto start = [&](const std::string& name, const std::string& key, const core::Caller& caller) {
    return run(engine->exercises().start(caller, name, ports::Idempotency(key, "body")));
  };
  EXPECT_EQ(start("daily", "k", releaser).error().code, core::Errc::forbidden);
  EXPECT_EQ(start("weekly", "k", keeper).error().code, core::Errc::invalid);
  const core::Caller elsewhere = test::officer("440000000000", {core::Role::operator_});
  EXPECT_EQ(start("daily", "k", elsewhere).error().code, core::Errc::invalid);
  const auto begun = start("daily", "k", keeper);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->state, core::AlertState::active);
  EXPECT_EQ(begun->expected, 5U);
  EXPECT_EQ(start("daily", "k", keeper)->alert_id, begun->alert_id);
  EXPECT_EQ(start("daily", "other", keeper).error().code, core::Errc::conflict);
  const auto lines = lines_of(begun->alert_id);
  EXPECT_EQ(lines.at(0).actor, "210000000000/021533");
  run_for(minutes(31));
  EXPECT_EQ(listed().at(0).state, core::AlertState::closed);
  live_alert();
  EXPECT_EQ(start("daily", "third", keeper).error().code, core::Errc::conflict);
}

TEST_F(ExerciseTest, ScoresEveryRecipientByItsAnswers) {
  to(due + seconds(10));
  const core::AlertId id = all_alerts().at(0).id;
  EXPECT_EQ(scores_of(id)->items.at(0).score.points(), std::nullopt) << "nothing can be judged yet";
  answer(id, 1, "near", core::AnswerKind::confirmed);
  answer(id, 1, "police", core::AnswerKind::received);
  to(due + minutes(2));
  answer(id, 1, "next", core::AnswerKind::received);  // allowed: 60 seconds
  to(due + minutes(30) + seconds(10));
  answer(id, 2, "near", core::AnswerKind::removed);
  answer(id, 2, "police", core::AnswerKind::removed);
  to(due + minutes(40));
  answer(id, 2, "next", core::AnswerKind::removed);
  std::map<std::string, std::optional<std::uint32_t>> points;
  const auto scores = scores_of(id);
  for (const ports::RecipientScore& score : scores->items) {
    points[score.id.value] = score.score.points();
    EXPECT_EQ(score.name, "某站");
  }
  EXPECT_EQ(points, (std::map<std::string, std::optional<std::uint32_t>>{
                        {"near", 100}, {"police", 60}, {"next", 30}, {"province", 0}, {"member", 0}}));
  const ports::RecipientScore& near = scores->items.at(0);
  EXPECT_EQ(near.score.received.promptness, core::Promptness::in_time);
  EXPECT_LE(*near.score.received.took, seconds(10));
  EXPECT_EQ(near.score.received.allowed, seconds(60));

  const ports::ExerciseView view = listed().at(0);
  EXPECT_EQ(view.name, "daily");
  EXPECT_EQ(view.expected, 5U);
  EXPECT_EQ(view.received, 3U);
  EXPECT_EQ(view.confirmed, 1U);
  EXPECT_EQ(view.removed, 3U);
  EXPECT_EQ(view.scored, 5U);
  EXPECT_DOUBLE_EQ(*view.mean_score, 38);
  EXPECT_DOUBLE_EQ(view.by_category.at("railway_station"), 38);
}

TEST_F(ExerciseTest, ScoresAreTheSameAfterARestartAndComeInPages) {
  to(due + seconds(10));
  const core::AlertId id = all_alerts().at(0).id;
  answer(id, 1, "near", core::AnswerKind::confirmed);
  to(due + minutes(45));
  const ports::ExerciseView before = listed().at(0);
  restart();
  const ports::ExerciseView after = listed().at(0);
  EXPECT_EQ(after.mean_score, before.mean_score);
  EXPECT_EQ(after.confirmed, 1U);
  std::vector<std::string> ids;
  std::string token;
  do {
    const auto page = scores_of(id, 2, token);
    for (const ports::RecipientScore& score : page->items) {
      ids.push_back(score.id.value);
    }
    token = page->next_token;
  } while (!token.empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"near", "next", "police", "province", "member"}));
}

TEST_F(ExerciseTest, ExerciseThatAnOfficerReleasedIsScoredTooAndNotClosed) {
  const core::AlertId id = released().id;
  answer(id, 1, "near", core::AnswerKind::received);
  EXPECT_EQ(scores_of(id)->items.at(0).score.points(), 100);
  EXPECT_EQ(listed().at(0).name, "");
  run_for(hours(3));
  EXPECT_EQ(listed().at(0).state, core::AlertState::active);
}

TEST_F(ExerciseTest, MoreAreScoredAtOnceThanAreKeptThenEachHasItsScores) {
  std::vector<core::AlertId> ids;
  for (const char* child : {"甲", "乙", "丙"}) {
    core::Report report = core::sample::sample_report();
    report.exercise = true;
    report.child.name = child;
    report.last_seen.time = clock.wall_now() - minutes(5);
    report.last_seen.time_latest.reset();
    const auto submitted = run(engine->cases().submit(submitter, core::to_draft(report), {}));
    ids.push_back(run(engine->cases().release(releaser, submitted->id, ports::ReleaseOptions(), {}))->id);
  }
  std::size_t scored = 0;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    boost::asio::co_spawn(context, engine->exercises().scores(supervisor, *id, ports::Page(100, "")),
                          [&scored](std::exception_ptr failure, auto scores) {
                            ASSERT_FALSE(failure);
                            ASSERT_TRUE(scores);
                            scored += scores->items.size() == 5 ? 1 : 0;
                          });
  }
  run_for(seconds(1));
  EXPECT_EQ(scored, 3U);
}

TEST_F(ExerciseTest, WhatIsMeantHasNoScoresAndOthersSeeNone) {
  const core::AlertId live = live_alert();
  EXPECT_EQ(scores_of(live).error().code, core::Errc::not_found);
  EXPECT_THAT(listed(), IsEmpty());
  end(live);
  to(due + seconds(10));
  const core::AlertId id = listed().at(0).alert_id;
  const auto as = [&](const core::Caller& caller) {
    return run(engine->exercises().scores(caller, id, ports::Page(10, ""))).error().code;
  };
  EXPECT_EQ(as(releaser), core::Errc::forbidden);
  EXPECT_EQ(as(test::officer("440000000000", {core::Role::operator_})), core::Errc::not_found);
}

TEST_F(ExerciseTest, ClockReleasesAndEndsNothingButItsOwn) {
  CaseService& cases = static_cast<CaseService&>(engine->cases());
  const core::Result<ports::ReportView> report = submit();
  EXPECT_EQ(run(cases.release_exercise(report->alert_id, daily())).error().code, core::Errc::conflict);
  EXPECT_EQ(run(cases.drop_exercise(report->alert_id)).error().code, core::Errc::conflict);
  const core::AlertId live = live_alert();
  EXPECT_EQ(run(cases.close_exercise(live)).error().code, core::Errc::conflict);
  EXPECT_TRUE(any_actual());
}

}  // namespace
}  // namespace tuanyuan::engine
