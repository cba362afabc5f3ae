#include "core/recipient_validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/identifiers.hpp"
#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Recipient sample_recipient() {
  Recipient recipient;
  recipient.id = RecipientId("shenyang-north-station");
  recipient.name = "沈阳北站";
  recipient.category = Category::railway_station;
  recipient.division = Division{210103};
  recipient.position = Position{41.8168, 123.4345};
  return recipient;
}

std::vector<std::string> refused_paths(const std::function<void(Recipient&)>& change) {
  Recipient recipient = sample_recipient();
  change(recipient);
  const Result<void> result = validate(recipient);
  std::vector<std::string> paths;
  if (result.has_error()) {
    for (const FieldError& field : result.error().fields) {
      paths.push_back(field.path);
    }
  }
  return paths;
}

struct Row {
  const char* rule;
  std::function<void(Recipient&)> change;
  std::vector<std::string> paths;
};

void expect(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(refused_paths(row.change), row.paths) << row.rule;
  }
}

TEST(Recipient, PlainThenAccepted) {
  EXPECT_TRUE(validate(sample_recipient()).has_value());
}

TEST(Recipient, EverythingGivenThenAccepted) {
  EXPECT_THAT(refused_paths([](Recipient& recipient) {
                recipient.coverage = {DivisionPrefix{"21"}};
                recipient.via = RecipientId("hub_1");
                recipient.unit = RecipientId("railway-bureau");
                recipient.hours = "Mo-Su 05:00-24:00";
                recipient.liaison = {"值班主任", "024-22720110转8"};
                recipient.languages = {"zh-CN", "en"};
                recipient.endpoints = {{ChannelKind::mqtt, "", ""},
                                       {ChannelKind::webhook, "https://example.cn/alerts", "whsec_abc"},
                                       {ChannelKind::sms, "13800138000", ""},
                                       {ChannelKind::web_push, "{\"endpoint\":\"https://push\"}", ""}};
              }),
              IsEmpty());
}

TEST(Recipient, EmptyThenEverythingRequiredIsNamedAtOnce) {
  EXPECT_THAT(refused_paths([](Recipient& recipient) { recipient = Recipient{}; }),
              ElementsAre("id", "name", "division", "coverage"));
}

TEST(RecipientNames, EachRuleThenItsPath) {
  expect({
      {"id as long as may be", [](auto& r) { r.id = RecipientId(std::string(64, 'a')); }, {}},
      {"id too long", [](auto& r) { r.id = RecipientId(std::string(65, 'a')); }, {"id"}},
      {"id with a slash", [](auto& r) { r.id = RecipientId("a/b"); }, {"id"}},
      {"id with a wildcard", [](auto& r) { r.id = RecipientId("+"); }, {"id"}},
      {"id in Chinese", [](auto& r) { r.id = RecipientId("沈阳"); }, {"id"}},
      {"name blank", [](auto& r) { r.name = "  "; }, {"name"}},
      {"name too long", [](auto& r) { r.name = std::string(recipient_name_chars_max + 1, 'n'); }, {"name"}},
      {"name of two lines", [](auto& r) { r.name = "a\nb"; }, {"name"}},
      {"via itself", [](auto& r) { r.via = r.id; }, {"via"}},
      {"via ill-formed", [](auto& r) { r.via = RecipientId("a b"); }, {"via"}},
      {"unit ill-formed", [](auto& r) { r.unit = RecipientId("a#b"); }, {"unit"}},
  });
}

TEST(RecipientPlace, EachRuleThenItsPath) {
  expect({
      {"coverage alone",
       [](auto& r) {
         r.position.reset();
         r.coverage = {DivisionPrefix{""}};
       },
       {}},
      {"neither", [](auto& r) { r.position.reset(); }, {"coverage"}},
      {"empty form",
       [](auto& r) {
         r.position = Position{0, 0};
       },
       {"latitude"}},
      {"latitude out of range",
       [](auto& r) {
         r.position = Position{91, 0};
       },
       {"latitude"}},
      {"longitude no number",
       [](auto& r) {
         r.position = Position{41, NAN};
       },
       {"longitude"}},
      {"no division", [](auto& r) { r.division = {}; }, {"division"}},
      {"coverage too long",
       [](auto& r) { r.coverage.assign(coverage_entries_max + 1, DivisionPrefix{"21"}); },
       {"coverage"}},
  });
}

