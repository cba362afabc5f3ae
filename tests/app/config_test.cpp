#include "app/config.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/notice_texts.hpp"

namespace tuanyuan::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string config_folder = std::string(TUANYUAN_SOURCE_DIR) + "/config/";

std::vector<std::string> paths(const std::vector<ConfigError>& errors) {
  std::vector<std::string> named;
  for (const ConfigError& error : errors) {
    named.push_back(error.path);
  }
  return named;
}

TEST(Config, EmptyMeansTheDefaults) {
  const LoadedConfig loaded = parse_config("");
  EXPECT_THAT(loaded.errors, IsEmpty());
  EXPECT_EQ(loaded.config.api.listen.port, 8443);
  EXPECT_EQ(loaded.config.operations.port, 9464);
}

TEST(Config, ExampleIsGoodAndHoldsTheDefaults) {
  const LoadedConfig example = load_config(config_folder + "tuanyuan.example.toml");
  const Config plain;
  EXPECT_THAT(paths(example.errors), IsEmpty());
  EXPECT_EQ(example.config.api.listen.port, plain.api.listen.port);
  EXPECT_EQ(example.config.broker.prefix, plain.broker.prefix);
  EXPECT_EQ(example.config.alerts.rings, plain.alerts.rings);
  EXPECT_EQ(example.config.alerts.display, plain.alerts.display);
  EXPECT_EQ(example.config.alerts.recall_retention, plain.alerts.recall_retention);
  EXPECT_EQ(example.config.alerts.chase, plain.alerts.chase);
  EXPECT_EQ(example.config.alerts.chase_grace, plain.alerts.chase_grace);
  EXPECT_EQ(example.config.release.lookout, plain.release.lookout);
  EXPECT_EQ(example.config.release.audiences, plain.release.audiences);
  EXPECT_EQ(example.config.release.policy.mode, plain.release.policy.mode);
  EXPECT_EQ(example.config.release.policy.break_glass_after, plain.release.policy.break_glass_after);
  EXPECT_EQ(example.config.canary.interval, plain.canary.interval);
  EXPECT_EQ(example.config.gateways.allowed_addresses, plain.gateways.allowed_addresses);
  for (const auto& [kind, gateway] : plain.gateways.each) {
    const GatewayConfig& shown = example.config.gateways.of(kind);
    EXPECT_EQ(shown.enabled, gateway.enabled) << core::to_string(kind);
    EXPECT_EQ(shown.in_flight, gateway.in_flight) << core::to_string(kind);
    EXPECT_EQ(shown.deadline, gateway.deadline) << core::to_string(kind);
    EXPECT_EQ(shown.sends_per_minute, gateway.sends_per_minute) << core::to_string(kind);
    EXPECT_EQ(shown.lane.sends, gateway.lane.sends) << core::to_string(kind);
    EXPECT_EQ(shown.base, gateway.base) << core::to_string(kind);
    EXPECT_EQ(shown.texts, gateway.texts) << core::to_string(kind);
    for (const auto& [key, number] : gateway.numbers) {
      EXPECT_EQ(shown.number(key), number.value) << core::to_string(kind) << key;
    }
  }
  EXPECT_EQ(example.config.picture.font, plain.picture.font);
  EXPECT_EQ(example.config.signing_keys.size(), 2U);
}

/// What stands in the example from a section's name to the next one.
std::string section_of(const std::string& text, const std::string& name) {
  const std::size_t begin = text.find("\n[" + name + "]\n");
  return begin == std::string::npos ? "" : text.substr(begin, text.find("\n[", begin + 1) - begin);
}

