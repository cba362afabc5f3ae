#include "core/case.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

const Instant noon = from_epoch_ms(1'795'000'000'000);
const Actor officer{"210102000000", "021533"};
const AlertId alert("019a-alert");

EntryBody submitted() {
  ReportSubmitted body;
  body.report_id = ReportId("019a-report");
  body.alert_id = alert;
  body.unit = "210102000000";
  body.division = Division{210102};
  body.status = Status::exercise;
  body.last_seen_at = noon - std::chrono::minutes(40);
  return body;
}

ReleaseReport release() {
  ReleaseReport command;
  command.released.audiences = {Audience::partner};
  command.released.radius_km = 100;
  command.released.divisions = {Division{210103}, Division{210102}};
  command.released.expires_at = noon + std::chrono::hours(24);
  return command;
}

CloseAlert close() {
  CloseAlert command;
  command.outcome = Outcome::found_safe;
  command.cause = Cause::lost;
  return command;
}

CaseState after(CaseState state, const std::vector<EntryBody>& bodies) {
  for (const EntryBody& body : bodies) {
    state = apply(std::move(state), Entry{noon, officer, alert.value, body});
  }
  return state;
}

CaseState decided(CaseState state, const CaseCommand& command) {
  const Result<std::vector<EntryBody>> entries = decide(state, command);
  EXPECT_TRUE(entries) << "refused in a state that should allow it";
  return entries ? after(std::move(state), *entries) : state;
}

CaseState fresh() {
  return after(CaseState(), {submitted()});
}
CaseState rejected() {
  return decided(fresh(), RejectReport{});
}
CaseState active() {
  return decided(fresh(), release());
}
CaseState updated() {
  return decided(active(), UpdateAlert{});
}
CaseState closed() {
  return decided(active(), close());
}
CaseState retracted() {
  return decided(active(), RetractAlert{});
}

TEST(Case, EveryCommandIsAnsweredInEveryState) {
  struct Row {
    const char* name;
    CaseState state;
    bool submit, reject, release, update, close, retract;
  };
  const Row rows[] = {
      {"nothing", CaseState(), true, false, false, false, false, false},
      {"submitted", fresh(), false, true, true, false, false, false},
      {"rejected", rejected(), false, false, false, false, false, false},
      {"active", active(), false, false, false, true, true, true},
      {"updated", updated(), false, false, false, true, true, true},
      {"closed", closed(), false, false, false, false, false, false},
      {"retracted", retracted(), false, false, false, false, false, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto allowed = [&row](const CaseCommand& command) { return decide(row.state, command).has_value(); };
    EXPECT_EQ(allowed(SubmitReport{std::get<ReportSubmitted>(submitted()), std::nullopt}), row.submit);
    EXPECT_EQ(allowed(RejectReport{}), row.reject);
    EXPECT_EQ(allowed(release()), row.release);
    EXPECT_EQ(allowed(UpdateAlert{}), row.update);
    EXPECT_EQ(allowed(close()), row.close);
    EXPECT_EQ(allowed(RetractAlert{}), row.retract);
  }
}

TEST(Case, WhatIsNotThereIsNotFoundAndWhatIsOverIsAConflict) {
  EXPECT_EQ(decide(CaseState(), close()).error().code, Errc::not_found);
  EXPECT_EQ(decide(closed(), close()).error().code, Errc::conflict);
  EXPECT_EQ(decide(closed(), UpdateAlert{}).error().code, Errc::conflict);
  EXPECT_EQ(decide(fresh(), close()).error().code, Errc::conflict);
}

TEST(Case, AnUpdateOfAnotherRevisionThanTheOneThatStandsIsRefusedByIt) {
  struct Row {
    CaseState state;
    std::uint32_t expected;
    std::optional<Errc> refused;
  };
  const Row rows[] = {
      {active(), 0, std::nullopt},   {active(), 1, std::nullopt},          {active(), 2, Errc::stale_revision},
      {updated(), 0, std::nullopt},  {updated(), 1, Errc::stale_revision}, {updated(), 2, std::nullopt},
      {closed(), 1, Errc::conflict},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.expected);
    UpdateAlert command;
    command.expected_revision = row.expected;
    const auto outcome = decide(row.state, command);
    EXPECT_EQ(outcome ? std::optional<Errc>() : outcome.error().code, row.refused);
  }
  UpdateAlert command;
  command.expected_revision = 1;
  EXPECT_EQ(decide(updated(), command).error().fields,
            std::vector{FieldError("expectedRevision", Text("现为第 2 版", "revision 2 stands now"))});
}

TEST(Case, ReleaseAlwaysIncludesThePolice) {
  EXPECT_EQ(active().audiences, (AudienceSet{Audience::police, Audience::partner}));
}

