#include <gtest/gtest.h>

#include <string>

#include "api_fixture.hpp"
#include "tuanyuan/v1/case.pb.h"

namespace tuanyuan::http::test {
namespace {

using CaseCalls = ApiTest;

const std::string good_report = R"({
  "incidentNumber":"210102-20261102-0001","reportingUnit":"210102000000","exercise":true,
  "child":{"name":"演练儿童","ageYears":6},"lastSeen":{"time":"2026-11-02T20:00:00Z","division":"210102"},
  "contact":{"phone":"110"}})";

TEST_F(CaseCalls, ASubmittedReportThen201WithTheAlertIdAllotted) {
  const Response response = ask(post("/reports", good_report));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.content_type, "application/json");
  const boost::json::value answer = json(response);
  EXPECT_EQ(answer.at("id").as_string(), report_id);
  EXPECT_EQ(answer.at("alertId").as_string(), alert_id);
  EXPECT_EQ(answer.at("state").as_string(), "SUBMITTED");
  EXPECT_EQ(answer.at("submittedBy").as_string(), "210102000000/021533");
  EXPECT_EQ(answer.at("report").at("child").at("ageYears").as_int64(), 6);
}

TEST_F(CaseCalls, ABadReportThen422WithEveryPathAtOnce) {
  const Response response =
      ask(post("/reports", R"({"exercise":true,"child":{"name":"x","birthDate":"1990-01-01"}})"));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const auto wrong = paths(response);
  for (const char* path :
       {"incidentNumber", "reportingUnit", "lastSeen.time", "lastSeen.division", "contact.phone"}) {
    EXPECT_NE(std::find(wrong.begin(), wrong.end(), path), wrong.end()) << path;
  }
  EXPECT_EQ(response.body.find("1990"), std::string::npos);
}

TEST_F(CaseCalls, UnknownFieldsThen422ByName) {
  EXPECT_EQ(paths(ask(post("/reports", R"({"child":{"dna":"AGCT"}})"))), std::vector<std::string>{"child.dna"});
}

TEST_F(CaseCalls, ProblemsThenSpeakTheCallersLanguage) {
  Request request = get("/alerts/" + unknown_id);
  EXPECT_EQ(json(ask(request)).at("title").as_string(), "没有此项");
  request.accept_language = "fr;q=0.9, en-GB;q=0.8, zh;q=0.1";
  const Response english = ask(request);
  EXPECT_EQ(json(english).at("title").as_string(), "there is no such thing");
  EXPECT_EQ(json(english).at("type").as_string(), "urn:tuanyuan:problem:not-found");
  EXPECT_EQ(json(english).at("status").as_int64(), 404);
  EXPECT_EQ(json(english).at("instance").as_string(), "/api/v1/alerts/" + unknown_id);
  EXPECT_EQ(english.fields.back(), (std::pair<std::string, std::string>("Content-Language", "en")));
}

