#include "tools/ctl/text_table.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::ctl {
namespace {

TEST(Columns, ChineseThenTwoEach) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("沈阳站"), 6U);
  EXPECT_EQ(columns_of("，"), 2U);
  EXPECT_EQ(columns_of("é"), 1U);
  EXPECT_EQ(columns_of("\xff\xe6"), 2U) << "what is no UTF-8 counts by bytes";
}

TEST(Fitted, TooLongThenCutBetweenCharacters) {
  EXPECT_EQ(fitted("沈阳站", 5), "沈阳");
  EXPECT_EQ(fitted("沈阳站", 6), "沈阳站");
  EXPECT_EQ(fitted("abc", 0), "");
}

TEST(Table, RowsThenPaddedToColumnsAndNumbersToTheRight) {
  TextTable table({"name", "count", "x"});
  table.add({"沈阳站", "7", "a"});
  table.add({"bus", "125"});
  EXPECT_EQ(table.str(),
            "name    count  x\n"
            "沈阳站      7  a\n"
            "bus       125\n");
}

TEST(Bar, PartThenFilledByRoundingDown) {
  EXPECT_EQ(bar(0, 10, 4), "░░░░");
  EXPECT_EQ(bar(9, 10, 4), "███░") << "full only when all is done";
  EXPECT_EQ(bar(10, 10, 4), "████");
  EXPECT_EQ(bar(12, 10, 4), "████");
  EXPECT_EQ(bar(0, 0, 4), "░░░░");
}

}  // namespace
}  // namespace tuanyuan::ctl
