#include "core/redaction.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

TEST(Withhold, ValueHoweverWrittenThenTakenOut) {
  struct Row {
    const char* text;
    const char* value;
    const char* left;
  };
  const Row rows[] = {
      {"上了辽A7K9Q2的车", "辽A7K9Q2", "上了（略）的车"},
      {"上了辽a·7k9q2。", "辽A7K9Q2", "上了（略）。"},
      {"辽A 7K9-Q2", "辽A·7K9Q2", "（略）"},
      {"辽Ａ７Ｋ９Ｑ２", "辽A7K9Q2", "（略）"},
      {"生于2018/03/09", "2018-03-09", "生于（略）"},
      {"J-17-26, J1726", "J17-26", "（略）, （略）"},
      {"没有", "辽A7K9Q2", "没有"},
      {"辽A7K9", "辽A7K9Q2", "辽A7K9"},
      {"a 17 b", "17", "a 17 b"},
      {"anything", "", "anything"},
      {"辽辽A7K9Q2", "辽A7K9Q2", "辽（略）"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(withhold(row.text, {row.value}), row.left) << row.text;
  }
}

TEST(Withhold, SeveralValuesThenAllTakenOut) {
  EXPECT_EQ(withhold("AAAAA和BBBBB和CCCCC", {"BBBBB", "AAAAA"}), "（略）和（略）和CCCCC");
}

}  // namespace
}  // namespace tuanyuan::core
