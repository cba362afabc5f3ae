#include "core/identity_number.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tuanyuan::core {
namespace {

// The two specimens of GB 11643-1999 itself, which belong to nobody.
constexpr const char* specimen = "11010519491231002X";
constexpr const char* second_specimen = "440524188001010014";

TEST(IdentityNumber, SpecimensOfTheStandardThenRecognised) {
  EXPECT_TRUE(is_identity_number(specimen));
  EXPECT_TRUE(is_identity_number(second_specimen));
  EXPECT_TRUE(is_identity_number("11010519491231002x"));
}

TEST(IdentityNumber, ElevenCheckCharactersThenExactlyOneIsRight) {
  for (const std::string digits : {"11010519491231002", "44052418800101001", "00000000000000000"}) {
    int right = 0;
    for (const char check : std::string("0123456789X")) {
      right += is_identity_number(digits + check) ? 1 : 0;
    }
    EXPECT_EQ(right, 1) << digits;
  }
}

TEST(IdentityNumber, OtherShapesThenNot) {
  for (const char* text : {"", "1101051949123100", "11010519491231002", "110105194912310020",
                           "11010519491231002XX", "1101051949123I002X", "X1010519491231002X"}) {
    EXPECT_FALSE(is_identity_number(text)) << text;
  }
}

TEST(HoldsIdentityNumber, TokenInFreeTextThenFound) {
  for (const char* text : {"11010519491231002X", "身份证号11010519491231002X，男", "id:11010519491231002x.",
                           "(440524188001010014)", "a 440524188001010014 b", "first_440524188001010014",
                           "１１０１０５１９４９１２３１００２Ｘ", "证件１1010519491231002X"}) {
    EXPECT_TRUE(holds_identity_number(text)) << text;
  }
}

TEST(HoldsIdentityNumber, NoSuchTokenThenNotFound) {
  for (const char* text :
       {"", "穿红色外套", "电话13800138000", "110105194912310021", "911010519491231002X", "11010519491231002X9",
        "A440524188001010014", "440524188001010014A", "11010519491231002 X", "440524-18800101-0014",
        "4405241880010100140000000000000000000000"}) {
    EXPECT_FALSE(holds_identity_number(text)) << text;
  }
}

TEST(HoldsIdentityNumber, BytesThatAreNoTextThenNoCrashAndStillFound) {
  EXPECT_TRUE(
      holds_identity_number("\xFF\xE5"
                            "440524188001010014\xFF"));
}

}  // namespace
}  // namespace tuanyuan::core
