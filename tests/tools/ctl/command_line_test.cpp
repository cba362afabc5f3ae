#include <gmock/gmock.h>

#include "tools/ctl/fake_daemon.hpp"

namespace tuanyuan::ctl {
namespace {

using testing::HasSubstr;

constexpr const char* alert =
    R"({"id":"a1","reportId":"r1","revision":1,"step":0,"state":"ACTIVE","status":"EXERCISE","circle":{"latitude":41.79,"longitude":123.39,"radiusKm":100},"releasedAt":"2026-11-22T08:00:00Z"})";

TEST(CommandLine, WrongUsageThenStatusTwo) {
  FakeDaemon daemon;
  EXPECT_EQ(daemon.run({}), 2);
  EXPECT_EQ(daemon.run({"report"}), 2);
  EXPECT_EQ(daemon.run({"report", "launch"}), 2);
  EXPECT_EQ(daemon.run({"alert", "close", "a1", "--outcome", "LOST", "--cause", "LOST", "--reason", "x"}), 2);
  EXPECT_EQ(daemon.run({"board", "a1", "--timeout", "0"}), 2);
  EXPECT_TRUE(daemon.requests.empty());
}

TEST(CommandLine, WithoutWhereOrWithWhatThenSaysWhichOptionIsMissing) {
  FakeDaemon daemon;
  EXPECT_EQ(daemon.run_bare({"board", "a1", "--api", "https://localhost/api/v1", "--ca", "f"}), 2);
  EXPECT_THAT(daemon.err.str(), HasSubstr("--certificate (TUANYUAN_CERTIFICATE) is needed"));
}

TEST(CommandLine, HelpAndVersionThenDone) {
  FakeDaemon daemon;
  EXPECT_EQ(daemon.run({"--help"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("recipient"));
  EXPECT_EQ(daemon.run({"--version"}), 0);
}

TEST(CommandLine, RefusedThenStatusOneAndReadableFields) {
  FakeDaemon daemon;
  daemon.in.str("{}");
  daemon.on("POST /reports", 422, R"({"title":"wrong","errors":[{"path":"child.birthDate","message":"late"}]})");
  EXPECT_EQ(daemon.run({"report", "submit", "-", "--json"}), 1);
  EXPECT_THAT(daemon.err.str(), HasSubstr("\n  child.birthDate: late"));
  EXPECT_THAT(daemon.out.str(), HasSubstr("\"path\":\"child.birthDate\"")) << "--json prints the problem";
}

TEST(CommandLine, NoAnswerThenStatusThree) {
  FakeDaemon daemon;
  daemon.on("GET /alerts/a1/board", FakeDaemon::lost());
  EXPECT_EQ(daemon.run({"board", "a1"}), 3);
}

TEST(Calls, LostUnsafeCallThenRepeatedWithTheSameKey) {
  FakeDaemon daemon;
  daemon.on("POST /alerts/a1:retract", FakeDaemon::lost());
  daemon.on("POST /alerts/a1:retract", FakeDaemon::lost());
  daemon.on("POST /alerts/a1:retract", 200, alert);
  EXPECT_EQ(daemon.run({"alert", "retract", "a1", "--reason", "mistake"}), 0);
  ASSERT_EQ(daemon.requests.size(), 3U);
  EXPECT_EQ(daemon.header(0, "Idempotency-Key"), "key-1");
  EXPECT_EQ(daemon.header(1, "Idempotency-Key"), "key-1");
  EXPECT_EQ(daemon.header(2, "Idempotency-Key"), "key-1");
  EXPECT_EQ(daemon.requests[2].body, daemon.requests[0].body);
}

TEST(Calls, KeyGivenThenThatOne) {
  FakeDaemon daemon;
  daemon.on("POST /alerts/a1:retract", 200, alert);
  EXPECT_EQ(daemon.run({"alert", "retract", "a1", "--reason", "mistake", "--idempotency-key", "mine"}), 0);
  EXPECT_EQ(daemon.header(0, "Idempotency-Key"), "mine");
}

TEST(Calls, BusyThenRepeatedAsLateAsItAsks) {
  FakeDaemon daemon;
  HttpResponse busy = FakeDaemon::answer(503, "{}");
  busy.retry_after = std::chrono::seconds(4);
  daemon.on("GET /alerts/a1", FakeDaemon::Answer(busy)).on("GET /alerts/a1", 200, alert);
  const auto before = daemon.steady;
  EXPECT_EQ(daemon.run({"alert", "show", "a1"}), 0);
  EXPECT_EQ(daemon.steady - before, std::chrono::seconds(4));
}

TEST(Calls, NeverAnsweredThenGivenUpAtAttemptsOrDeadline) {
  FakeDaemon daemon;
  daemon.on("GET /alerts/a1", FakeDaemon::lost());
  EXPECT_EQ(daemon.run({"alert", "show", "a1"}), 3);
  EXPECT_EQ(daemon.requests.size(), static_cast<std::size_t>(attempts_max));
  daemon.requests.clear();
  EXPECT_EQ(daemon.run({"alert", "show", "a1", "--timeout", "1"}), 3);
  EXPECT_EQ(daemon.requests.size(), 3U) << "at 0, 200 and 600 ms; 800 ms later would be too late";
}

TEST(Calls, AnAttemptWasLostThenItIsUnknownAndItsKeyIsNamed) {
  FakeDaemon daemon;
  daemon.on("POST /alerts/a1:retract", FakeDaemon::lost()).on("POST /alerts/a1:retract", 503, "{}");
  EXPECT_EQ(daemon.run({"alert", "retract", "a1", "--reason", "mistake", "--idempotency-key", "mine"}), 3);
  EXPECT_NE(daemon.err.str().find("--idempotency-key mine"), std::string::npos) << daemon.err.str();
}

TEST(Calls, RefusedThenNotRepeated) {
  FakeDaemon daemon;
  daemon.on("POST /alerts/a1:retract", 409, R"({"title":"closed"})");
  EXPECT_EQ(daemon.run({"alert", "retract", "a1", "--reason", "mistake"}), 1);
  EXPECT_EQ(daemon.requests.size(), 1U);
}

TEST(Calls, ReadsThenCarryNoKey) {
  FakeDaemon daemon;
  daemon.on("GET /alerts/a1", 200, alert);
  EXPECT_EQ(daemon.run({"alert", "show", "a1", "--language", "en"}), 0);
  EXPECT_EQ(daemon.header(0, "Idempotency-Key"), "");
  EXPECT_EQ(daemon.header(0, "Accept-Language"), "en");
}

TEST(Report, SubmittedThenSentAsItStands) {
  FakeDaemon daemon;
  daemon.in.str("{\"exercise\": true }");
  daemon.on("POST /reports", 201, R"({"id":"r1","state":"SUBMITTED","alertId":"a1","duplicates":["r0"]})");
  EXPECT_EQ(daemon.run({"report", "submit", "-"}), 0);
  EXPECT_EQ(daemon.requests[0].body, "{\"exercise\": true }");
  EXPECT_EQ(daemon.header(0, "Content-Type"), "application/json");
  EXPECT_THAT(daemon.out.str(), HasSubstr("alert  a1"));
  EXPECT_THAT(daemon.out.str(), HasSubstr("same child as report r0"));
}

TEST(Report, SubmittedWithFreshTimesThenLostJustNow) {
  FakeDaemon daemon;
  daemon.in.str(R"({"lastSeen":{"time":"2020-01-01T00:00:00Z","place":"站"},"exercise":true})");
  daemon.on("POST /reports", 201, R"({"id":"r1","alertId":"a1"})");
  EXPECT_EQ(daemon.run({"report", "submit", "-", "--fresh-times", "--field", "alertId"}), 0);
  EXPECT_EQ(daemon.requests[0].body,
            R"({"lastSeen":{"time":"2026-11-22T07:20:00Z","place":"站","timeLatest":"2026-11-22T07:40:00Z"},)"
            R"("exercise":true})");
  EXPECT_EQ(daemon.out.str(), "a1\n");
}

TEST(Report, FieldThatIsNotThereThenWrongUsage) {
  FakeDaemon daemon;
  daemon.in.str("{}");
  daemon.on("POST /reports", 201, R"({"id":"r1"})");
  EXPECT_EQ(daemon.run({"report", "submit", "-", "--field", "alertld"}), 2);
}

TEST(Report, ReleasedThenOnlyWhatWasSaidIsSent) {
  FakeDaemon daemon;
  daemon.on("POST /reports/r1:release", 201, alert);
  EXPECT_EQ(daemon.run({"report", "release", "r1"}), 0);
  EXPECT_EQ(daemon.requests[0].body, "{}");
  EXPECT_EQ(
      daemon.run({"report", "release", "r1", "--audience", "PARTNER", "--radius-km", "50", "--status", "EXERCISE",
                  "--preview-token", "t", "--reviewed", "r0", "--wake", "--plate-open", "--break-glass", "alone"}),
      0);
  EXPECT_EQ(daemon.requests[1].body,
            R"({"audiences":["PARTNER"],"radiusKm":5E1,"status":"EXERCISE","previewToken":"t",)"
            R"("duplicatesReviewed":["r0"],"wake":true,"plateOpen":true,"breakGlass":true,"reason":"alone"})");
}

TEST(Report, OtherCommandsThenTheirCalls) {
  FakeDaemon daemon;
  daemon.on("POST /reports/r1:preview", 200, R"({"expected":134,"previewToken":"t"})");
  daemon.on("POST /reports/r1:reject", 200, R"({"id":"r1","state":"REJECTED","alertId":"a1"})");
  daemon.on("GET /reports/r1", 200, R"({"id":"r1"})");
  EXPECT_EQ(daemon.run({"report", "preview", "r1", "--radius-km", "50"}), 0);
  EXPECT_EQ(daemon.run({"report", "reject", "r1", "--reason", "found"}), 0);
  EXPECT_EQ(daemon.requests.back().body, R"({"reason":"found"})");
  EXPECT_EQ(daemon.run({"report", "show", "r1"}), 0);
}

TEST(Report, ListedThenNarrowedByState) {
  FakeDaemon daemon;
  daemon.on("GET /reports?state=SUBMITTED%2CREJECTED&page_size=1000", 200,
            R"({"reports":[{"id":"r1","state":"REJECTED","alertId":"a1","report":{"exercise":true}}]})");
  daemon.on("GET /reports?page_size=1000", 200, R"({"reports":[]})");
  EXPECT_EQ(daemon.run({"report", "list", "--state", "SUBMITTED", "--state", "REJECTED"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("REJECTED (exercise)"));
  EXPECT_EQ(daemon.run({"report", "list"}), 0);
  EXPECT_EQ(daemon.run({"report", "list", "--state", "ACTIVE"}), 2);
}

TEST(Alert, UpdatedThenReportMaskAndReason) {
  FakeDaemon daemon;
  daemon.in.str(R"({"child":{"clothing":"红色外套"}})");
  daemon.on("POST /alerts/a1:update", 200, alert);
  EXPECT_EQ(daemon.run({"alert", "update", "a1", "-", "--fields", "child.clothing", "--reason", "witness"}), 0);
  EXPECT_EQ(daemon.requests[0].body,
            R"({"report":{"child":{"clothing":"红色外套"}},"updateMask":"child.clothing","reason":"witness"})");
}

TEST(Alert, UpdatedFromARevisionThenItIsExpectedAndTheRefusalSaysWhichStands) {
  FakeDaemon daemon;
  daemon.in.str("{}");
  daemon.on("POST /alerts/a1:update", 409,
            R"({"type":"urn:tuanyuan:problem:stale-revision","title":"another revision","status":409,
                "errors":[{"path":"expectedRevision","message":"revision 3 stands now"}]})");
  EXPECT_EQ(daemon.run({"alert", "update", "a1", "-", "--fields", "child.clothing", "--reason", "witness",
                        "--expected-revision", "2"}),
            1);
  EXPECT_EQ(daemon.requests[0].body,
            R"({"report":{},"updateMask":"child.clothing","reason":"witness","expectedRevision":2})");
  EXPECT_THAT(daemon.err.str(), HasSubstr("revision 3 stands now"));
  EXPECT_EQ(
      daemon.run({"alert", "update", "a1", "-", "--fields", "x", "--reason", "y", "--expected-revision", "-1"}),
      2);
}

TEST(Alert, ClosedThenOutcomeAndCause) {
  FakeDaemon daemon;
  daemon.on("POST /alerts/a1:close", 200, alert);
  EXPECT_EQ(daemon.run({"alert", "close", "a1", "--outcome", "FOUND_SAFE", "--cause", "LOST", "--reason", "home"}),
            0);
  EXPECT_EQ(daemon.requests[0].body, R"({"outcome":"FOUND_SAFE","cause":"LOST","reason":"home"})");
}

TEST(Alert, ListedThenNarrowedAndUntilWhenItIsShown) {
  FakeDaemon daemon;
  daemon.on("GET /alerts?state=ACTIVE%2CSUSPENDED&lead_officer=021533&not_shown=true&page_size=1000", 200,
            R"({"alerts":[{"id":"a1","state":"ACTIVE","displayUntil":"2026-11-25T07:59:59Z","displayEnded":true,
                           "leadOfficer":"021533"},
                          {"id":"a2","state":"SUSPENDED","displayUntil":"2026-11-26T07:59:59Z",
                           "displayEnded":false}]})");
  EXPECT_EQ(daemon.run({"alert", "list", "--state", "ACTIVE", "--state", "SUSPENDED", "--lead-officer", "021533",
                        "--not-shown"}),
            0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("ended"));
  EXPECT_THAT(daemon.out.str(), HasSubstr("2026-11-26T07:59:59Z"));
  EXPECT_THAT(daemon.out.str(), HasSubstr("021533"));
  EXPECT_EQ(daemon.run({"alert", "list", "--state", "ASLEEP"}), 2);
}

TEST(Alert, UpdateMakesItAnothersChildThenThatIsSaid) {
  FakeDaemon daemon;
  daemon.on("POST /alerts/a1:update", 200, R"({"id":"a1","state":"ACTIVE","duplicates":["r9"]})");
  daemon.in.str(R"({"child":{"name":"小禾"}})");
  EXPECT_EQ(daemon.run({"alert", "update", "a1", "-", "--fields", "child.name", "--reason", "更正"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("same child as report r9"));
}

TEST(Readiness, AskedByDivisionThenEachOfThem) {
  FakeDaemon daemon;
  daemon.on("GET /readiness?page_size=1000&division=21&by=division", 200,
            R"({"recipients":7,"reachable":3,"divisions":[{"division":"2101","recipients":5,"reachable":2}],
                "unreachable":[{"recipientId":"near","name":"站","reason":"offline"}]})");
  daemon.on("GET /readiness?page_size=1000", 200,
            R"({"recipients":7,"reachable":7,"divisions":[],"unreachable":[]})");
  EXPECT_EQ(daemon.run({"readiness", "--division", "21", "--by-division"}), 0);
  for (const char* said : {"3 of 7 recipients", "division", "2101", "near"}) {
    EXPECT_THAT(daemon.out.str(), HasSubstr(said));
  }
  daemon.out.str("");
  EXPECT_EQ(daemon.run({"readiness"}), 0);
  EXPECT_THAT(daemon.out.str(), testing::Not(HasSubstr("division")));
}

TEST(Lists, SeveralPagesThenOneDocument) {
  FakeDaemon daemon;
  daemon.on("GET /recipients?page_size=1000", 200, R"({"recipients":[{"id":"a"}],"nextPageToken":"n 1"})");
  daemon.on("GET /recipients?page_size=1000&page_token=n%201", 200, R"({"recipients":[{"id":"b"}]})");
  EXPECT_EQ(daemon.run({"recipient", "list", "--json"}), 0);
  EXPECT_EQ(daemon.out.str(), R"({"recipients":[{"id":"a"},{"id":"b"}]})"
                              "\n");
}

TEST(Lists, LimitThenNoMoreThanThatAreAsked) {
  FakeDaemon daemon;
  daemon.on("GET /journal?after=5&page_size=2", 200,
            R"({"entries":[{"sequence":"6","type":"alert.released","detail":{"radius":"100"}},{"sequence":"7"}],
            "nextPageToken":"7"})");
  EXPECT_EQ(daemon.run({"journal", "--after", "5", "--limit", "2"}), 0);
  EXPECT_EQ(daemon.requests.size(), 1U);
  EXPECT_THAT(daemon.out.str(), HasSubstr("alert.released"));
  EXPECT_THAT(daemon.out.str(), HasSubstr("radius=100"));
}

TEST(Recipient, ListedThenTheSelectedOnesOnly) {
  FakeDaemon daemon;
  daemon.on("GET /recipients?page_size=1000", 200, R"({"recipients":[
    {"id":"p","audience":"POLICE","division":"210102","latitude":1,"longitude":2},
    {"id":"a","audience":"PARTNER","division":"210102","latitude":1,"longitude":2},
    {"id":"b","audience":"PARTNER","division":"210103","latitude":1,"longitude":2},
    {"id":"c","audience":"PARTNER","division":"210102","coverage":["21"]},
    {"id":"d","audience":"PARTNER","division":"210102","latitude":1,"longitude":2,"via":"c"},
    {"id":"e","audience":"PARTNER","division":"210102","latitude":1,"longitude":2,"delivery":"direct"}]})");
  EXPECT_EQ(
      daemon.run({"recipient", "list", "--ids", "--audience", "PARTNER", "--division", "210102", "--stations"}),
      0);
  EXPECT_EQ(daemon.out.str(), "a\n");
}

