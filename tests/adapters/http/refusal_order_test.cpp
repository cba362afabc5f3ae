#include <gtest/gtest.h>

#include <string>

#include "api_fixture.hpp"

// Contract, section 2: order of refusal: 401/403, 404, 409, then 400/413/415/422.
namespace tuanyuan::http::test {
namespace {

using RefusalOrder = ApiTest;

const std::string bad_json = "{";
const std::string close_body = R"({"outcome":"FOUND_SAFE","cause":"LOST","reason":"已找到"})";

Identity nobody_special() {
  return officer({});
}

TEST_F(RefusalOrder, WithoutACertificateThenEverythingIs401) {
  EXPECT_EQ(status(get("/reports", std::nullopt)), 401);
  EXPECT_EQ(status(get("/keys", std::nullopt)), 401);
  EXPECT_EQ(status(get("/no-such-thing", std::nullopt)), 401);
  EXPECT_EQ(status(post("/reports", bad_json, std::nullopt)), 401);
}

TEST_F(RefusalOrder, WithAnExpiredCertificateOnALivingConnectionThen401) {
  Identity expired = everything();
  expired.not_after = now;
  EXPECT_EQ(status(get("/reports", expired)), 401);
}

TEST_F(RefusalOrder, TheDocumentOfTheApiThenNeedsNoCertificate) {
  EXPECT_EQ(status(get("/openapi.json", std::nullopt)), 200);
}

TEST_F(RefusalOrder, AnyCertificateThenReadsTheKeys) {
  EXPECT_EQ(status(get("/keys", nobody_special())), 200);
}

TEST_F(RefusalOrder, WrongRoleThen403BeforeExistenceAndBody) {
  EXPECT_EQ(status(post("/alerts/" + unknown_id + ":close", bad_json, officer({core::Role::submitter}))), 403);
  EXPECT_EQ(status(post("/reports", bad_json, officer({core::Role::releaser}))), 403);
  EXPECT_EQ(status(get("/recipients", recipient())), 403);
  EXPECT_EQ(status(get("/journal", officer({core::Role::operator_}))), 403);
  EXPECT_EQ(status(get("/alerts", nobody_special())), 403);
}

TEST_F(RefusalOrder, UnknownPathsThen404AndUnknownMethods405WithAllow) {
  EXPECT_EQ(status(get("/no-such-thing")), 404);
  EXPECT_EQ(status(get("/reports/")), 404);
  EXPECT_EQ(status(get("/reports/" + report_id + "/photo")), 404);
  EXPECT_EQ(status(post("/alerts/" + alert_id + ":excuse", "{}")), 404);
  EXPECT_EQ(status(get("/alerts/" + alert_id + "/cap")), 404);
  EXPECT_EQ(status(get("/statistics")), 404);
  const Response response = ask(send("DELETE", "/reports", ""));
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.fields.front(), (std::pair<std::string, std::string>("Allow", "POST, GET, HEAD")));
}

TEST_F(RefusalOrder, AnIdThatNoIdLooksLikeThen404) {
  EXPECT_EQ(status(get("/alerts/" + std::string(65, 'a'))), 404);
  EXPECT_EQ(status(get("/alerts/a.b")), 404);
  EXPECT_EQ(status(get("/alerts/%2e%2e")), 404);
}

struct Change {
  std::string path;  ///< after the id
  std::string good;
};

class AlertChange : public ApiTest, public testing::WithParamInterface<Change> {};

TEST_P(AlertChange, OnAnUnknownAlertThen404WhateverTheBody) {
  EXPECT_EQ(status(post("/alerts/" + unknown_id + GetParam().path, GetParam().good)), 404);
  EXPECT_EQ(status(post("/alerts/" + unknown_id + GetParam().path, bad_json)), 404);
  EXPECT_EQ(status(post("/alerts/" + unknown_id + GetParam().path, "{}")), 404);
}

TEST_P(AlertChange, OnAClosedAlertThen409WhateverTheBody) {
  fakes_.cases.alert_state = core::AlertState::closed;
  EXPECT_EQ(status(post("/alerts/" + alert_id + GetParam().path, GetParam().good)), 409);
  EXPECT_EQ(status(post("/alerts/" + alert_id + GetParam().path, bad_json)), 409);
  Request of_a_strange_type = post("/alerts/" + alert_id + GetParam().path, "<a/>");
  of_a_strange_type.content_type = "text/xml";
  EXPECT_EQ(status(of_a_strange_type), 409);
}

TEST_P(AlertChange, InAnotherUnitsDivisionThen403WhateverTheBody) {
  fakes_.cases.may_decide = false;
  EXPECT_EQ(status(post("/alerts/" + alert_id + GetParam().path, bad_json)), 403);
}

TEST_P(AlertChange, OnALivingAlertThenTheBodysOwnFaults) {
  const std::string target = "/alerts/" + alert_id + GetParam().path;
  EXPECT_EQ(status(post(target, bad_json)), 400);
  EXPECT_EQ(status(post(target, R"({"noSuchField":1})")), 422);
  Request of_a_strange_type = post(target, "<a/>");
  of_a_strange_type.content_type = "text/xml";
  EXPECT_EQ(status(of_a_strange_type), 415);
  Request in_another_charset = post(target, GetParam().good);
  in_another_charset.content_type = "application/json; charset=gbk";
  EXPECT_EQ(status(in_another_charset), 415);
  Request packed = post(target, GetParam().good);
  packed.content_encoding = "gzip";
  EXPECT_EQ(status(packed), 415);
  Request too_large = post(target, "");
  too_large.body_too_large = true;
  EXPECT_EQ(status(too_large), 413);
  Request wants_xml = post(target, GetParam().good);
  wants_xml.accept = "application/xml";
  EXPECT_EQ(status(wants_xml), 406);
  EXPECT_TRUE(fakes_.cases.changes.empty());
  EXPECT_EQ(status(post(target, GetParam().good)), 200);
  EXPECT_EQ(fakes_.cases.changes.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Calls, AlertChange,
    testing::Values(Change{":close", close_body}, Change{":retract", R"({"reason":"误发"})"},
                    Change{":update", R"({"report":{"child":{"clothing":"蓝色外套"}},"updateMask":"child.clothing",
                                       "reason":"更正"})"}));

TEST_F(RefusalOrder, AnUpdateOfAnotherRevisionThen409WhateverElseIsWrongWithIt) {
  const auto update = [this](int expected) {
    return post("/alerts/" + alert_id + ":update",
                R"({"updateMask":"","reason":"","expectedRevision":)" + std::to_string(expected) + "}");
  };
  EXPECT_EQ(problem_type(ask(update(1))), "urn:tuanyuan:problem:stale-revision");
  EXPECT_EQ(status(update(2)), 422);
  EXPECT_EQ(status(post("/alerts/" + alert_id + ":update", R"({"expectedRevision":1,)")), 400)
      << "nobody can read it";
}

TEST_F(RefusalOrder, ReportsUnknownThen404AndReleasedThen409WhateverTheBody) {
  EXPECT_EQ(status(post("/reports/" + unknown_id + ":release", bad_json)), 404);
  EXPECT_EQ(status(post("/reports/" + unknown_id + ":reject", bad_json)), 404);
  EXPECT_EQ(status(post("/reports/" + unknown_id + ":preview", bad_json)), 404);
  fakes_.cases.report_state = core::ReportState::released;
  EXPECT_EQ(status(post("/reports/" + report_id + ":release", bad_json)), 409);
  EXPECT_EQ(status(post("/reports/" + report_id + ":reject", "{}")), 409);
  fakes_.cases.report_state = core::ReportState::submitted;
  EXPECT_EQ(status(post("/reports/" + report_id + ":release", bad_json)), 400);
  EXPECT_EQ(status(post("/reports/" + report_id + ":reject", "{}")), 422);
}

TEST_F(RefusalOrder, AReportOfAnotherUnitsDivisionThen403WhateverTheBodyAndTheState) {
  fakes_.cases.may_decide = false;
  for (const core::ReportState state : {core::ReportState::submitted, core::ReportState::released}) {
    fakes_.cases.report_state = state;
    EXPECT_EQ(status(post("/reports/" + report_id + ":release", bad_json)), 403);
    EXPECT_EQ(status(post("/reports/" + report_id + ":release", R"({"noSuchField":1})")), 403);
    EXPECT_EQ(status(post("/reports/" + report_id + ":reject", bad_json)), 403);
    EXPECT_EQ(status(post("/reports/" + report_id + ":reject", "{}")), 403);
  }
  EXPECT_TRUE(fakes_.cases.changes.empty());
}

TEST_F(RefusalOrder, AUsedIdempotencyKeyThen409EvenForAnUnreadableDecision) {
  for (const std::string& call : {"/reports/" + report_id + ":release", "/reports/" + report_id + ":reject",
                                  "/alerts/" + alert_id + ":update", "/alerts/" + alert_id + ":close"}) {
    fakes_.cases.keys["210102000000/021533 POST /api/v1" + call + " k"] = "another digest";
    Request unreadable = post(call, bad_json);
    unreadable.idempotency_key = "k";
    EXPECT_EQ(problem_type(ask(unreadable)), "urn:tuanyuan:problem:idempotency-key-reused") << call;
    unreadable.idempotency_key = "new";
    EXPECT_EQ(status(unreadable), 400) << call;
  }
  EXPECT_TRUE(fakes_.cases.changes.empty());
}

TEST_F(RefusalOrder, AnUnreadableAnswerToAnUnknownAlertThen404) {
  EXPECT_EQ(status(post("/alerts/" + unknown_id + "/acknowledgements", bad_json, recipient())), 404);
  EXPECT_EQ(status(post("/alerts/" + alert_id + "/acknowledgements", bad_json, recipient())), 400);
  EXPECT_EQ(status(post("/alerts/" + unknown_id + "/sightings", "{}", recipient())), 404);
  EXPECT_EQ(status(post("/alerts/" + alert_id + "/sightings", "{}", recipient())), 422);
  EXPECT_EQ(status(get("/alerts/" + unknown_id + "/sightings?page_size=0")), 404);
  EXPECT_EQ(status(get("/alerts/" + alert_id + "/sightings?page_size=0")), 422);
}

TEST_F(RefusalOrder, AUsedIdempotencyKeyThen409EvenForAnUnreadableReport) {
  Request first = post("/reports", R"({"exercise":true})");
  first.idempotency_key = "k";
  fakes_.cases.keys["210102000000/021533 POST /api/v1/reports k"] = "another digest";
  EXPECT_EQ(problem_type(ask(first)), "urn:tuanyuan:problem:idempotency-key-reused");
  Request unreadable = post("/reports", bad_json);
  unreadable.idempotency_key = "k";
  EXPECT_EQ(status(unreadable), 409);
  unreadable.idempotency_key = "new";
  EXPECT_EQ(status(unreadable), 400);
}

TEST_F(RefusalOrder, NotAcceptableReadsThenSayFirstThatThereIsNoSuchThing) {
  Request unknown = get("/alerts/" + unknown_id);
  unknown.accept = "application/xml";
  EXPECT_EQ(status(unknown), 404);
  Request known = get("/alerts/" + alert_id);
  known.accept = "application/xml";
  EXPECT_EQ(status(known), 406);
}

TEST_F(RefusalOrder, WhenMemoryForBodiesIsTakenThen503WithRetryAfter) {
  Request request = post("/reports", "");
  request.overloaded = true;
  const Response response = ask(request);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.fields.front().first, "Retry-After");
}

}  // namespace
}  // namespace tuanyuan::http::test
