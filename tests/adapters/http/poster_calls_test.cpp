#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

using ports::PosterFormat;

class PosterCalls : public ApiTest {
 protected:
  static Request ask_for(const std::string& query, std::optional<std::string> accept = std::nullopt,
                         Identity who = recipient()) {
    Request request = get("/alerts/" + alert_id + "/poster" + query, std::move(who));
    request.accept = std::move(accept);
    return request;
  }

  static std::string field(const Response& response, std::string_view name) {
    const auto found = std::find_if(response.fields.begin(), response.fields.end(),
                                    [&](const auto& each) { return each.first == name; });
    return found == response.fields.end() ? std::string() : found->second;
  }
};

TEST_F(PosterCalls, FormatOrAcceptThenThatKind) {
  const struct {
    const char* query;
    std::optional<std::string> accept;
    PosterFormat format;
    const char* type;
  } rows[] = {
      {"", std::nullopt, PosterFormat::html, "text/html; charset=utf-8"},
      {"", "*/*", PosterFormat::html, "text/html; charset=utf-8"},
      {"", "application/pdf", PosterFormat::pdf, "application/pdf"},
      {"", "text/html;q=0.5, application/pdf", PosterFormat::pdf, "application/pdf"},
      {"", "text/plain", PosterFormat::script, "text/plain; charset=utf-8"},
      {"?format=html", std::nullopt, PosterFormat::html, "text/html; charset=utf-8"},
      {"?format=pdf", "text/html, */*;q=0.1", PosterFormat::pdf, "application/pdf"},
      {"?format=script", std::nullopt, PosterFormat::script, "text/plain; charset=utf-8"},
      {"?format=led", std::nullopt, PosterFormat::led, "text/plain; charset=utf-8"},
      {"?format=led", "application/pdf", PosterFormat::led_pdf, "application/pdf"},
      {"?format=led-pdf", std::nullopt, PosterFormat::led_pdf, "application/pdf"},
  };
  for (const auto& row : rows) {
    const Response response = ask(ask_for(row.query, row.accept));
    EXPECT_EQ(response.status, 200) << row.query << response.body;
    EXPECT_EQ(response.content_type, row.type) << row.query;
    EXPECT_EQ(response.body, "drawn");
    EXPECT_EQ(fakes_.posters.asked.back().format, row.format) << row.query;
  }
}

TEST_F(PosterCalls, PageThenNothingInItRunsOrComesFromElsewhere) {
  const std::string policy = field(ask(ask_for("")), "Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'")) << policy;
  EXPECT_EQ(policy.find("script-src"), std::string::npos) << policy;
  EXPECT_NE(policy.find("img-src data:; font-src data:"), std::string::npos) << policy;
  EXPECT_EQ(field(ask(ask_for("?format=pdf")), "Content-Security-Policy"), "");
}

TEST_F(PosterCalls, WhatIsAskedOfItThenPassedOn) {
  const Response response =
      ask(ask_for("?format=script&audience=PARTNER&language=en&seconds=15", std::nullopt, everything()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(field(response, "Content-Language"), "en");
  EXPECT_EQ(fakes_.posters.asked.back().audience, core::Audience::partner);
  EXPECT_EQ(fakes_.posters.asked.back().seconds, 15U);
  EXPECT_EQ(fakes_.posters.last.unit, unit);
}

TEST_F(PosterCalls, QueryIsWrongThenEveryFieldNamed) {
  const Response response = ask(ask_for("?format=doc&audience=partner&language=x%20y&seconds=16"));
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(paths(response), (std::vector<std::string>{"audience", "language", "seconds", "format"}));
  EXPECT_TRUE(fakes_.posters.asked.empty());
}

TEST_F(PosterCalls, NothingAcceptedThen406ButNoSuchAlertComesFirst) {
  EXPECT_EQ(status(ask_for("", "image/png")), 406);
  EXPECT_EQ(status(ask_for("?format=pdf", "text/html")), 406);
  EXPECT_EQ(status(get("/alerts/" + unknown_id + "/poster?format=doc")), 404);
  EXPECT_EQ(status(get("/alerts/" + unknown_id + "/poster")), 404);
}

TEST_F(PosterCalls, RecalledThenNotFound) {
  fakes_.posters.recalled = true;
  EXPECT_EQ(status(ask_for("?format=pdf")), 404);
}

TEST_F(PosterCalls, NoCertificateThen401) {
  Request request = ask_for("");
  request.identity = std::nullopt;
  EXPECT_EQ(status(request), 401);
}

}  // namespace
}  // namespace tuanyuan::http::test
