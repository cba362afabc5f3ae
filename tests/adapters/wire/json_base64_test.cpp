#include "adapters/wire/json_base64.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tuanyuan::wire {
namespace {

std::string standard(std::string_view bytes) {
  std::string out;
  append_base64(bytes, out);
  return out;
}

std::string url(std::string_view bytes) {
  std::string out;
  append_base64url(bytes, out);
  return out;
}

TEST(Base64, WritesTheVectorsOfRfc4648) {
  const std::pair<std::string, std::string> table[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : table) {
    EXPECT_EQ(standard(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
}

TEST(Base64, WritesTheUrlAlphabetWithoutPadding) {
  EXPECT_EQ(standard("\xfb\xff\xfe\xff"), "+//+/w==");
  EXPECT_EQ(url("\xfb\xff\xfe\xff"), "-__-_w");
}

TEST(Base64, ReadsEitherAlphabetWithAndWithoutPadding) {
  for (const char* text : {"+//+/w==", "+//+/w", "-__-_w==", "-__-_w"}) {
    EXPECT_EQ(decode_base64(text), "\xfb\xff\xfe\xff") << text;
  }
}

TEST(Base64, EveryByteComesBackAtEveryLength) {
  std::string bytes;
  for (int value = 0; value < 260; ++value) {
    EXPECT_EQ(decode_base64(standard(bytes)), bytes);
    EXPECT_EQ(decode_base64(url(bytes)), bytes);
    bytes += static_cast<char>(value);
  }
}

TEST(Base64, AnythingElseIsRefused) {
  for (const char* text : {
           "A",         // 6 bits are no byte
           "AAAAA",     //
           "Zg=",       // half a padding
           "Zm8==",     // too much padding
           "Zg===",     //
           "====",      // padding of nothing
           "=",         //
           "Zm9v====",  //
           "Zg==Zg==",  // padding inside
           "Zm 9v",     // white space
           "Zm9v\n",    //
           "Zm9!",      // neither alphabet
           "\xe5\xbc\xa0",
           "Zh==",  // bits that belong to no byte
           "Zm9=",  //
       }) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::wire
