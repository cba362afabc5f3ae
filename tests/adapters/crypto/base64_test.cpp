#include "adapters/crypto/base64.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::crypto {
namespace {

struct Pair {
  const char* bytes;
  const char* url;
  const char* padded;
};

// RFC 4648, section 10, and the two characters in which the alphabets differ.
constexpr Pair pairs[] = {
    {"", "", ""},
    {"f", "Zg", "Zg=="},
    {"fo", "Zm8", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg", "Zm9vYg=="},
    {"fooba", "Zm9vYmE", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xFB\xEF\xFF", "--__", "++//"},
};

TEST(Base64, VectorsThenBothAlphabets) {
  for (const Pair& pair : pairs) {
    EXPECT_EQ(to_base64url(pair.bytes), pair.url);
    EXPECT_EQ(to_base64(pair.bytes), pair.padded);
    EXPECT_EQ(from_base64url(pair.url), pair.bytes);
  }
}

TEST(Base64, EveryByteThenComesBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

TEST(Base64, AnotherSpellingOfTheSameValueThenNothing) {
  for (const char* text : {"Zg==", "Z", "Zh", "Zm9", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v", "Zm9vY"}) {
    EXPECT_FALSE(from_base64url(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::crypto