TEST(Case, ReleaseUnderAnotherStatusThanTheReportsIsRefused) {
  ReleaseReport live = release();
  live.status = Status::actual;
  EXPECT_EQ(decide(fresh(), live).error().code, Errc::conflict);
  live.status = Status::exercise;
  EXPECT_TRUE(decide(fresh(), live));
}

TEST(Case, RevisionsGrowByOneAndARecallCarriesItsOwn) {
  EXPECT_EQ(active().version, (Version{1, 0}));
  EXPECT_EQ(updated().version, (Version{2, 0}));
  const CaseState ended = decided(updated(), close());
  EXPECT_EQ(ended.version, (Version{3, 0}));
  EXPECT_EQ(ended.copy(Audience::partner).content, (Version{2, 0}));
  EXPECT_EQ(ended.copy(Audience::partner).recall_revision, 3U);
  EXPECT_EQ(ended.alert_state, AlertState::closed);
  EXPECT_EQ(retracted().alert_state, AlertState::retracted);
}

TEST(Case, CloseNamesBothMissingCodesAtOnce) {
  const auto refused = decide(active(), CloseAlert{});
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().fields.size(), 2U);
  EXPECT_EQ(refused.error().fields[0].path, "outcome");
  EXPECT_EQ(refused.error().fields[1].path, "cause");
}

TEST(Case, ConflictComesBeforeMissingFields) {
  EXPECT_EQ(decide(closed(), CloseAlert{}).error().code, Errc::conflict);
}

TEST(Case, TopicsOnceUsedStayTheAlertsOwn) {
  UpdateAlert elsewhere;
  elsewhere.updated.divisions = {Division{210104}};
  const CaseState state = decided(active(), elsewhere);
  EXPECT_EQ(state.divisions, (std::vector<Division>{Division{210102}, Division{210103}, Division{210104}}));
}

CaseState looked_out() {
  SubmitReport command{std::get<ReportSubmitted>(submitted()), LookoutIssued{}};
  command.lookout->divisions = {Division{210102}};
  return decided(CaseState(), command);
}

SuspendAlert suspend(AudienceSet audiences) {
  return SuspendAlert{audiences, SuspendReason::child_at_risk, {}};
}
ResumeAlert resume(AudienceSet audiences) {
  ResumeAlert command;
  command.resumed.audiences = audiences;
  return command;
}
StepAlert widen(double radius_km) {
  StepAlert command;
  command.stepped.radius_km = radius_km;
  return command;
}

