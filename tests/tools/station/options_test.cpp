#include "tools/station/options.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tools/station/crews.hpp"

namespace tuanyuan::station {
namespace {

struct Outcome {
  ParsedOptions parsed;
  std::string said;
};
Outcome run(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "tuanyuan-station");
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  Outcome done;
  done.parsed = parse_options(static_cast<int>(arguments.size()), arguments.data(), "1");
  done.said = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
  return done;
}

ParsedOptions parse(const std::vector<const char*>& arguments) {
  return run(arguments).parsed;
}

TEST(StationOptions, OneStationThenRead) {
  const auto parsed =
      parse({"--broker", "mqtts://broker:1234", "--ca", "ca", "--certificate", "c", "--key", "k", "--recipient",
             "s1", "--division", "210102", "--latitude", "41.7", "--longitude", "123.4", "--coverage", "21,22"});
  ASSERT_FALSE(parsed.exit_code);
  EXPECT_EQ(parsed.options.broker_host, "broker");
  EXPECT_EQ(parsed.options.broker_port, "1234");
  const auto crews = make_crews(parsed.options);
  ASSERT_EQ(crews.size(), 1U);
  const Member& self = crews[0].plan.self;
  EXPECT_EQ(self.id.value, "s1");
  EXPECT_EQ(self.audience, core::Audience::partner);
  EXPECT_EQ(self.division, core::Division{210102});
  EXPECT_EQ(self.place, (core::Position{41.7, 123.4}));
  EXPECT_EQ(self.coverage.size(), 2U);
  EXPECT_FALSE(crews[0].temper.confirm_after) << "no program confirms unasked, except in simulation";
}

TEST(StationOptions, BrokerThenHostAndPort) {
  const struct {
    const char* url;
    const char* host;
    const char* port;
  } rows[] = {
      {"mqtts://b", "b", "8883"}, {"mqtts://127.0.0.1:1", "127.0.0.1", "1"}, {"mqtts://[::1]:2", "::1", "2"}};
  for (const auto& row : rows) {
    const auto parsed = parse({"--broker", row.url, "--ca", "ca", "--certificate", "c", "--key", "k",
                               "--recipient", "s", "--division", "210102"});
    ASSERT_FALSE(parsed.exit_code) << row.url;
    EXPECT_EQ(parsed.options.broker_host, row.host);
    EXPECT_EQ(parsed.options.broker_port, row.port);
  }
}

TEST(StationOptions, PictureThenItsSizeAndFile) {
  const auto parsed =
      parse({"--broker", "mqtts://b", "--ca", "ca", "--certificate", "c", "--key", "k", "--recipient", "s",
             "--division", "210102", "--render", "1080x1920", "f.png", "--language", "en,zh-CN"});
  ASSERT_FALSE(parsed.exit_code);
  EXPECT_EQ(parsed.options.render, (std::vector<std::string>{"1080x1920", "f.png"}));
  EXPECT_EQ(parsed.options.languages, (std::vector<std::string>{"en", "zh-CN"}));
}

/// Without the line breaks and indents of a help.
std::string on_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) {
    line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

TEST(StationOptions, PictureOfNoSuchSizeThenSaidWhichThereAreAsInTheHelp) {
  const std::string rule = "WIDTHxHEIGHT in pixels, 160 to 7680 each";
  for (const char* size : {"128x64", "1920x159", "7681x1080", "1920"}) {
    const Outcome refused = run({"--broker", "mqtts://b", "--ca", "ca", "--certificate", "c", "--key", "k",
                                 "--recipient", "s", "--division", "210102", "--render", size, "f.png"});
    EXPECT_EQ(refused.parsed.exit_code, exit_wrong_usage) << size;
    EXPECT_NE(refused.said.find(rule), std::string::npos) << refused.said;
  }
  EXPECT_NE(on_one_line(run({"--help"}).said).find(rule), std::string::npos);
}

TEST(StationOptions, WrongUsageThenExit2) {
  const std::vector<std::vector<const char*>> wrong = {
      {},
      {"--broker", "mqtts://b"},
      {"--broker", "mqtt://b", "--ca", "ca", "--simulate", "--recipients", "f", "--credentials", "d"},
      {"--broker", "mqtts://b:x", "--ca", "ca", "--simulate", "--recipients", "f", "--credentials", "d"},
      {"--broker", "mqtts://b", "--ca", "ca"},
      {"--broker", "mqtts://b", "--ca", "ca", "--simulate", "--recipients", "f"},
      {"--broker", "mqtts://b", "--ca", "ca", "--simulate", "--recipients", "f", "--credentials", "d", "--slow",
       "101"},
      {"--broker", "mqtts://b", "--ca", "ca", "--simulate", "--recipients", "f", "--credentials", "d", "--exec",
       "x"},
      {"--broker", "mqtts://b", "--ca", "ca", "--recipient", "s", "--certificate", "c", "--key", "k"},
      {"--broker", "mqtts://b", "--ca", "ca", "--recipient", "s", "--certificate", "c", "--key", "k", "--division",
       "210102", "--latitude", "41"},
      {"--broker", "mqtts://b", "--ca", "ca", "--recipient", "s", "--certificate", "c", "--key", "k", "--division",
       "210102", "--render", "1920x1080"},
      {"--broker", "mqtts://b", "--ca", "ca", "--recipient", "s", "--certificate", "c", "--key", "k", "--division",
       "210102", "--render", "1920", "f.png"},
      {"--broker", "mqtts://b", "--ca", "ca", "--recipient", "s", "--certificate", "c", "--key", "k", "--division",
       "210102", "--render", "1920x1080", "f.png", "--exec", "x"},
      {"--broker", "mqtts://b", "--ca", "ca", "--simulate", "--recipients", "f", "--credentials", "d", "--render",
       "1920x1080", "f.png"},
      {"--unknown"},
  };
  for (const auto& arguments : wrong) {
    EXPECT_EQ(parse(arguments).exit_code, exit_wrong_usage);
  }
  EXPECT_EQ(parse({"--version"}).exit_code, exit_done);
}

TEST(StationOptions, RecipientNotWellFormedThenSaid) {
  Options options;
  options.recipient = "s";
  options.division = "21";
  EXPECT_THROW(make_crews(options), std::runtime_error);
  options.division = "210102";
  options.audience = "children";
  EXPECT_THROW(make_crews(options), std::runtime_error);
  options.audience = "police";
  EXPECT_NO_THROW(make_crews(options));
  options.recipients_file = "/nowhere";
  EXPECT_THROW(make_crews(options), std::runtime_error);
}

TEST(Simulation, SameSeedThenSameTempersAndAboutThePercentageAskedFor) {
  Options options;
  options.silent_percent = 10;
  options.slow_percent = 50;
  options.flapping_percent = 20;
  int silent = 0;
  int slow = 0;
  int flapping = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string id = "s" + std::to_string(i);
    const Temper temper = draw_temper(options, id);
    EXPECT_EQ(temper.silent, draw_temper(options, id).silent);
    EXPECT_EQ(temper.confirm_after, draw_temper(options, id).confirm_after);
    EXPECT_LE(*temper.confirm_after, Steady(options.confirm_ms_max));
    silent += temper.silent ? 1 : 0;
    slow += temper.delay > Steady{0} ? 1 : 0;
    flapping += draw_flapping(options, id) ? 1 : 0;
  }
  EXPECT_NEAR(silent, 200, 60);
  EXPECT_NEAR(slow, 1'000, 120);
  EXPECT_NEAR(flapping, 400, 80);
}

TEST(StationOptions, ScreenThenItsAddressIsNamed) {
  const auto with = [](std::vector<const char*> more) {
    std::vector<const char*> all{"--broker",   "mqtts://b", "--ca",   "ca",          "--certificate",
                                 "c",          "--key",     "k",      "--recipient", "s1",
                                 "--division", "210102",    "--name", "沈阳站"};
    all.insert(all.end(), more.begin(), more.end());
    return parse(all);
  };
  const auto good = with({"--screen", "127.0.0.1:8480", "--screen-name", "a,b", "--public-copy", "https://p/"});
  ASSERT_FALSE(good.exit_code);
  EXPECT_EQ(good.options.screen_address, "127.0.0.1");
  EXPECT_EQ(good.options.screen_port, 8480);
  EXPECT_EQ(good.options.screen_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(make_crews(good.options).front().plan.self.name, "沈阳站");
  EXPECT_EQ(with({"--screen", "localhost:1"}).options.screen_address, "127.0.0.1");
  EXPECT_EQ(with({"--screen", "[::]:65535"}).options.screen_address, "::");
  for (const char* wrong :
       {"127.0.0.1", ":1", "somewhere:1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1"}) {
    EXPECT_TRUE(with({"--screen", wrong}).exit_code) << wrong;
  }
  EXPECT_TRUE(with({"--screen", "127.0.0.1:1", "--exec", "true"}).exit_code);
  EXPECT_FALSE(with({"--screen", "127.0.0.1:1", "--render", "1920x1080", "f.png"}).exit_code) << "one display";
  EXPECT_TRUE(with({"--screen", "127.0.0.1:1", "--public-copy", std::string(300, 'a').c_str()}).exit_code);
}

TEST(StationOptions, WhatIsSaidOfADisplayThatThereIsNoneOfThenRefusedByItsName) {
  const auto with = [](std::vector<const char*> more) {
    std::vector<const char*> all{"--broker", "mqtts://b", "--ca",        "ca", "--certificate", "c",
                                 "--key",    "k",         "--recipient", "s1", "--division",    "210102"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  const struct {
    std::vector<const char*> arguments;
    const char* says;
  } rows[] = {
      {{"--public-copy", "https://p/"}, "--public-copy needs --screen or --render"},
      {{"--public-copy", "https://p/", "--exec", "true"}, "--public-copy needs --screen or --render"},
      {{"--screen", "[::1]:1", "--public-copy-of-exercises"}, "--public-copy-of-exercises needs --public-copy"},
      {{"--render", "1920x1080", "f.png", "--screen-name", "a"}, "--screen-name needs --screen"},
      {{"--screen", "[::1]:1", "--language", "en"}, "--language needs --render"},
  };
  for (const auto& row : rows) {
    const Outcome refused = with(row.arguments);
    EXPECT_EQ(refused.parsed.exit_code, exit_wrong_usage) << row.says;
    EXPECT_NE(refused.said.find(row.says), std::string::npos) << refused.said;
  }
  EXPECT_FALSE(with({"--render", "1920x1080", "f.png", "--public-copy", "https://p/"}).parsed.exit_code);
  const Outcome many = run({"--broker", "mqtts://b", "--ca", "ca", "--simulate", "--recipients", "f",
                            "--credentials", "d", "--public-copy", "https://p/"});
  EXPECT_EQ(many.parsed.exit_code, exit_wrong_usage);
  EXPECT_NE(many.said.find("--public-copy"), std::string::npos) << many.said;
}

}  // namespace
}  // namespace tuanyuan::station
