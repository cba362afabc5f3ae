#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "api_fixture.hpp"
#include "schema_check.hpp"

// The document against what is really answered (issue: "openapi.json checked in a test against what the server
// really answers").
namespace tuanyuan::http::test {
namespace {

using boost::json::object;
using boost::json::value;

const std::string close_body = R"({"outcome":"FOUND_SAFE","cause":"LOST","reason":"已找到"})";
const std::string report_body = R"({
  "incidentNumber":"210102-20261102-0001","reportingUnit":"210102000000","exercise":true,
  "child":{"name":"演练儿童","ageYears":6,"heightCm":120.5,"photo":{"mediaType":"image/png","data":"AAAA"}},
  "lastSeen":{"time":"2026-11-02T20:00:00Z","division":"210102",
              "position":{"latitude":41.8,"longitude":123.4,"crs":"GCJ02"}},
  "suspect":{"description":"x"},"contact":{"phone":"110"}})";
const std::string recipient_body = R"({"name":"市第一医院","category":"hospital","audience":"PARTNER",
  "division":"210102","latitude":41.79,"longitude":123.4,"crs":"WGS84","liaison":{"post":"值班室"},
  "endpoints":[{"channel":"mqtt"}]})";

/// A request for each call that the desks grant, by operationId.
std::map<std::string, Request> good_requests() {
  const std::string alert = "/alerts/" + alert_id;
  const std::string report = "/reports/" + report_id;
  std::map<std::string, Request> requests{
      {"submitReport", post("/reports", report_body)},
      {"listReports", get("/reports?state=SUBMITTED,REJECTED")},
      {"getReport", get(report)},
      {"previewReport", post(report + ":preview", "{}")},
      {"releaseReport", post(report + ":release", R"({"audiences":["PARTNER"],"radiusKm":100})")},
      {"rejectReport", post(report + ":reject", R"({"reason":"重复"})")},
      {"listAlerts", get("/alerts?state=ACTIVE,SUSPENDED&lead_officer=021533&not_shown=true")},
      {"getAlert", get(alert)},
      {"getPhoto", get(alert + "/photo")},
      {"getPoster", get(alert + "/poster?format=pdf&audience=PARTNER&language=en")},
      {"updateAlert", post(alert + ":update", R"({"report":{},"updateMask":"child.marks","reason":"更正"})")},
      {"drawCircle",
       post(alert + ":circle",
            R"({"radiusKm":50,"centre":{"latitude":41.8,"longitude":123.4,"crs":"WGS84"},"reason":"研判"})")},
      {"suspendAlert", post(alert + ":suspend", R"({"audiences":["PARTNER"],"reason":"LEADS_HELD"})")},
      {"resumeAlert", post(alert + ":resume", R"({"audiences":["PARTNER"]})")},
      {"closeAlert", post(alert + ":close", close_body)},
      {"retractAlert", post(alert + ":retract", R"({"reason":"误发"})")},
      {"getReadiness", get("/readiness?latitude=41.8&longitude=123.4&radius_km=100&division=21&by=division")},
      {"listChannels", get("/channels")},
      {"pauseChannel", post("/channels/sms:pause", R"({"reason":"额度用完"})")},
      {"resumeChannel", post("/channels/sms:resume", "")},
      {"testChannel", post("/channels/sms:test", R"({"recipientId":"station-9"})")},
      {"listOutbox", get("/outbox?channel=sms")},
      {"requeueDelivery", post("/outbox/40:requeue", "")},
      {"listExercises", get("/exercises")},
      {"startExercise", post("/exercises", R"({"name":"monthly"})")},
      {"getExerciseScores", get("/exercises/" + alert_id + "/scores")},
      {"getBoard", get(alert + "/board")},
      {"acknowledge", post(alert + "/acknowledgements", R"({"revision":1,"kind":"RECEIVED"})", recipient())},
      {"reportSighting", post(alert + "/sightings",
                              R"({"sightingId":"0192a000-0000-7000-8000-000000000003",
                                  "seenAt":"2026-11-02T22:00:00Z","description":"在候车室"})",
                              recipient())},
      {"listSightings", get(alert + "/sightings")},
      {"assessSighting", post("/sightings/" + sighting_id + ":assess", R"({"assessment":"CREDIBLE"})")},
      {"followEvents", get("/events")},
      {"listRecipients", get("/recipients")},
      {"getRecipient", get("/recipients/hospital-1")},
      {"putRecipient", send("PUT", "/recipients/hospital-1", recipient_body)},
      {"deleteRecipient", send("DELETE", "/recipients/hospital-1", "")},
      {"importRecipients", post("/recipients:import", "id\n")},
      {"readJournal", get("/journal")},
      {"getCaller", get("/caller")},
      {"getKeys", get("/keys")},
      {"getOpenapi", get("/openapi.json")},
      {"callBack", get("/callbacks/h0oken?channel=sms&status=1")},
      {"callBackWithForm", post("/callbacks/h0oken", R"({"key":1})")},
  };
  requests["importRecipients"].content_type = "text/csv";
  return requests;
}