ExerciseOrdered order() {
  return {"monthly", from_epoch_ms(0), from_epoch_ms(0), 1'800, "210102000000/021533"};
}
SubmitReport ordered(Status status) {
  SubmitReport command;
  command.submitted = std::get<ReportSubmitted>(submitted());
  command.submitted.status = status;
  command.exercise = order();
  return command;
}

TEST(Case, DaemonIssuesNothingByItselfButExercises) {
  EXPECT_EQ(decide(CaseState(), ordered(Status::actual)).error().code, Errc::conflict);
  const CaseState state = decided(CaseState(), ordered(Status::exercise));
  ASSERT_TRUE(state.exercise);
  EXPECT_EQ(state.exercise->name, "monthly");
  EXPECT_EQ(state.entries, 2U);
}

TEST(Case, OrderedExerciseIsClosedSoLongAfterItsRelease) {
  const CaseState waiting = decided(CaseState(), ordered(Status::exercise));
  EXPECT_FALSE(waiting.closes_at(noon));
  const CaseState active = decided(waiting, release());
  const auto lasts = std::chrono::seconds(1'800);
  EXPECT_EQ(active.closes_at(noon), noon + lasts);
  EXPECT_EQ(active.closes_at(noon - lasts), noon + lasts) << "the clock was set back a little";
  EXPECT_EQ(active.closes_at(noon - std::chrono::hours(9)), noon - std::chrono::hours(9));
  EXPECT_FALSE(decided(active, close()).closes_at(noon));
  EXPECT_FALSE(decided(fresh(), release()).closes_at(noon)) << "an officer's is closed by an officer";
}

TEST(Case, LookoutIsRevisionZeroForThePoliceAlone) {
  const CaseState state = looked_out();
  EXPECT_EQ(state.alert_state, AlertState::lookout);
  EXPECT_EQ(state.audiences, AudienceSet{Audience::police});
  EXPECT_EQ(state.version, (Version{0, 0}));
  EXPECT_TRUE(state.copy(Audience::police).issued);
  EXPECT_FALSE(state.copy(Audience::partner).issued);
  EXPECT_EQ(decide(state, close()).error().code, Errc::conflict);
  EXPECT_EQ(decided(state, release()).version, (Version{1, 0}));
}

TEST(Case, RejectedReportTakesItsLookoutDown) {
  const CaseState state = decided(looked_out(), RejectReport{});
  EXPECT_EQ(state.report_state, ReportState::rejected);
  EXPECT_EQ(state.alert_state, AlertState::retracted);
  EXPECT_EQ(state.copy(Audience::police).recall_revision, 1U);
  EXPECT_EQ(decide(state, release()).error().code, Errc::conflict);
}

TEST(Case, StepChangesTheCircleAndKeepsTheRevision) {
  const CaseState state = decided(active(), widen(200));
  EXPECT_EQ(state.version, (Version{1, 1}));
  EXPECT_EQ(state.radius_km, 200);
  EXPECT_EQ(state.copy(Audience::partner).kind, NoticeKind::alert);
  EXPECT_EQ(decided(updated(), widen(200)).version, (Version{2, 1}));
}

TEST(Case, SuspensionLeavesThePoliceCopyAsItIs) {
  const CaseState state = decided(active(), suspend({Audience::partner}));
  EXPECT_EQ(state.alert_state, AlertState::suspended);
  EXPECT_TRUE(state.in_force());
  EXPECT_EQ(state.copy(Audience::police).version, (Version{1, 0}));
  EXPECT_EQ(state.copy(Audience::partner).version, (Version{2, 0}));
  EXPECT_EQ(state.copy(Audience::partner).recall_revision, 2U);
  EXPECT_EQ(state.showing(), AudienceSet{Audience::police});
}

TEST(Case, SuspensionNamesAudiencesThatHaveTheAlertAndNeverThePolice) {
  EXPECT_EQ(decide(active(), suspend({})).error().fields.at(0).path, "audiences");
  EXPECT_EQ(decide(active(), suspend({Audience::police})).error().fields.at(0).path, "audiences");
  EXPECT_EQ(decide(active(), suspend({Audience::public_})).error().fields.at(0).path, "audiences");
  const CaseState twice = decided(active(), suspend({Audience::partner}));
  EXPECT_EQ(decide(twice, suspend({Audience::partner})).error().code, Errc::conflict);
  EXPECT_EQ(decide(active(), resume({Audience::partner})).error().code, Errc::conflict);
}

TEST(Case, WhoGetsItAgainGetsANewRevisionAndTheOthersNone) {
  const CaseState state = decided(decided(active(), suspend({Audience::partner})), resume({Audience::partner}));
  EXPECT_EQ(state.alert_state, AlertState::active);
  EXPECT_EQ(state.copy(Audience::partner).version, (Version{3, 0}));
  EXPECT_EQ(state.copy(Audience::partner).recall_revision, 0U);
  EXPECT_EQ(state.copy(Audience::police).version, (Version{1, 0}));
  const CaseState wider = decided(state, widen(300));
  EXPECT_EQ(wider.copy(Audience::partner).version, (Version{3, 1}));
  EXPECT_EQ(wider.copy(Audience::police).version, (Version{1, 1}));
  EXPECT_EQ(decided(wider, close()).version, (Version{4, 0}));
}

TEST(Case, UpdateAndStepPassOverTheSuspended) {
  const CaseState held = decided(active(), suspend({Audience::partner}));
  EXPECT_EQ(decided(held, UpdateAlert{}).copy(Audience::partner).version, (Version{2, 0}));
  EXPECT_EQ(decided(held, widen(200)).copy(Audience::partner).version, (Version{2, 0}));
  EXPECT_EQ(decided(held, close()).copy(Audience::partner).version, (Version{3, 0}));
}

TEST(Case, HeldCircleIsHeldOnceAndUntilAStepSaysOtherwise) {
  const CaseState state = decided(active(), HoldCircle{});
  EXPECT_TRUE(state.circle_held);
  EXPECT_EQ(decide(state, HoldCircle{}).error().code, Errc::conflict);
  StepAlert renewal = widen(100);
  renewal.stepped.held = true;
  EXPECT_TRUE(decided(state, renewal).circle_held);
  EXPECT_FALSE(decided(state, widen(200)).circle_held);
}

TEST(Case, OnlyARecallIsClearedAndOnlyOnce) {
  EXPECT_EQ(decide(active(), ClearAlert{}).error().code, Errc::conflict);
  const CaseState state = decided(closed(), ClearAlert{});
  EXPECT_TRUE(state.cleared);
  EXPECT_EQ(decide(state, ClearAlert{}).error().code, Errc::conflict);
}

TEST(Case, EntriesOfOtherThingsChangeNothing) {
  const CaseState before = active();
  const CaseState state =
      after(before, {AnswersRecorded{alert, {{"RECEIVED", 3}}}, RecipientPut{RecipientId("x")}});
  EXPECT_EQ(state.entries, before.entries);
  EXPECT_EQ(state.version, before.version);
}

TEST(Case, FoldCountsItsEntries) {
  EXPECT_EQ(fresh().entries, 1U);
  EXPECT_EQ(updated().entries, 3U);
}

}  // namespace
}  // namespace tuanyuan::core
