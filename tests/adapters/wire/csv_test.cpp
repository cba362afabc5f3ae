#include "adapters/wire/csv.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace tuanyuan::wire {
namespace {

using Cells = std::vector<std::string>;

/// All records, each with the line it begins in before its cells.
std::vector<Cells> all(std::string_view text) {
  CsvReader reader(text);
  std::vector<Cells> records;
  while (auto record = reader.next()) {
    record->cells.insert(record->cells.begin(), std::to_string(record->line));
    records.push_back(std::move(record->cells));
  }
  EXPECT_EQ(reader.fault(), CsvFault::none);
  EXPECT_FALSE(reader.next());
  return records;
}

struct Good {
  std::string text;
  std::vector<Cells> records;
};

class CsvText : public testing::TestWithParam<Good> {};

TEST_P(CsvText, ThenItsRecords) {
  EXPECT_EQ(all(GetParam().text), GetParam().records);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc4180, CsvText,
    testing::Values(Good{"", {}}, Good{"\xEF\xBB\xBF", {}}, Good{"\n\r\n\n", {}}, Good{"a", {{"1", "a"}}},
                    Good{"a,b\r\nc,d\r\n", {{"1", "a", "b"}, {"2", "c", "d"}}},
                    Good{"a,b\nc,d", {{"1", "a", "b"}, {"2", "c", "d"}}},
                    Good{"\xEF\xBB\xBF"
                         "a\n\n\nb\n",
                         {{"1", "a"}, {"4", "b"}}},
                    Good{",\n,,", {{"1", "", ""}, {"2", "", "", ""}}}, Good{"a,\n", {{"1", "a", ""}}},
                    Good{"\"\",\"x\"", {{"1", "", "x"}}}, Good{"\"a,b\"\n", {{"1", "a,b"}}},
                    Good{"\"a\r\nb\"\nc", {{"1", "a\r\nb"}, {"3", "c"}}},
                    Good{"\"a \"\"b\"\"\",\"\"\"\"", {{"1", "a \"b\"", "\""}}},
                    Good{" a , b ", {{"1", " a ", " b "}}}, Good{"a\rb,c", {{"1", "a\rb", "c"}}},
                    Good{"\xEF\xBB\xBF\"a\"", {{"1", "a"}}}));

struct Bad {
  std::string text;
  CsvFault fault;
  std::uint32_t line;
};

class BrokenCsvText : public testing::TestWithParam<Bad> {};

TEST_P(BrokenCsvText, ThenTheFaultWithItsLineAndNothingMore) {
  CsvReader reader(GetParam().text);
  while (reader.next()) {
  }
  EXPECT_EQ(reader.fault(), GetParam().fault);
  EXPECT_EQ(reader.line(), GetParam().line);
  EXPECT_FALSE(reader.next());
}

INSTANTIATE_TEST_SUITE_P(
    Faults, BrokenCsvText,
    testing::Values(Bad{"a\n\"b", CsvFault::open_quote, 2}, Bad{"a\n\nb\"c\nd", CsvFault::stray_quote, 3},
                    Bad{"\"a\"b", CsvFault::stray_quote, 1}, Bad{"\"a\nb\" ,c", CsvFault::stray_quote, 1},
                    Bad{std::string(csv_columns_max, ','), CsvFault::too_many_columns, 1},
                    Bad{std::string(csv_cell_bytes_max + 1, 'x'), CsvFault::cell_too_long, 1},
                    Bad{'"' + std::string(csv_cell_bytes_max + 1, 'x') + '"', CsvFault::cell_too_long, 1},
                    Bad{'"' + std::string(csv_cell_bytes_max, 'x') + "\"\"\"", CsvFault::cell_too_long, 1}));

TEST(CsvLimits, JustReachedThenRead) {
  EXPECT_EQ(all(std::string(csv_columns_max - 1, ',')).at(0).size(), csv_columns_max + 1);
  EXPECT_EQ(all('"' + std::string(csv_cell_bytes_max - 1, 'x') + "\"\"\"").at(0).at(1).size(), csv_cell_bytes_max);
}

}  // namespace
}  // namespace tuanyuan::wire
