#include "adapters/mqtt5/topic.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace tuanyuan::mqtt5 {
namespace {

struct MatchRow {
  std::string_view filter;
  std::string_view topic;
  bool matches;
};

TEST(Topic, FilterThenMatchesByTheStandardsExamples) {
  constexpr MatchRow rows[] = {
      {"sport/tennis/player1/#", "sport/tennis/player1", true},
      {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
      {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
      {"sport/#", "sport", true},
      {"sport/#", "sports", false},
      {"#", "a/b", true},
      {"sport/tennis/+", "sport/tennis/player1", true},
      {"sport/tennis/+", "sport/tennis/player1/ranking", false},
      {"sport/+", "sport", false},
      {"sport/+", "sport/", true},
      {"+/+", "/finance", true},
      {"/+", "/finance", true},
      {"+", "/finance", false},
      {"+/tennis/#", "sport/tennis", true},
      {"a/b", "a/b", true},
      {"a/b", "a/B", false},
      {"a/b", "a", false},
      {"a", "a/b", false},
      {"a/b/", "a/b", false},
      {"a//b", "a//b", true},
      {"a/+/b", "a//b", true},
      {"+/#", "a", true},
      {"a/+/#", "a/b", true},
      {"a/+/#", "a", false},
      {"#", "$SYS/uptime", false},
      {"+/uptime", "$SYS/uptime", false},
      {"$SYS/#", "$SYS/uptime", true},
      {"$SYS/+", "$SYS/uptime", true},
      {"$share/tuanyuan/a/+", "a/b", true},
      {"$share/tuanyuan/a/+", "b/b", false},
      {"$share/tuanyuan/#", "$SYS/uptime", false},
      {"notices/partner/210102/+", "notices/partner/210102/0192", true},
      {"notices/partner/210102/+", "notices/partner/210103/0192", false},
  };
  for (const MatchRow& row : rows) {
    EXPECT_EQ(matches(row.filter, row.topic), row.matches) << row.filter << " against " << row.topic;
  }
}

TEST(Topic, FilterThenValidOrNot) {
  for (const std::string_view filter :
       {"#", "+", "a/#", "+/a/#", "/", "a//b", "$share/g/#", "$share/g/a", "$share/g//", "$shared/x"}) {
    EXPECT_TRUE(is_topic_filter(filter)) << filter;
  }
  for (const std::string_view filter : {"", "a#", "#/a", "a/#/b", "a+", "+a/b", "##", "$share/g", "$share/g/",
                                        "$share//a", "$share/+/a", "$share/g/a#", "$share/"}) {
    EXPECT_FALSE(is_topic_filter(filter)) << filter;
  }
}

TEST(Topic, NameThenValidOrNot) {
  for (const std::string_view topic : {"a", "/", "a/b", "团圆/通知", " "}) {
    EXPECT_TRUE(is_topic_name(topic)) << topic;
  }
  for (const std::string_view topic : {"", "+", "a/#", "a+b"}) {
    EXPECT_FALSE(is_topic_name(topic)) << topic;
  }
}

TEST(ValidString, WellFormedUtf8ThenTaken) {
  for (const std::string_view text :
       {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xef\xbb\xbf", "团圆"}) {
    EXPECT_TRUE(is_valid_string(text));
  }
}

}  // namespace
}  // namespace tuanyuan::mqtt5
