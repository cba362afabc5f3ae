#include "core/unicode.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tuanyuan::core {
namespace {

using namespace std::string_literals;

TEST(CodePointCount, ValidTextsThenCounted) {
  EXPECT_EQ(code_point_count(""), 0U);
  EXPECT_EQ(code_point_count("abc"), 3U);
  EXPECT_EQ(code_point_count("团圆"), 2U);
  EXPECT_EQ(code_point_count("é\xF0\x9F\x91\xA7"), 2U);
  EXPECT_EQ(code_point_count("a\0b"s), 3U);
  EXPECT_EQ(code_point_count("\xF4\x8F\xBF\xBF"), 1U);  // U+10FFFF, the last one
}

TEST(CodePointCount, IllFormedTextsThenNone) {
  for (const std::string& text : {
           "\x80"s,  // a continuation alone
           "\xC3"s,  // cut short
           "\xE5\x9B"s,
           "\xE5\x41\x41"s,
           "\xC0\x80"s,
           "\xE0\x80\x80"s,
           "\xF0\x80\x80\x80"s,  // overlong
           "\xED\xA0\x80"s,
           "\xED\xBF\xBF"s,  // surrogates
           "\xF4\x90\x80\x80"s,
           "\xF8\x88\x80\x80\x80"s,  // beyond U+10FFFF
           "\xFF"s,
       }) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

TEST(LeadingCodePoints, CutThenBetweenCodePoints) {
  EXPECT_EQ(leading_code_points("团圆之家", 2), "团圆");
  EXPECT_EQ(leading_code_points("团圆", 9), "团圆");
  EXPECT_EQ(leading_code_points("团圆", 0), "");
}

}  // namespace
}  // namespace tuanyuan::core
