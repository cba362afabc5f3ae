#include "adapters/push/url.hpp"

#include <gtest/gtest.h>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

struct Row {
  const char* text;
  const char* origin;
  const char* host;
  std::uint16_t port;
  const char* target;
  bool is_address = false;
};

TEST(Url, AWholeOneThenItsParts) {
  const Row rows[] = {
      {"https://hooks.example.cn/t/1?a=b&c=%20", "https://hooks.example.cn", "hooks.example.cn", 443,
       "/t/1?a=b&c=%20"},
      {"HTTPS://Hooks.Example.CN", "https://hooks.example.cn", "hooks.example.cn", 443, "/"},
      {"https://h?q", "https://h", "h", 443, "/?q"},
      {"https://h:8443/x", "https://h:8443", "h", 8443, "/x"},
      {"https://h:443/x", "https://h", "h", 443, "/x"},
      {"http://h:443/x", "http://h:443", "h", 443, "/x"},
      {"http://h", "http://h", "h", 80, "/"},
      {"https://h/x#part?y", "https://h", "h", 443, "/x"},
      {"https://h#/", "https://h", "h", 443, "/"},
      {"https://a_b.c-d.e/", "https://a_b.c-d.e", "a_b.c-d.e", 443, "/"},
      {"https://xn--fiqs8s.cn/", "https://xn--fiqs8s.cn", "xn--fiqs8s.cn", 443, "/"},
      {"https://10.1.2.3:1/", "https://10.1.2.3:1", "10.1.2.3", 1, "/", true},
      {"https://[2001:DB8:0::1]:8443/", "https://[2001:db8::1]:8443", "2001:db8::1", 8443, "/", true},
      {"https://[::1]", "https://[::1]", "::1", 443, "/", true},
  };
  for (const Row& row : rows) {
    const auto url = parse_url(row.text);
    ASSERT_TRUE(url) << row.text;
    EXPECT_EQ(url->origin(), row.origin) << row.text;
    EXPECT_EQ(url->host, row.host) << row.text;
    EXPECT_EQ(url->port, row.port) << row.text;
    EXPECT_EQ(url->target, row.target) << row.text;
    EXPECT_EQ(url->host_is_address, row.is_address) << row.text;
    EXPECT_EQ(url->is_secure, std::string_view(row.origin).starts_with("https:")) << row.text;
  }
}

TEST(Url, WhatIsNoUrlOfOursThenRefused) {
  const char* rows[] = {
      "",
      "https",
      "https:",
      "https:/h",
      "https://",
      "https:///x",
      "ftp://h/",
      "file:///etc/passwd",
      "//h/",
      "h/x",
      " https://h/",
      "https://h/ x",
      "https://h/\r\nX: y",
      "https://h\n/",
      "https://h/\xe4\xb8\xad",
      "https://\xe4\xb8\xad/",
      "https://h/%",
      "https://h/%4",
      "https://h/%zz",
      "https://h/<x>",
      "https://h/a|b",
      "https://user@h/",
      "https://user:pw@h/",
      "https://@h/",
      "https://h:/",
      "https://h:0/",
      "https://h:65536/",
      "https://h:-1/",
      "https://h: 1/",
      "https://h:1x/",
      "https://h:1:2/",
      "https://.h/",
      "https://h./",
      "https://a..b/",
      "https://-a.b/",
      "https://a-.b/",
      "https://a%2eb/",
      "https://a\\b/",
      "https://[::1/",
      "https://::1/",
      "https://[h]/",
      "https://[127.0.0.1]/",
      "https://[fe80::1%25lo]/",
      "https://[fe80::1%lo]/",
      "https://[::1]x/",
      // addresses in disguise
      "https://127.1/",
      "https://2130706433/",
      "https://0x7f000001/",
      "https://0177.0.0.1/",
      "https://1.2.3.4.5/",
      "https://1.2.3.256/",
      "https://a.0x1/",
      "https://a.1/",
  };
  for (const char* text : rows) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, core::Errc::invalid);
  }
}

TEST(Url, ANulWhereverThenRefused) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"https://10.1.2.3\0.h/"sv, "https://[::1\0]/"sv, "https://h/\0"sv, "https://h\0"sv}) {
    EXPECT_FALSE(parse_url(text));
  }
}

TEST(Url, LongestThenReadAndOneMoreThenRefused) {
  std::string text = "https://h/";
  text.resize(url_bytes_max, 'a');
  EXPECT_TRUE(parse_url(text));
  EXPECT_FALSE(parse_url(text + "a"));
  EXPECT_TRUE(parse_url("https://" + std::string(63, 'a') + ".b/"));
  EXPECT_FALSE(parse_url("https://" + std::string(64, 'a') + ".b/"));
}

TEST(Url, RefusedThenItsTextIsNotRepeated) {
  for (const char* text : {"token://token/", "https://h:token/", "https://h/to ken"}) {
    EXPECT_EQ(parse_url(text).error().detail.en.find("ken"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::push
