#include "core/template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using ::testing::ElementsAre;

const Facts facts = {{"name", "小禾"}, {"age", "8"}, {"height", ""}, {"girl", "1"}};

TEST(Fill, FactsAndGroupsThenNoHoles) {
  struct Row {
    const char* form;
    const char* text;
  };
  const Row rows[] = {
      {"", ""},
      {"plain？ text!", "plain？ text!"},
      {"{name}，{age}岁", "小禾，8岁"},
      {"[{name}]", "小禾"},
      {"a[，{height}厘米]b", "ab"},
      {"a{height}b{nobody}c", "abc"},
      {"[{name}{height}]", ""},
      {"[{name}[，{height}厘米][，{age}岁]]", "小禾，8岁"},
      {"[{height}[{name}]]", ""},
      {"[girl?女][boy?男]", "女"},
      {"[girl?{height}]", ""},
      {"[girl?[{age}]]", "8"},
      {"[no condition here? {name}]", "no condition here? 小禾"},
      {"\\[{name}\\] \\{x\\} \\\\", "[小禾] {x} \\"},
      {"[\\]{name}]", "]小禾"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(fill(row.form, facts), row.text) << row.form;
    EXPECT_TRUE(shape_of(row.form).well_formed) << row.form;
  }
}

TEST(Fill, ValueWithSignsOfTheLanguageThenTakenAsItIs) {
  EXPECT_EQ(fill("[{name}]", {{"name", "[{age}]\\"}}), "[{age}]\\");
}

TEST(Shape, NamesThenInOrderConditionsToo) {
  EXPECT_THAT(shape_of("{b}[a?{c}[{d}]]").names, ElementsAre("b", "a", "c", "d"));
}

TEST(Shape, NamesInNoGroupThenSaid) {
  EXPECT_THAT(shape_of("{b}[a?{c}[{d}]]{e}").bare_names, ElementsAre("b", "e"));
}

TEST(Shape, IllFormedThenSaidAndFilledWithoutHarm) {
  std::string deep;
  for (int depth = 0; depth <= template_depth_max; ++depth) {
    deep = "[" + deep + "]";
  }
  for (const std::string& form :
       {std::string("{name"), std::string("name}"), std::string("[x"), std::string("x]"), std::string("{}"),
        std::string("{Name}"), std::string("{a b}"), std::string("x\\"), std::string("[x]]y[z"), deep,
        std::string(100'000, '['), std::string(1'000, ']')}) {
    EXPECT_FALSE(shape_of(form).well_formed) << form.substr(0, 20);
    fill(form, facts);
  }
}

}  // namespace
}  // namespace tuanyuan::core