std::string type_of(const Response& response) {
  return response.content_type.substr(0, response.content_type.find(';'));
}

class Openapi : public ApiTest {
 protected:
  Openapi() : document_(boost::json::parse(api_.openapi())), check_(document_) {}

  const object& operation(const Route& route) const {
    std::string method;
    for (const char c : route.method) {
      method += static_cast<char>(std::tolower(c));
    }
    return document_.at("paths").at(route.pattern.substr(api_root.size())).at(method).as_object();
  }

  const object* content(const Route& route, const Response& response) const {
    const value* described =
        operation(route).at("responses").as_object().if_contains(std::to_string(response.status));
    if (described == nullptr) {
      return nullptr;
    }
    if (const value* reference = described->as_object().if_contains("$ref")) {
      described = &document_.at_pointer(std::string(reference->as_string().subview(1)));
    }
    const value* kind = described->at("content").as_object().if_contains(type_of(response));
    return kind == nullptr ? nullptr : &kind->as_object();
  }

  /// What the document says against what was answered.
  void expect_described(const Route& route, const Response& response) {
    const object* kind = content(route, response);
    ASSERT_NE(kind, nullptr) << response.status << ' ' << response.content_type << " is not described";
    const value* schema = kind->if_contains("schema");
    if (schema != nullptr && response.content_type.find("json") != std::string::npos) {
      EXPECT_EQ(check_(schema->as_object(), json(response)), std::vector<std::string>{}) << response.body;
    }
  }

  /// What the schema of a request's body says of it.
  void expect_described(const Route& route, const Request& request) {
    const value& body = operation(route).at("requestBody").at("content").at(request.content_type.value());
    if (request.content_type == "application/json") {
      EXPECT_EQ(check_(body.at("schema").as_object(), boost::json::parse(request.body)),
                std::vector<std::string>{});
    }
  }

  value document_;
  SchemaCheck check_;
};

TEST_F(Openapi, EveryCallOfTheTableThenIsDescribedAndNothingElse) {
  std::set<std::string> served;
  for (const Route& route : routes()) {
    served.insert(std::string(route.method) + ' ' + std::string(route.pattern.substr(api_root.size())));
  }
  std::set<std::string> described;
  for (const auto& [path, operations] : document_.at("paths").as_object()) {
    for (const auto& [method, ignored] : operations.as_object()) {
      std::string upper;
      for (const char c : method) {
        upper += static_cast<char>(std::toupper(c));
      }
      described.insert(upper + ' ' + std::string(path));
    }
  }
  EXPECT_EQ(served, described);
  EXPECT_EQ(document_.at("openapi").as_string(), "3.1.0");
}