TEST_F(CaseCalls, ProtobufInAndOutThenTheSameCall) {
  v1::CloseRequest body;
  body.set_outcome(v1::AlertAnswer::FOUND_SAFE);
  body.set_cause(v1::AlertAnswer::LOST);
  body.set_reason("已找到");
  Request request = post("/alerts/" + alert_id + ":close", body.SerializeAsString());
  request.content_type = "application/x-protobuf";
  request.accept = "application/x-protobuf";
  const Response response = ask(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/x-protobuf");
  v1::AlertAnswer answer;
  ASSERT_TRUE(answer.ParseFromString(response.body));
  EXPECT_EQ(answer.id(), alert_id);
  EXPECT_EQ(answer.notice().texts(0).headline(), "【演练】寻找走失儿童");
  EXPECT_EQ(fakes_.cases.closing.outcome, core::Outcome::found_safe);
  EXPECT_EQ(fakes_.cases.closing.cause, core::Cause::lost);
  EXPECT_EQ(fakes_.cases.closing.reason, "已找到");
}

TEST_F(CaseCalls, ProtobufWithUnknownFieldsThen422ByNumber) {
  v1::MissingChildReport body;
  body.mutable_child()->GetReflection()->MutableUnknownFields(body.mutable_child())->AddVarint(77, 1);
  Request request = post("/reports", body.SerializeAsString());
  request.content_type = "application/x-protobuf";
  EXPECT_EQ(paths(ask(request)), std::vector<std::string>{"child.77"});
  request.body = "\xff\xff\xff";
  EXPECT_EQ(status(request), 400);
}

TEST_F(CaseCalls, AReleaseWithoutABodyThenAsConfigured) {
  Request request = post("/reports/" + report_id + ":release", "");
  request.content_type = std::nullopt;
  EXPECT_EQ(status(request), 201);
  EXPECT_FALSE(fakes_.cases.options.audiences);
  EXPECT_FALSE(fakes_.cases.options.radius_km);
  EXPECT_FALSE(fakes_.cases.options.status);
}

TEST_F(CaseCalls, AReleaseWithEverythingThenTheDeskHasIt) {
  const Response response = ask(post("/reports/" + report_id + ":release", R"({
    "audiences":["PARTNER"],"radiusKm":120.5,"status":"EXERCISE","previewToken":"t",
    "duplicatesReviewed":["x"],"wake":true,"breakGlass":true,"reason":"夜间","plateOpen":true})"));
  EXPECT_EQ(response.status, 201);
  const ports::ReleaseOptions& options = fakes_.cases.options;
  EXPECT_EQ(options.audiences, (core::AudienceSet{core::Audience::police, core::Audience::partner}));
  EXPECT_EQ(options.radius_km, 120.5);
  EXPECT_EQ(options.status, core::Status::exercise);
  EXPECT_EQ(options.preview_token, "t");
  EXPECT_EQ(options.duplicates_reviewed->front().value, "x");
  EXPECT_TRUE(options.wake && options.break_glass && options.plate_open);
  EXPECT_EQ(options.reason, "夜间");
}

TEST_F(CaseCalls, ABadReleaseThen422WithItsPaths) {
  const Response response = ask(post("/reports/" + report_id + ":release", R"({"radiusKm":0,"breakGlass":true})"));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(paths(response), (std::vector<std::string>{"radiusKm", "reason"}));
}

TEST_F(CaseCalls, APreviewThenShowsWhatWouldHappen) {
  const boost::json::value answer = json(ask(post("/reports/" + report_id + ":preview", "{}")));
  for (const char* field : {"circle", "divisions", "expected", "byCategory", "unreachable", "duplicates",
                            "missing", "copies", "previewToken"}) {
    EXPECT_TRUE(answer.as_object().contains(field)) << field;
  }
  EXPECT_TRUE(fakes_.cases.changes.empty());
}

TEST_F(CaseCalls, AnUpdateThenChangesWhatTheMaskNamesAndClearsWhatIsAbsent) {
  fakes_.cases.in_force.child.marks = "左臂有疤";
  const Response response = ask(post("/alerts/" + alert_id + ":update", R"({
    "report":{"child":{"clothing":"蓝色外套","name":"不在掩码中"}},
    "updateMask":"child.clothing,child.marks","reason":"更正"})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(fakes_.cases.in_force.child.clothing, "蓝色外套");
  EXPECT_EQ(fakes_.cases.in_force.child.marks, "");
  EXPECT_EQ(fakes_.cases.in_force.child.name, "演练儿童");
  EXPECT_EQ(fakes_.cases.updating.fields, (std::vector<std::string>{"child.clothing", "child.marks"}));
}

TEST_F(CaseCalls, AnUpdateThatBreaksTheRulesThen422BelowReport) {
  const Response response = ask(post("/alerts/" + alert_id + ":update", R"({
    "report":{"child":{"ageYears":40}},"updateMask":"child.ageYears,contact.phone","reason":"更正"})"));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(paths(response), (std::vector<std::string>{"report.child.ageYears", "report.contact.phone"}));
}

TEST_F(CaseCalls, AnUpdateOfAnotherRevisionThen409WithThatField) {
  const auto update = [this](const std::string& expected) {
    return ask(post("/alerts/" + alert_id + ":update",
                    R"({"report":{},"updateMask":"child.marks","reason":"更正")" + expected + "}"));
  };
  const Response refused = update(R"(,"expectedRevision":1)");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(problem_type(refused), "urn:tuanyuan:problem:stale-revision");
  EXPECT_EQ(paths(refused), std::vector<std::string>{"expectedRevision"});
  EXPECT_TRUE(fakes_.cases.changes.empty());
  for (const char* taken : {R"(,"expectedRevision":2)", R"(,"expectedRevision":0)", ""}) {
    EXPECT_EQ(update(taken).status, 200) << taken;
  }
  EXPECT_EQ(paths(update(R"(,"expectedRevision":-1)")), std::vector<std::string>{"expectedRevision"});
}

TEST_F(CaseCalls, AMaskThatNamesNothingThen422) {
  for (const char* mask : {R"("child.shoeSize")", R"("")", R"("exercise")"}) {
    const Response response = ask(post("/alerts/" + alert_id + ":update",
                                       R"({"report":{},"reason":"更正","updateMask":)" + std::string(mask) + "}"));
    EXPECT_EQ(response.status, 422) << mask;
    EXPECT_EQ(paths(response), std::vector<std::string>{"updateMask"}) << mask;
  }
}

TEST_F(CaseCalls, AnExerciseThenStaysOneThroughEveryUpdate) {
  const Response response = ask(post("/alerts/" + alert_id + ":update",
                                     R"({"report":{"exercise":false},"updateMask":"exercise","reason":"更正"})"));
  EXPECT_EQ(response.status, 422);
  EXPECT_TRUE(fakes_.cases.in_force.exercise);
}

TEST_F(CaseCalls, ACentreWithoutOneOfItsNumbersThen422WithThatOne) {
  const auto circle = [this](const std::string& centre) {
    return paths(ask(post("/alerts/" + alert_id + ":circle",
                          R"({"radiusKm":50,"reason":"r","centre":{"crs":"WGS84",)" + centre + "}}")));
  };
  EXPECT_EQ(circle(R"("longitude":123.4)"), std::vector<std::string>{"centre.latitude"});
  EXPECT_EQ(circle(R"("latitude":41.8)"), std::vector<std::string>{"centre.longitude"});
}

TEST_F(CaseCalls, ClosingWithoutOutcomeAndCauseThen422) {
  EXPECT_EQ(paths(ask(post("/alerts/" + alert_id + ":close", "{}"))),
            (std::vector<std::string>{"outcome", "cause"}));
  EXPECT_EQ(status(post("/alerts/" + alert_id + ":close", R"({"outcome":"FOUND_SAFE","cause":"LOST"})")), 200);
}

TEST_F(CaseCalls, ListsThenPageByOpaqueTokens) {
  fakes_.cases.next_token = report_id;
  const std::string token(json(ask(get("/reports?page_size=7"))).at("nextPageToken").as_string());
  EXPECT_EQ(fakes_.cases.page.size, 7U);
  EXPECT_EQ(fakes_.cases.page.token, "");
  EXPECT_NE(token, report_id);
  EXPECT_EQ(status(get("/reports?page_token=" + token)), 200);
  EXPECT_EQ(fakes_.cases.page.size, 100U);
  EXPECT_EQ(fakes_.cases.page.token, report_id);
}

TEST_F(CaseCalls, BadPagesThen422WithTheParameter) {
  for (const char* size : {"0", "1001", "-1", "ten", "1e2", "", "99999999999999999999"}) {
    EXPECT_EQ(paths(ask(get("/reports?page_size=" + std::string(size)))), std::vector<std::string>{"page_size"})
        << size;
  }
  EXPECT_EQ(status(get("/reports?page_size=1000")), 200);
  EXPECT_EQ(paths(ask(get("/alerts?page_size=1&page_size=2"))), std::vector<std::string>{"page_size"});
  EXPECT_EQ(paths(ask(get("/alerts?page_token=***"))), std::vector<std::string>{"page_token"});
}

TEST_F(CaseCalls, ThePhotoThenItsBytesByItsOwnType) {
  const Response response = ask(get("/alerts/" + alert_id + "/photo", recipient()));
  EXPECT_EQ(response.content_type, "image/png");
  EXPECT_EQ(response.body, std::string("\x89PNG\0\xff", 6));
  Request jpeg_only = get("/alerts/" + alert_id + "/photo", recipient());
  jpeg_only.accept = "image/jpeg";
  EXPECT_EQ(status(jpeg_only), 406);
}

TEST_F(CaseCalls, TheBoardThenPrintsEveryKindAndTheSilent) {
  const boost::json::value board = json(ask(get("/alerts/" + alert_id + "/board")));
  EXPECT_EQ(board.at("expected").as_int64(), 3);
  EXPECT_EQ(board.at("counts").at("RECEIVED").as_int64(), 2);
  EXPECT_EQ(board.at("counts").at("REMOVED").as_int64(), 0);
  EXPECT_EQ(board.at("byCategory").at("hospital").at("counts").at("RECEIVED").as_int64(), 2);
  EXPECT_EQ(board.at("silent").at(0).at("recipientId").as_string(), "hospital-1");
  EXPECT_EQ(board.at("silentTotal").as_int64(), 1);
}

TEST_F(CaseCalls, AnIdempotencyKeyThenIsScopedToCallerAndCall) {
  Request request = post("/reports", good_report);
  request.idempotency_key = "k-1";
  EXPECT_EQ(status(request), 201);
  EXPECT_EQ(fakes_.cases.once.key, "210102000000/021533 POST /api/v1/reports k-1");
  const std::string digest = fakes_.cases.once.body_digest;
  EXPECT_EQ(digest.size(), 64U);
  EXPECT_EQ(status(request), 201);
  EXPECT_EQ(fakes_.cases.once.body_digest, digest);
  request.body += " ";
  EXPECT_EQ(status(request), 409);
  Request release = post("/reports/" + report_id + ":release", "{}");
  release.idempotency_key = "k-1";
  EXPECT_EQ(status(release), 201);
  EXPECT_NE(fakes_.cases.once.key.find(":release k-1"), std::string::npos);
}

TEST_F(CaseCalls, WithoutAKeyThenTheDeskIsGivenNone) {
  EXPECT_EQ(status(post("/reports", good_report)), 201);
  EXPECT_EQ(fakes_.cases.once.key, "");
}

TEST_F(CaseCalls, AnUnusableKeyThen422) {
  for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("a b"), std::string("键")}) {
    Request request = post("/reports", good_report);
    request.idempotency_key = key;
    EXPECT_EQ(paths(ask(request)), std::vector<std::string>{"Idempotency-Key"});
  }
}