TEST(Recipient, PutThenTheIdOfTheFileOrTheGivenOne) {
  FakeDaemon daemon;
  daemon.in.str(R"({"id":"s1"})");
  daemon.on("PUT /recipients/s1", 200, R"({"id":"s1"})");
  EXPECT_EQ(daemon.run({"recipient", "put", "-"}), 0);
  daemon.in.clear();
  daemon.in.str("{}");
  EXPECT_EQ(daemon.run({"recipient", "put", "-"}), 2);
}

TEST(Recipient, ImportedThenByItsTypeAndErrorsByLine) {
  FakeDaemon daemon;
  daemon.in.str("id\n");
  daemon.on("POST /recipients:import", 422,
            R"({"title":"wrong","errors":[{"line":2,"path":"division","message":"has to be six digits"}]})");
  EXPECT_EQ(daemon.run({"recipient", "import", "-", "--format", "csv"}), 1);
  EXPECT_EQ(daemon.header(0, "Content-Type"), "text/csv");
  EXPECT_THAT(daemon.err.str(), HasSubstr("line 2: division: has to be six digits"));
}

TEST(Sighting, AssessedThenVerdictAndNote) {
  FakeDaemon daemon;
  daemon.on("POST /sightings/s1:assess", 200, R"({"sightingId":"s1","assessment":"CREDIBLE"})");
  EXPECT_EQ(daemon.run({"sighting", "assess", "s1", "--as", "CREDIBLE", "--note", "camera"}), 0);
  EXPECT_EQ(daemon.requests[0].body, R"({"assessment":"CREDIBLE","note":"camera"})");
}