TEST_F(Openapi, EveryCallThenAnswersAsDescribed) {
  const std::map<std::string, Request> requests = good_requests();
  for (const Route& route : routes()) {
    SCOPED_TRACE(route.name);
    ASSERT_TRUE(requests.contains(std::string(route.name)));
    const Request& request = requests.at(std::string(route.name));
    fakes_.cases.alert_state = core::AlertState::active;
    fakes_.recipients.directory["hospital-1"].id = core::RecipientId("hospital-1");
    fakes_.journal.write("alert.released", alert_id);
    fakes_.answers.known.resize(1);
    const Response response = ask(request);
    EXPECT_EQ(response.status, route.status) << response.body;
    expect_described(route, response);
    if (route.body != BodyKind::none) {
      expect_described(route, request);
    }
  }
}

TEST_F(Openapi, EveryRefusalThenIsDescribedToo) {
  const std::map<std::string, Request> requests = good_requests();
  for (const Route& route : routes()) {
    SCOPED_TRACE(route.name);
    Request request = requests.at(std::string(route.name));
    if (!route.callers.open()) {
      Request nobody = request;
      nobody.identity = std::nullopt;
      expect_described(route, ask(nobody));
    }
    if (route.pattern.find("{id}") != std::string_view::npos && route.method != "PUT") {
      Request unknown = request;
      const std::size_t at = unknown.target.find_first_of("0h", api_root.size());
      unknown.target[at] = 'z';
      const Response response = ask(unknown);
      EXPECT_EQ(response.status, 404);
      expect_described(route, response);
    }
    if (route.body == BodyKind::message) {
      request.body = R"({"noSuchField":1})";
      const Response response = ask(request);
      EXPECT_EQ(response.status, 422);
      expect_described(route, response);
    }
    request.content_type = "text/xml";
    request.body = "<a/>";
    if (route.body != BodyKind::none) {
      const Response response = ask(request);
      EXPECT_EQ(response.status, 415);
      expect_described(route, response);
    }
  }
}

TEST_F(Openapi, EveryReferenceThenLeadsSomewhere) {
  const std::string text = api_.openapi();
  std::size_t found = 0;
  for (std::size_t at = text.find("\"$ref\":\"#"); at != std::string::npos;
       at = text.find("\"$ref\":\"#", at + 1)) {
    const std::size_t from = at + 9;
    const std::string pointer = text.substr(from, text.find('"', from) - from);
    boost::system::error_code missing;
    EXPECT_NE(document_.find_pointer(pointer, missing), nullptr) << pointer;
    ++found;
  }
  EXPECT_GT(found, 50U);
}

TEST_F(Openapi, WhatLaterIssuesBringThenIsAbsent) {
  for (const char* path : {"/alerts/{id}/cap", "/statistics", "/late"}) {
    EXPECT_FALSE(document_.at("paths").as_object().contains(path)) << path;
  }
}

TEST(SchemaCheckOfThisTest, WrongValuesThenFound) {
  const value document = boost::json::parse(R"({"s":{"type":"object","required":["n"],"properties":{
      "n":{"type":"integer","minimum":0},"t":{"type":"string","format":"date-time"},
      "m":{"type":"object","additionalProperties":{"type":"boolean"}}}}})");
  SchemaCheck check(document);
  const object schema{{"$ref", "#/s"}};
  EXPECT_TRUE(check(schema, boost::json::parse(R"({"n":1,"t":"2026-11-03T00:00:00Z","m":{"a":true}})")).empty());
  EXPECT_EQ(check(schema, boost::json::parse(R"({"n":-1,"t":"today","m":{"a":1},"x":0})")).size(), 4U);
  EXPECT_EQ(check(schema, boost::json::parse("{}")).size(), 1U);
  EXPECT_EQ(check(schema, boost::json::parse("[]")).size(), 1U);
}

}  // namespace
}  // namespace tuanyuan::http::test