TEST_F(CaseCalls, EveryCallThenOneLogLineAndOneCountByRoute) {
  EXPECT_EQ(status(get("/alerts/" + alert_id, recipient("hospital-1"))), 200);
  EXPECT_EQ(status(get("/alerts/" + unknown_id)), 404);
  EXPECT_EQ(status(get("/secret-path")), 404);
  ASSERT_EQ(fakes_.log.lines.size(), 3U);
  EXPECT_EQ(fakes_.log.lines[0].at("route"), "/api/v1/alerts/{id}");
  EXPECT_EQ(fakes_.log.lines[0].at("unit"), "recipient");
  EXPECT_EQ(fakes_.log.lines[1].at("unit"), unit);
  EXPECT_EQ(fakes_.log.lines[1].at("status"), "404");
  EXPECT_EQ(fakes_.log.lines[2].at("route"), "none");
  EXPECT_EQ(fakes_.metrics.values.at("tuanyuan_http_requests_total route=/api/v1/alerts/{id} status=200"), 1);
  EXPECT_EQ(fakes_.metrics.values.at("tuanyuan_http_requests_total route=none status=404"), 1);
}

TEST_F(CaseCalls, AHandlerThatThrowsThen500AndNothingOfWhy) {
  fakes_.cases.during_read = [] { throw std::runtime_error("inside"); };
  const Response response = ask(get("/alerts/" + alert_id));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("inside"), std::string::npos);
  EXPECT_EQ(fakes_.log.count("http.handler_failed"), 1U);
}

