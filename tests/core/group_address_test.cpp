#include "core/group_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tuanyuan::core {
namespace {

using Kind = GroupAddress::Kind;

TEST(GroupAddresses, EachGatewayThenWhatItHas) {
  const struct {
    ChannelKind gateway;
    const char* address;
    Kind kind;
    const char* name;
  } rows[] = {
      {ChannelKind::fcm, "topic:div-210102", Kind::topic, "div-210102"},
      {ChannelKind::fcm, "condition:'a' in topics", Kind::condition, "'a' in topics"},
      {ChannelKind::hms, "topic:a.b_c~d%e", Kind::topic, "a.b_c~d%e"},
      {ChannelKind::hms, "condition:('a' in topics)", Kind::condition, "('a' in topics)"},
      {ChannelKind::xiaomi, "topic:沈河区", Kind::topic, "沈河区"},
      {ChannelKind::jpush, "tag:沈河_210103", Kind::tag, "沈河_210103"},
      {ChannelKind::getui, "tag:div-210102", Kind::tag, "div-210102"},
  };
  for (const auto& row : rows) {
    const auto group = group_address(row.gateway, row.address);
    ASSERT_TRUE(group) << row.address;
    EXPECT_EQ(group->kind, row.kind) << row.address;
    EXPECT_EQ(group->name, row.name);
    EXPECT_FALSE(group_fault(row.gateway, row.address)) << row.address;
  }
}

TEST(GroupAddresses, OneHandsetsThenNone) {
  for (const char* address : {"", "topic", "cZ:APA91b-x_y", "alias:duty", "Topic:a", "topics:a"}) {
    EXPECT_FALSE(group_address(ChannelKind::fcm, address)) << address;
    EXPECT_FALSE(group_fault(ChannelKind::fcm, address)) << address;
  }
}

TEST(GroupAddresses, AGatewayWithoutThenRefused) {
  const struct {
    ChannelKind gateway;
    const char* address;
    const char* words;
  } rows[] = {
      {ChannelKind::apns, "topic:a", "has no topics"},
      {ChannelKind::harmony, "topic:a", "has no topics"},
      {ChannelKind::honor, "tag:a", "has no topics"},
      {ChannelKind::oppo, "tag:a", "has no topics"},
      {ChannelKind::vivo, "tag:a", "has no topics"},
      {ChannelKind::fcm, "tag:a", "only topic:, condition:"},
      {ChannelKind::xiaomi, "condition:'a' in topics", "only topic:"},
      {ChannelKind::jpush, "topic:a", "only tag:"},
  };
  for (const auto& row : rows) {
    const auto fault = group_fault(row.gateway, row.address);
    ASSERT_TRUE(fault) << row.address;
    EXPECT_NE(fault->en.find(row.words), std::string::npos) << fault->en;
    EXPECT_FALSE(group_address(row.gateway, row.address)) << row.address;
  }
}

TEST(GroupAddresses, NamesThatAreNoneThenRefused) {
  const struct {
    ChannelKind gateway;
    std::string address;
  } rows[] = {
      {ChannelKind::fcm, "topic:"},
      {ChannelKind::fcm, "topic:a b"},
      {ChannelKind::fcm, "topic:/topics/a"},
      {ChannelKind::fcm, "topic:沈河区"},
      {ChannelKind::hms, "topic:" + std::string(topic_name_chars_max + 1, 'a')},
      {ChannelKind::xiaomi, "topic:a;$;b"},
      {ChannelKind::jpush, "tag:div-210102"},
      {ChannelKind::jpush, "tag:a,b"},
      {ChannelKind::jpush, "tag:" + std::string(tag_bytes_max + 1, 'a')},
      {ChannelKind::getui, "tag:a b"},
      {ChannelKind::getui, "tag:\xFF"},
  };
  for (const auto& row : rows) {
    EXPECT_TRUE(group_fault(row.gateway, row.address)) << row.address;
  }
}

TEST(GroupAddresses, ConditionsThenThoseThatGatewaysRead) {
  const std::string one = "'a' in topics";
  const std::string five = one + "||" + one + "||" + one + "||" + one + "||" + one;
  const std::vector<std::string> good = {one,
                                         "  " + one + "  ",
                                         one + "&&" + one,
                                         "(" + one + ")",
                                         "'a' in topics && ('b' in topics || 'c-1' in topics)",
                                         five,
                                         "(((((" + one + ")))))"};
  for (const std::string& text : good) {
    EXPECT_FALSE(group_fault(ChannelKind::fcm, "condition:" + text)) << text;
  }
  const std::vector<std::string> bad = {"",
                                        "a",
                                        "'a'",
                                        "'' in topics",
                                        "'a b' in topics",
                                        "'a' in topic",
                                        "'a' intopics",
                                        "'a in topics",
                                        "\"a\" in topics",
                                        "!" + one,
                                        "!(" + one + ")",
                                        one + " && ",
                                        one + " and " + one,
                                        one + " & " + one,
                                        one + one,
                                        "(" + one,
                                        one + ")",
                                        "((((((" + one + "))))))",
                                        five + "||" + one};
  for (const std::string& text : bad) {
    EXPECT_TRUE(group_fault(ChannelKind::hms, "condition:" + text)) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::core
