#include <gtest/gtest.h>

#include <string>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

constexpr pages::File desk_files[] = {
    {"index.html", "text/html; charset=utf-8", "v1", false, "<html>", "GZ-INDEX"},
    {"assets/main-1.js", "text/javascript; charset=utf-8", "v2", true, "main()", "GZ-MAIN"},
};

std::string field(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.fields) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

class PageCalls : public ApiTest {
 protected:
  PageCalls() : ApiTest(desk_files) {}

  Response page(std::string target) {
    Request request = get("", std::nullopt);  // a certificate is what the calls ask for, not the page
    request.target = std::move(target);
    return ask(std::move(request));
  }
};

TEST_F(PageCalls, TheDeskStandsBelowItsFolderForEverybody) {
  const Response index = page("/desk/");
  EXPECT_EQ(index.status, 200);
  EXPECT_EQ(index.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(index.body, "<html>");
  EXPECT_EQ(field(index, "Cache-Control"), "no-cache");
  EXPECT_EQ(field(index, "ETag"), "\"v1\"");
  EXPECT_NE(field(index, "Content-Security-Policy").find("script-src 'self'"), std::string::npos);
  EXPECT_EQ(field(index, "Content-Security-Policy").find("unsafe"), std::string::npos);
  EXPECT_EQ(page("/desk/assets/main-1.js").body, "main()");
  EXPECT_EQ(page("/desk/assets/other.js").status, 401);
}

TEST_F(PageCalls, TheBareAddressLeadsToTheDesk) {
  for (const char* address : {"/", "/desk"}) {
    const Response response = page(address);
    EXPECT_EQ(response.status, 302) << address;
    EXPECT_EQ(field(response, "Location"), "/desk/") << address;
  }
}

TEST_F(PageCalls, WhoTakesGzipGetsIt) {
  Request request = get("", std::nullopt);
  request.target = "/desk/assets/main-1.js";
  request.accept_encoding = "gzip, deflate, br";
  const Response response = ask(request);
  EXPECT_EQ(response.body, "GZ-MAIN");
  EXPECT_EQ(field(response, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(response, "Cache-Control"), "private, max-age=31536000, immutable");
  request.accept_encoding = "gzip;q=0";
  EXPECT_EQ(ask(request).body, "main()");
}

TEST_F(PageCalls, WhatABrowserHasIsNotSentAgain) {
  Request request = get("", std::nullopt);
  request.target = "/desk/";
  request.if_none_match = "\"v1-gzip\"";
  const Response response = ask(request);
  EXPECT_EQ(response.status, 304);
  EXPECT_TRUE(response.body.empty());
  request.if_none_match = "\"v0\"";
  EXPECT_EQ(ask(request).status, 200);
}

TEST_F(PageCalls, FilesAreReadAlone) {
  Request request = post("", "{}");
  request.target = "/desk/";
  EXPECT_EQ(ask(request).status, 405);
}

TEST_F(PageCalls, APageFromElsewhereChangesNothing) {
  Request request = post("/alerts/" + alert_id + ":retract", R"({"reason":"误发"})");
  request.host = "desk.example:8443";
  request.origin = "https://elsewhere.example";
  EXPECT_EQ(ask(request).status, 403);
  request.origin = "null";
  EXPECT_EQ(ask(request).status, 403);
  request.origin = "http://desk.example:8443";
  EXPECT_EQ(ask(request).status, 403);
  request.origin = "https://desk.example:8443";
  EXPECT_EQ(ask(request).status, 200);
  request.origin = std::nullopt;
  EXPECT_EQ(ask(request).status, 200);
}

TEST_F(PageCalls, ReadingIsForAnyPageThatMay) {
  Request request = get("/alerts/" + alert_id);
  request.host = "desk.example:8443";
  request.origin = "https://elsewhere.example";  // browsers keep the answer from it: there is no CORS here
  EXPECT_EQ(ask(request).status, 200);
}

}  // namespace
}  // namespace tuanyuan::http::test