TEST_F(CaseCalls, HeadThenAnsweredAsGet) {
  Request request = get("/alerts/" + alert_id);
  request.method = "HEAD";
  EXPECT_EQ(status(request), 200);
}

TEST_F(CaseCalls, BodiesThenAreReadOnlyAsFarAsTheCallAllows) {
  EXPECT_EQ(api_.body_bytes_max(post("/reports", "")), report_body_bytes_max);
  EXPECT_EQ(api_.body_bytes_max(post("/alerts/" + alert_id + ":close", "")), small_body_bytes_max);
  EXPECT_EQ(api_.body_bytes_max(post("/recipients:import", "")), import_body_bytes_max);
  EXPECT_EQ(api_.body_bytes_max(post("/recipients:import", "", recipient())), dropped_body_bytes_max);
  EXPECT_EQ(api_.body_bytes_max(post("/recipients:import", "", std::nullopt)), dropped_body_bytes_max);
  EXPECT_EQ(api_.body_bytes_max(get("/alerts")), dropped_body_bytes_max);
}

TEST_F(CaseCalls, NestingBeyondTheLimitThen400) {
  std::string deep;
  for (int i = 0; i < 1'000; ++i) {
    deep += R"({"child":)";
  }
  EXPECT_EQ(status(post("/reports", deep)), 400);
}

