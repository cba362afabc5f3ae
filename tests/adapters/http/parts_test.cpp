#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "adapters/http/limits.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/response_head.hpp"
#include "adapters/http/target.hpp"

namespace tuanyuan::http {
namespace {

constexpr std::string_view offers[] = {"application/json", "application/x-protobuf"};

TEST(Media, AcceptThenTheBestOffer) {
  struct Row {
    const char* accept;
    std::optional<std::string_view> chosen;
  };
  const Row rows[] = {
      {"*/*", offers[0]},
      {"application/*", offers[0]},
      {"application/x-protobuf", offers[1]},
      {"APPLICATION/X-PROTOBUF ; q=1", offers[1]},
      {"application/json;q=0.5, application/x-protobuf;q=0.6", offers[1]},
      {"application/json;q=0, */*", offers[1]},
      {"*/*;q=0.1, application/x-protobuf;q=0", offers[0]},
      {"text/html, application/xml", std::nullopt},
      {"application/json;q=0", std::nullopt},
      {"application/json;q=nonsense", std::nullopt},
      {"", offers[0]},
      {" , ,", offers[0]},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(choose(std::string(row.accept), offers), row.chosen) << row.accept;
  }
  EXPECT_EQ(choose(std::nullopt, offers), offers[0]);
}

TEST(Media, ContentTypeThenItsEssence) {
  EXPECT_EQ(essence_of("Application/JSON"), "application/json");
  EXPECT_EQ(essence_of("application/json; charset=UTF-8"), "application/json");
  EXPECT_EQ(essence_of("text/csv;header=present;charset=\"utf-8\""), "text/csv");
  EXPECT_EQ(essence_of("application/json; charset=gb18030"), std::nullopt);
  EXPECT_EQ(essence_of("json"), std::nullopt);
  EXPECT_EQ(essence_of(""), std::nullopt);
}

TEST(Media, AcceptLanguageThenChineseUnlessEnglishIsLikedBetter) {
  EXPECT_EQ(language_of(std::nullopt), Language::zh);
  EXPECT_EQ(language_of("en"), Language::en);
  EXPECT_EQ(language_of("fr"), Language::zh);
  EXPECT_EQ(language_of("en;q=0.5, zh-Hant;q=0.4"), Language::en);
  EXPECT_EQ(language_of("en, zh"), Language::zh);
  EXPECT_EQ(language_of("*"), Language::zh);
}

TEST(Targets, ParsedThenPathAndQuery) {
  const auto target = parse_target("/api/v1/reports/x%3Arelease?page_size=5&q=a%20b+c&empty=&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/reports/x:release");
  EXPECT_EQ(target->parameter("page_size"), "5");
  EXPECT_EQ(target->parameter("q"), "a b c");
  EXPECT_EQ(target->parameter("empty"), "");
  EXPECT_EQ(target->parameter("flag"), "");
  EXPECT_EQ(target->parameter("other"), std::nullopt);
}

TEST(Targets, AbsoluteFormThenItsPath) {
  EXPECT_EQ(parse_target("https://host:8443/api/v1/keys?x=1")->path, "/api/v1/keys");
  EXPECT_EQ(parse_target("http://host")->path, "/");
}

TEST(Targets, EscapedSeparatorsThenStayEscaped) {
  EXPECT_EQ(parse_target("/a%2Fb")->path, "/a%2Fb");
  EXPECT_EQ(parse_target("/a%00b")->path, "/a%00b");
  EXPECT_EQ(parse_target("/%61")->path, "/a");
}

TEST(Targets, NoTargetThenNothing) {
  for (const char* text : {"", "*", "host:443", "api", "/a%", "/a%2", "/a%zz", "/a?b=%f"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
  std::string many = "/?";
  for (std::size_t i = 0; i <= query_parameters_max; ++i) {
    many += "a=1&";
  }
  EXPECT_FALSE(parse_target(many));
}

TEST(Patterns, MatchedThenTheIdInThem) {
  EXPECT_EQ(match("/reports", "/reports"), "");
  EXPECT_EQ(match("/reports/{id}", "/reports/a"), "a");
  EXPECT_EQ(match("/reports/{id}:release", "/reports/a:release"), "a");
  EXPECT_EQ(match("/alerts/{id}/board", "/alerts/a/board"), "a");
  for (const char* path :
       {"/reports", "/reports/", "/reports/a/", "/reports/a:release", "/reports/a/b", "/Reports/a"}) {
    EXPECT_EQ(match("/reports/{id}", path), std::nullopt) << path;
  }
  EXPECT_EQ(match("/reports/{id}", "/reports/" + std::string(1'000, 'a')), std::nullopt);
}

TEST(Heads, WrittenThenWithLengthDateAndNothingStored) {
  Response response;
  response.status = 404;
  response.content_type = "application/problem+json";
  response.body = "{}";
  response.fields.emplace_back("Content-Language", "en");
  Framing framing;
  framing.close = true;
  framing.secure = true;
  framing.now = core::Instant(std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + std::chrono::hours(8) +
                              std::chrono::minutes(49) + std::chrono::seconds(37));
  EXPECT_EQ(head_of(response, framing),
            "HTTP/1.1 404 Not Found\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Server: tuanyuan\r\n"
            "Content-Type: application/problem+json\r\n"
            "Content-Length: 2\r\n"
            "Cache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Strict-Transport-Security: max-age=31536000\r\n"
            "Connection: close\r\n"
            "Content-Language: en\r\n\r\n");
}

TEST(Heads, APieceThenAChunk) {
  EXPECT_EQ(chunk_of(std::string(26, 'x')), "1a\r\n" + std::string(26, 'x') + "\r\n");
  EXPECT_EQ(chunk_of(""), "0\r\n\r\n");
}

}  // namespace
}  // namespace tuanyuan::http
