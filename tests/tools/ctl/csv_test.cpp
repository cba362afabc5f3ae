#include "tools/ctl/csv.hpp"

#include <gmock/gmock.h>

#include "adapters/wire/csv.hpp"

namespace tuanyuan::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CsvColumn, NamedInTheFirstRecordThenOneValueARecord) {
  EXPECT_THAT(*csv_column("name,id\r\nA,a\r\nB,b\r\n", "id"), ElementsAre("a", "b"));
  EXPECT_THAT(*csv_column("id\na", "id"), ElementsAre("a"));
}

TEST(CsvColumn, ByteOrderMarkAndBlankLinesThenSkipped) {
  EXPECT_THAT(*csv_column("\xEF\xBB\xBFid,x\n\na,1\n\n", "id"), ElementsAre("a"));
}

TEST(CsvColumn, QuotedFieldsThenMayHoldCommasQuotesAndLineBreaks) {
  EXPECT_THAT(*csv_column("x,id\n\"a \"\"b\"\",\nc\",one\n\"\",\"two\"\n", "id"), ElementsAre("one", "two"));
}

TEST(CsvColumn, NoRecordsThenNone) {
  EXPECT_TRUE(csv_column("id,name\n", "id")->empty());
}

TEST(CsvColumn, BrokenTextThenTheLineIsNamed) {
  EXPECT_THAT(csv_column("id,x\na,1\nb\n", "id").error().text, HasSubstr("line 3: 1 fields"));
  EXPECT_THAT(csv_column("id,x\na,\"1\n", "id").error().text, HasSubstr("line 2: a quotation mark"));
  EXPECT_THAT(csv_column("id,x\na,\"1\"2\n", "id").error().text, HasSubstr("line 2: a quotation mark"));
  EXPECT_THAT(csv_column("id,x\na\"b,1\n", "id").error().text, HasSubstr("line 2: a quotation mark"));
}

TEST(CsvColumn, NoSuchColumnThenRefused) {
  EXPECT_THAT(csv_column("", "id").error().text, HasSubstr("no column id"));
  EXPECT_THAT(csv_column("name\nx\n", "id").error().text, HasSubstr("no column id"));
}

TEST(CsvColumn, TooManyFieldsThenRefused) {
  EXPECT_FALSE(csv_column(std::string(wire::csv_columns_max, ','), "id"));
}

}  // namespace
}  // namespace tuanyuan::ctl