TEST(Config, ExampleShowsEveryKeyOfEveryGateway) {
  std::ifstream file(config_folder + "tuanyuan.example.toml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(Config().gateways.each.size() + 1, core::channel_count) << "all but MQTT";
  for (const auto& [kind, gateway] : Config().gateways.each) {
    std::vector<std::string> keys = {"enabled", "in_flight", "deadline_seconds", "sends_per_minute"};
    if (gateway.lane.sends != 0) {
      keys.emplace_back("lane_sends_per_minute");
    }
    if (!gateway.base.empty()) {
      keys.emplace_back("base");
    }
    for (const auto* named : {&gateway.texts, &gateway.secrets}) {
      std::transform(named->begin(), named->end(), std::back_inserter(keys),
                     [](const auto& each) { return each.first; });
    }
    for (const auto& [key, number] : gateway.numbers) {
      keys.push_back(key);
    }
    const std::string section = section_of(text, "gateways." + std::string(core::to_string(kind)));
    for (const std::string& key : keys) {
      EXPECT_THAT(section, HasSubstr("\n" + key + " = ")) << core::to_string(kind);
    }
  }
}

TEST(Config, WhatIsWrongIsNamedByItsPathAllAtOnce) {
  const LoadedConfig loaded = parse_config(R"(
    hot = 1
    [api]
    port = "8443"
    cipher = "none"
    [release]
    audiences = ["POLICE", "EVERYBODY"]
    mode = "nobody"
    [canary]
    interval_seconds = 0
    [log]
    level = "loud"
    [signing]
    keys = [{ key = "a", certificat = "b" }]
  )");
  EXPECT_THAT(paths(loaded.errors), ::testing::UnorderedElementsAre(
                                        "hot", "api.port", "api.cipher", "release.audiences[1]", "release.mode",
                                        "canary.interval_seconds", "log.level", "signing.keys[0].certificat"));
}

TEST(Config, SyntaxErrorIsNamedByItsLine) {
  EXPECT_THAT(paths(parse_config("[api\nport = 1").errors), ElementsAre("line 1"));
}

TEST(Config, RingsHaveToGrow) {
  EXPECT_THAT(paths(parse_config("[alerts]\nrings = [{until_hours=2, radius_km=200}, {radius_km=100}]").errors),
              ElementsAre("alerts.rings"));
  const LoadedConfig good = parse_config("[alerts]\nrings = [{until_hours=2, radius_km=50}, {radius_km=80.5}]");
  EXPECT_THAT(good.errors, IsEmpty());
  EXPECT_EQ(good.config.alerts.rings.stages.size(), 2U);
}

TEST(Config, DeadlinesAreByAudienceAndCategory) {
  const LoadedConfig loaded = parse_config(R"(
    [[alerts.chase.deadlines]]
    confirmed_seconds = 900
    [[alerts.chase.deadlines]]
    audiences = ["PARTNER", "PUBLIC"]
    categories = ["school", "mall"]
    confirmed_seconds = 2700
    [[alerts.chase.deadlines]]
    audiences = ["POLICE"]
    received_seconds = 30
  )");
  EXPECT_THAT(loaded.errors, IsEmpty());
  using core::Audience;
  using core::Category;
  const core::ChasePolicy& chase = loaded.config.alerts.chase;
  EXPECT_EQ(chase.of(Audience::partner, Category::school).confirmed, std::chrono::seconds(2'700));
  EXPECT_EQ(chase.of(Audience::public_, Category::mall).confirmed, std::chrono::seconds(2'700));
  EXPECT_EQ(chase.of(Audience::police, Category::school).confirmed, std::chrono::seconds(900));
  EXPECT_EQ(chase.of(Audience::partner, Category::airport).confirmed, std::chrono::seconds(900));
  EXPECT_EQ(chase.of(Audience::police, Category::airport).received, std::chrono::seconds(30));
  EXPECT_EQ(chase.of(Audience::partner, Category::airport).received,
            core::ChasePolicy().of(Audience::partner, Category::airport).received);
  EXPECT_THAT(
      paths(parse_config("[[alerts.chase.deadlines]]\naudiences = [\"POLICE\", \"NOBODY\"]\nreceived_seconds = 0")
                .errors),
      ::testing::UnorderedElementsAre("alerts.chase.deadlines[0].audiences[1]",
                                      "alerts.chase.deadlines[0].received_seconds"));
}

TEST(Config, GatewaysGoWhereTheConfigurationSays) {
  const LoadedConfig loaded = parse_config(R"(
    [gateways]
    allowed_addresses = ["10.20.0.0/16", "::1"]
    [gateways.webhook]
    sends_per_minute = 600
  )");
  EXPECT_THAT(paths(loaded.errors), IsEmpty());
  EXPECT_EQ(loaded.config.gateways.allowed_addresses.size(), 2U);
  EXPECT_EQ(loaded.config.gateways.of(core::ChannelKind::webhook).sends_per_minute, 600U);
  EXPECT_THAT(
      paths(parse_config("[gateways]\nallowed_addresses = [\"10.0.0.1/8\"]\n[gateways.webhook]\nin_flight = 0")
                .errors),
      ::testing::UnorderedElementsAre("gateways.allowed_addresses[0]", "gateways.webhook.in_flight"));
}

TEST(Config, WhatAGatewayHasToChooseFromThenNothingElse) {
  const auto wrong = [](const std::string& section) {
    std::vector<std::string> found;
    for (const ConfigError& error : check_gateways(parse_config(section).config.gateways)) {
      found.push_back(error.path + ": " + error.message);
    }
    return found;
  };
  for (const char* format : {"plain", "cloudevents", "cloudevents-binary"}) {
    EXPECT_THAT(wrong("[gateways.webhook]\nformat = \"" + std::string(format) + "\""), IsEmpty()) << format;
  }
  EXPECT_THAT(wrong("[gateways.webhook]\nformat = \"xml\""),
              ElementsAre("gateways.webhook.format: must be one of plain, cloudevents, cloudevents-binary"));
  EXPECT_THAT(wrong("[gateways.webhook]\nenabled = false\nformat = \"xml\""), IsEmpty());
  EXPECT_THAT(wrong("[gateways.apns]\nenabled = true\nkey = \"/dev/null\"\nkey_id = \"k\"\nteam_id = \"t\"\n"
                    "topic = \"c\"\ninterruption = \"loud\""),
              ElementsAre("gateways.apns.interruption: must be one of time-sensitive, critical"));
}

TEST(Config, ARecallIsKeptForAsLongAsANoticeIsShown) {
  EXPECT_THAT(paths(parse_config("[alerts]\ndisplay_hours = 24\nrecall_retention_hours = 23").errors),
              ElementsAre("alerts.recall_retention_hours"));
  EXPECT_THAT(paths(parse_config("[alerts]\ndisplay_hours = 24\nrecall_retention_hours = 24").errors), IsEmpty());
}

const std::string good_exercise = R"(
  [[exercises]]
  name = "monthly"
  approved_by = "210100000000/000201"
  division = "210102"
  contact_phone = "110"
)";

TEST(Config, ExerciseIsPlanned) {
  const LoadedConfig loaded = parse_config(good_exercise + R"(
    day_of_month = 15
    at = "09:30"
    radius_km = 50
    audiences = ["PARTNER"]
    lasts_minutes = 20
    begin_within_minutes = 90
  )");
  EXPECT_THAT(paths(loaded.errors), IsEmpty());
  ASSERT_EQ(loaded.config.exercises.size(), 1U);
  const core::ExercisePlan& plan = loaded.config.exercises[0].plan;
  EXPECT_EQ(plan.name, "monthly");
  EXPECT_EQ(plan.approved_by, (core::Actor{"210100000000", "000201"}));
  EXPECT_EQ(plan.schedule.day_of_month, 15U);
  EXPECT_EQ(plan.schedule.at, std::chrono::minutes(9 * 60 + 30));
  EXPECT_EQ(plan.radius_km, 50);
  EXPECT_EQ(plan.audiences, (core::AudienceSet{core::Audience::police, core::Audience::partner}));
  EXPECT_EQ(plan.lasts, std::chrono::minutes(20));
  EXPECT_EQ(plan.begin_within, std::chrono::minutes(90));
  EXPECT_TRUE(core::is_valid(loaded.config.alerts.rings));
}

TEST(Config, WhatIsWrongWithAnExerciseIsNamed) {
  struct {
    const char* line;
    std::vector<std::string> wrong;
  } const rows[] = {
      {"every_days = 7\nday_of_month = 1", {"exercises[0].day_of_month"}},
      {"day_of_month = 31", {"exercises[0].day_of_month"}},
      {"at = \"9:30\"", {"exercises[0].at"}},
      {"at = \"24:00\"", {"exercises[0].at"}},
      {"at = \"-1:30\"", {"exercises[0].at"}},
      {"from = \"2026-02-30\"", {"exercises[0].from"}},
      {"latitude = 41.8", {"exercises[0].longitude"}},
      {"everybody = true\nradius_km = 5", {"exercises[0].radius_km"}},
      {"audiences = [\"PUBLIC\"]", {"exercises[0].audiences"}},
      {"lasts_minutes = 0", {"exercises[0].lasts_minutes"}},
      {"begin_within_minutes = 2000", {"exercises[0].begin_within_minutes"}},
      {"every_day = 7", {"exercises[0].every_day"}},
      {"photo = \"\"", {}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(paths(parse_config(good_exercise + row.line).errors), row.wrong) << row.line;
  }
  EXPECT_THAT(paths(parse_config("[[exercises]]").errors),
              ::testing::UnorderedElementsAre("exercises[0].name", "exercises[0].approved_by",
                                              "exercises[0].division", "exercises[0].contact_phone"));
  EXPECT_THAT(paths(parse_config(good_exercise + good_exercise).errors), ElementsAre("exercises[1].name"));
  const std::string open = "[release]\nexercises_reach_public = true\n";
  EXPECT_THAT(parse_config(open + good_exercise + "audiences = [\"PUBLIC\"]").errors, IsEmpty());
}

TEST(Config, FilesThatAreNamedHaveToBeThere) {
  Config config;
  config.api.certificate = "/nonexistent/api.crt";
  const std::vector<std::string> wrong = paths(check_files(config));
  EXPECT_THAT(wrong, ::testing::IsSupersetOf({"api.certificate", "api.key", "vault.master_key", "signing.keys"}));
}

TEST(NoticeTexts, FileIsWhatIsCompiledIn) {
  const LoadedTexts loaded = load_notice_texts(config_folder + "notice-texts.toml");
  EXPECT_THAT(paths(loaded.errors), IsEmpty());
  EXPECT_EQ(loaded.texts, core::default_templates());
}

TEST(NoticeTexts, UnknownFactIsRefused) {
  const LoadedTexts loaded = parse_notice_texts("[[languages]]\nlanguage = \"zh-CN\"\ncolour = 1\n");
  EXPECT_FALSE(loaded.errors.empty());
}

}  // namespace
}  // namespace tuanyuan::app