constexpr const char* scores =
    R"({"scores":[{"recipientId":"s1","name":"东\"站","category":"airport","score":85,"received":{"promptness":"IN_TIME","seconds":1.5,"allowedSeconds":60},"displayed":{"promptness":"IN_TIME","seconds":2,"allowedSeconds":300},"confirmed":{"promptness":"LATE","seconds":400,"allowedSeconds":300},"removed":{"promptness":"OPEN","allowedSeconds":300},"unableReason":"REASON_UNSPECIFIED"}],"nextPageToken":""})";

TEST(Exercises, ScoresAsATableOrAsCsv) {
  FakeDaemon daemon;
  daemon.on("GET /exercises/a1/scores?page_size=1000", 200, scores);
  EXPECT_EQ(daemon.run({"exercise", "scores", "a1"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("400.0 s (late)"));
  daemon.out.str("");
  EXPECT_EQ(daemon.run({"exercise", "scores", "a1", "--csv"}), 0);
  EXPECT_THAT(
      daemon.out.str(),
      HasSubstr(
          "s1,\"东\"\"站\",airport,85,IN_TIME,1.5,60.0,IN_TIME,2.0,300.0,LATE,400.0,300.0,OPEN,,300.0,\r\n"));
}

TEST(Exercises, ListAndStart) {
  FakeDaemon daemon;
  daemon.on("GET /exercises?page_size=1000", 200,
            R"({"exercises":[{"alertId":"a1","name":"monthly","state":"CLOSED","expected":3,"meanScore":66.5}]})");
  EXPECT_EQ(daemon.run({"exercise", "list"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("66.5"));
  daemon.on("POST /exercises", 200, R"({"alertId":"a1","expected":3})");
  EXPECT_EQ(daemon.run({"exercise", "start", "monthly"}), 0);
  EXPECT_EQ(daemon.requests.back().body, R"({"name":"monthly"})");
  EXPECT_EQ(daemon.run({"exercise", "start"}), 2);
}

constexpr const char* channels =
    R"({"channels":[{"channel":"mqtt","state":"UP","waiting":0,"oldestSeconds":0,"inFlight":0,"inFlightMax":64,"sendsPerSecond":0,"retired":0,"doubtful":false,"lanesOpen":0},{"channel":"sms","state":"PAUSED","paused":{"by":"210102000000/021533","since":"2026-11-03T00:00:00Z","reason":"quota"},"waiting":17,"oldestSeconds":61.5,"inFlight":0,"inFlightMax":16,"sendsPerSecond":2.5,"quota":{"sends":300,"perSeconds":60},"retired":2,"doubtful":false,"lanesOpen":0}]})";

TEST(Channels, ListAsATableOrAsItCame) {
  FakeDaemon daemon;
  daemon.on("GET /channels", 200, channels);
  EXPECT_EQ(daemon.run({"channel", "list"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("300 / 60.0 s"));
  EXPECT_THAT(daemon.out.str(), HasSubstr("by 210102000000/021533 since 2026-11-03T00:00:00Z: quota"));
  daemon.out.str("");
  EXPECT_EQ(daemon.run({"channel", "list", "--json"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr(channels));
}

TEST(Channels, PausedWithAReasonAndResumed) {
  FakeDaemon daemon;
  daemon.on("POST /channels/sms:pause", 200, R"({"channel":"sms","state":"PAUSED","waiting":3})");
  EXPECT_EQ(daemon.run({"channel", "pause", "sms"}), 2);
  EXPECT_EQ(daemon.run({"channel", "pause", "sms", "--reason", "quota"}), 0);
  EXPECT_EQ(daemon.requests.back().body, R"({"reason":"quota"})");
  EXPECT_THAT(daemon.out.str(), HasSubstr("sms is PAUSED, 3 waiting"));
  daemon.on("POST /channels/sms:resume", 409, R"({"type":"about:blank","title":"conflict","status":409})");
  EXPECT_EQ(daemon.run({"channel", "resume", "sms"}), 1);
  EXPECT_EQ(daemon.requests.back().body, "");
}

TEST(Channels, TestThatIsNotAcceptedHasFailed) {
  FakeDaemon daemon;
  daemon.on("POST /channels/sms:test", 200, R"({"outcome":"ACCEPTED","addressDead":false,"seconds":0.25})");
  EXPECT_EQ(daemon.run({"channel", "test", "sms", "station-9"}), 0);
  EXPECT_EQ(daemon.requests.back().body, R"({"recipientId":"station-9"})");
  daemon.on("POST /channels/voice:test", 200, R"({"outcome":"REJECTED","addressDead":true,"seconds":0.25})");
  EXPECT_EQ(daemon.run({"channel", "test", "voice", "station-9"}), 1);
  EXPECT_THAT(daemon.out.str(), HasSubstr("nobody is at that address"));
}

TEST(Outbox, NarrowedAndRequeued) {
  FakeDaemon daemon;
  daemon.on(
      "GET /outbox?channel=sms&alert=a1&page_size=1000", 200,
      R"({"rows":[{"id":"40","state":"REJECTED","channel":"sms","recipientId":"station-9","alertId":"a1","revision":2,"step":1,"kind":"ALERT","attempts":1,"inForce":true,"diedAt":"2026-11-03T00:00:00Z"}],"nextPageToken":""})");
  EXPECT_EQ(daemon.run({"outbox", "list", "--channel", "sms", "--alert", "a1"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("station-9"));
  daemon.on("POST /outbox/40:requeue", 200, R"({"id":"40"})");
  EXPECT_EQ(daemon.run({"outbox", "requeue", "40"}), 0);
  EXPECT_THAT(daemon.out.str(), HasSubstr("row 40 is queued again"));
  daemon.on("POST /outbox/41:requeue", 409, R"({"type":"about:blank","title":"conflict","status":409})");
  EXPECT_EQ(daemon.run({"outbox", "requeue", "41"}), 1);
}

TEST(Outbox, AllOfAChannelThenEachThatIsInForceAndWhyTheOthersAreNot) {
  FakeDaemon daemon;
  daemon.on(
      "GET /outbox?channel=sms&page_size=1000", 200,
      R"({"rows":[{"id":"40","inForce":true},{"id":"41","inForce":true},{"id":"42","inForce":true},{"id":"43","inForce":true},{"id":"44","inForce":false}]})");
  daemon.on("POST /outbox/40:requeue", 200, R"({"id":"40"})");
  for (const char* call : {"POST /outbox/41:requeue", "POST /outbox/42:requeue"}) {
    daemon.on(call, 409, R"({"title":"conflict","detail":"its state is QUEUED","status":409})");
  }
  daemon.on("POST /outbox/43:requeue", 404, R"({"title":"there is no such thing","status":404})");
  EXPECT_EQ(daemon.run({"outbox", "requeue", "--channel", "sms"}), 0);
  EXPECT_EQ(daemon.out.str(),
            "1 queued again\n2 left: its state is QUEUED\n1 left: not in force any more\n"
            "1 left: there is no such thing\n");
  EXPECT_EQ(daemon.requests.size(), 5U);
  EXPECT_NE(daemon.header(1, "Idempotency-Key"), daemon.header(2, "Idempotency-Key"));
  daemon.out.str("");
  EXPECT_EQ(daemon.run({"outbox", "requeue", "--channel", "sms", "--field", "left"}), 0);
  EXPECT_EQ(daemon.out.str(), "4\n");
}

TEST(Outbox, WhatRefusesOneWouldRefuseAllThenItEndsThere) {
  FakeDaemon daemon;
  daemon.on("GET /outbox?channel=sms&page_size=1000", 200,
            R"({"rows":[{"id":"40","inForce":true},{"id":"41","inForce":true}]})");
  daemon.on("POST /outbox/40:requeue", 403, R"({"title":"not by this certificate","status":403})");
  EXPECT_EQ(daemon.run({"outbox", "requeue", "--channel", "sms"}), 1);
  EXPECT_THAT(daemon.err.str(), HasSubstr("not by this certificate"));
  EXPECT_EQ(daemon.requests.size(), 2U);
}

TEST(Outbox, AllOfEverythingOrUnderOneKeyThenRefused) {
  FakeDaemon daemon;
  EXPECT_EQ(daemon.run({"outbox", "requeue"}), 2);
  EXPECT_EQ(daemon.run({"outbox", "requeue", "40", "--channel", "sms"}), 2);
  EXPECT_EQ(daemon.run({"outbox", "requeue", "--channel", "sms", "--idempotency-key", "k"}), 2);
  EXPECT_TRUE(daemon.requests.empty());
}

}  // namespace
}  // namespace tuanyuan::ctl
