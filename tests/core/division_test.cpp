#include "core/division.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

TEST(ParseDivision, WellFormedThenCode) {
  EXPECT_EQ(parse_division("210102")->code, 210102U);
  EXPECT_EQ(parse_division("210000")->code, 210000U);
  EXPECT_EQ(to_string(*parse_division("210102")), "210102");
}

TEST(ParseDivision, IllFormedThenNone) {
  for (const char* text : {"", "2101", "2101020", "21010a", "000000", "001234", " 10102", "２１０１０２"}) {
    EXPECT_FALSE(parse_division(text)) << text;
  }
}

TEST(Division, NoneThenEmptyAndInNoPrefix) {
  EXPECT_EQ(to_string(Division{}), "");
  EXPECT_FALSE(DivisionPrefix{}.contains(Division{}));
}

TEST(DivisionPrefix, DivisionThenContainedByLeadingDigits) {
  struct Row {
    const char* prefix;
    std::uint32_t division;
    bool contained;
  };
  for (const Row& row :
       {Row{"", 210102, true}, Row{"21", 210102, true}, Row{"2101", 210102, true}, Row{"210102", 210102, true},
        Row{"2102", 210102, false}, Row{"22", 210102, false}, Row{"2101", 210000, false}}) {
    EXPECT_EQ(DivisionPrefix{row.prefix}.contains(Division{row.division}), row.contained) << row.prefix;
  }
}

TEST(DivisionPrefix, OneWithinTheOtherThenOverlap) {
  EXPECT_TRUE((DivisionPrefix{"21"}.overlaps(DivisionPrefix{"2101"})));
  EXPECT_TRUE((DivisionPrefix{"2101"}.overlaps(DivisionPrefix{"21"})));
  EXPECT_TRUE((DivisionPrefix{""}.overlaps(DivisionPrefix{"2101"})));
  EXPECT_FALSE((DivisionPrefix{"2101"}.overlaps(DivisionPrefix{"2102"})));
}

TEST(PartOf, DivisionThenItsPartOneLevelBelow) {
  struct Row {
    const char* whole;
    const char* within;
    const char* part;  ///< empty: none
  };
  for (const Row& row : {
           Row{"", "210102", "21"},
           Row{"", "21", "21"},
           Row{"21", "210102", "2101"},
           Row{"21", "2101", "2101"},
           Row{"21", "210100", "2101"},
           Row{"2101", "210102", "210102"},
           // Municipalities have districts, counties directly under a province no prefecture, Hong Kong neither.
           Row{"11", "110108", "110108"},
           Row{"50", "500230", "500230"},
           Row{"1101", "110108", "110108"},
           Row{"42", "429004", "429004"},
           Row{"42", "4201", "4201"},
           Row{"81", "810001", "810001"},
           // The whole itself, whoever lies elsewhere, and what is more than one part.
           Row{"21", "210000", ""},
           Row{"2101", "210100", ""},
           Row{"210102", "210102", ""},
           Row{"21", "21", ""},
           Row{"21", "220102", ""},
           Row{"2101", "210202", ""},
           Row{"2101", "21", ""},
           Row{"11", "1101", ""},
           Row{"42", "4290", ""},
           Row{"21", "", ""},
       }) {
    const auto part = part_of(DivisionPrefix{row.whole}, DivisionPrefix{row.within});
    EXPECT_EQ(part.value_or(DivisionPrefix()).digits, row.part) << row.within << " of " << row.whole;
  }
}

TEST(ParseCoverage, WellFormedThenPrefixWithoutTrailingZeroPairs) {
  EXPECT_EQ(parse_coverage("*")->digits, "");
  EXPECT_EQ(parse_coverage("21")->digits, "21");
  EXPECT_EQ(parse_coverage("2101")->digits, "2101");
  EXPECT_EQ(parse_coverage("210102")->digits, "210102");
  EXPECT_EQ(parse_coverage("210100")->digits, "2101");
  EXPECT_EQ(parse_coverage("210000")->digits, "21");
}

TEST(ParseCoverage, IllFormedThenNone) {
  for (const char* text : {"", "2", "210", "21010", "2101022", "2a", "00", "**", "21*"}) {
    EXPECT_FALSE(parse_coverage(text)) << text;
  }
}

TEST(UnitCode, TwelveDigitsThenAccepted) {
  EXPECT_TRUE(is_unit_code("210102000000"));
  for (const char* text : {"", "21010200000", "2101020000000", "21010200000A"}) {
    EXPECT_FALSE(is_unit_code(text)) << text;
  }
}

TEST(DivisionOfUnit, LevelThenItsPrefix) {
  EXPECT_EQ(division_of_unit("210102120000").digits, "210102");
  EXPECT_EQ(division_of_unit("210100000000").digits, "2101");
  EXPECT_EQ(division_of_unit("210000000000").digits, "21");
  EXPECT_EQ(division_of_unit("000000000000").digits, "");
}

}  // namespace
}  // namespace tuanyuan::core