TEST(RecipientContact, EachRuleThenItsPath) {
  expect({
      {"hours not understood", [](auto& r) { r.hours = "PH off"; }, {"hours"}},
      {"hours too long", [](auto& r) { r.hours = std::string(hours_chars_max + 1, ' ') + "off"; }, {"hours"}},
      {"hours of bytes", [](auto& r) { r.hours = "\xFF"; }, {"hours"}},
      {"post too long",
       [](auto& r) { r.liaison.post = std::string(short_text_chars_max + 1, 'p'); },
       {"liaison.post"}},
      {"no telephone", [](auto& r) { r.liaison.telephone = "ask"; }, {"liaison.telephone"}},
      {"language no tag",
       [](auto& r) {
         r.languages = {"zh-CN", "中文"};
       },
       {"languages[1]"}},
      {"many languages", [](auto& r) { r.languages.assign(recipient_languages_max + 1, "en"); }, {"languages"}},
  });
}

TEST(RecipientEndpoints, EachRuleThenItsPath) {
  const auto endpoint = [](ChannelKind channel, const char* address, const char* secret = "") {
    return [=](Recipient& recipient) {
      recipient.endpoints = {{ChannelKind::mqtt, "", ""}, {channel, address, secret}};
    };
  };
  const std::vector<std::string> refused{"endpoints[1].address"};
  expect({
      {"mqtt with an address", endpoint(ChannelKind::mqtt, "tcp://x"), refused},
      {"webhook without", endpoint(ChannelKind::webhook, ""), refused},
      {"webhook of another scheme", endpoint(ChannelKind::webhook, "ftp://x/y"), refused},
      {"webhook with no host", endpoint(ChannelKind::webhook, "https://"), refused},
      {"webhook on loopback", endpoint(ChannelKind::webhook, "http://127.0.0.1:9/x"), {}},
      {"sms to a word", endpoint(ChannelKind::sms, "mother"), refused},
      {"voice", endpoint(ChannelKind::voice, "+86 24 2272 0110"), {}},
      {"token missing", endpoint(ChannelKind::jpush, " "), refused},
      {"token with a control character", endpoint(ChannelKind::apns, "a\x01"), refused},
      {"token", endpoint(ChannelKind::apns, "0a1b2c"), {}},
      {"topic", endpoint(ChannelKind::fcm, "topic:div-210102"), {}},
      {"condition of a gateway that has none", endpoint(ChannelKind::jpush, "condition:'a' in topics"), refused},
      {"topic with a space", endpoint(ChannelKind::hms, "topic:a b"), refused},
      {"secret of bytes", endpoint(ChannelKind::apns, "0a1b2c", "\xFE"), {"endpoints[1].secret"}},
      {"too many", [](auto& r) { r.endpoints.resize(endpoints_max + 1); }, {"endpoints"}},
  });
}

TEST(Identifiers, ShapesThenTakenOrNot) {
  EXPECT_TRUE(is_uuid("0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2a"));
  EXPECT_TRUE(is_uuid("0190F5D8-7A3C-7C3E-9B1A-2F6D5E4C3B2A"));
  for (const char* text : {"", "0190f5d87a3c7c3e9b1a2f6d5e4c3b2a", "0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2",
                           "0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2aa", "0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2g",
                           "{190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2a}", "0190f5d8a7a3c-7c3e-9b1a-2f6d5e4c3b2a"}) {
    EXPECT_FALSE(is_uuid(text)) << text;
  }
  EXPECT_TRUE(is_recipient_id("A-z_09"));
  for (const char* text : {"", "a b", "a.b", "a/b", "a+b", "#", "é"}) {
    EXPECT_FALSE(is_recipient_id(text)) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::core