TEST_F(CaseCalls, AlertsAreNarrowedByTheQuery) {
  const Response response =
      ask(get("/alerts?state=ACTIVE,SUSPENDED&lead_officer=%E6%9D%8E+021533&not_shown=true&page_size=5"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(fakes_.cases.filter.states,
            (std::vector<core::AlertState>{core::AlertState::active, core::AlertState::suspended}));
  EXPECT_EQ(fakes_.cases.filter.lead_officer, "李 021533");
  EXPECT_TRUE(fakes_.cases.filter.not_shown);
  EXPECT_EQ(fakes_.cases.page.size, 5U);
  const boost::json::value one = json(response).at("alerts").at(0);
  EXPECT_EQ(one.at("leadOfficer").as_string(), "李警官 021533");
  EXPECT_FALSE(one.at("displayEnded").as_bool());
  EXPECT_TRUE(one.as_object().contains("displayUntil"));
  EXPECT_EQ(one.at("duplicates").as_array().size(), 1U);
  ASSERT_EQ(status(get("/alerts")), 200);
  EXPECT_TRUE(fakes_.cases.filter.states.empty());
  EXPECT_FALSE(fakes_.cases.filter.not_shown);
}

TEST_F(CaseCalls, ReportsAreNarrowedByTheirState) {
  ASSERT_EQ(status(get("/reports?state=SUBMITTED,REJECTED&page_size=5")), 200);
  EXPECT_EQ(fakes_.cases.report_filter.states,
            (std::vector<core::ReportState>{core::ReportState::submitted, core::ReportState::rejected}));
  EXPECT_EQ(fakes_.cases.page.size, 5U);
  for (const char* any : {"/reports", "/reports?state="}) {
    ASSERT_EQ(status(get(any)), 200) << any;
    EXPECT_TRUE(fakes_.cases.report_filter.states.empty()) << any;
  }
  for (const char* none : {"ACTIVE", "SUBMITTED,,REJECTED", "submitted", "SUBMITTED&state=REJECTED"}) {
    const Response response = ask(get("/reports?state=" + std::string(none)));
    EXPECT_EQ(response.status, 422) << none;
    EXPECT_EQ(paths(response), std::vector<std::string>{"state"}) << none;
  }
}

TEST_F(CaseCalls, WhatNarrowsNothingIsRefusedByName) {
  const Response response =
      ask(get("/alerts?state=ACTIVE,ASLEEP&not_shown=perhaps&lead_officer=" + std::string(201, 'a')));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(paths(response), (std::vector<std::string>{"state", "lead_officer", "not_shown"}));
}

}  // namespace
}  // namespace tuanyuan::http::test
