#include "tools/ctl/json_view.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tools/ctl/problem.hpp"

namespace tuanyuan::ctl {
namespace {

TEST(JsonView, PathThenWhatStandsThere) {
  const auto value = *parse_json(R"({"a":{"b":"x","n":7,"t":true},"s":"12","l":[1,2]})");
  EXPECT_EQ(text_at(value, "a.b"), "x");
  EXPECT_EQ(text_at(value, "a.n"), "7");
  EXPECT_EQ(text_at(value, "a.t"), "true");
  EXPECT_EQ(text_at(value, "a.b.c"), "");
  EXPECT_EQ(text_at(value, "z"), "");
  EXPECT_EQ(number_at(value, "a.n"), 7);
  EXPECT_EQ(number_at(value, "s"), 12) << "64-bit numbers are texts";
  EXPECT_EQ(number_at(value, "a.b"), 0);
  EXPECT_EQ(items_at(value, "l").size(), 2U);
  EXPECT_TRUE(items_at(value, "a").empty());
}

TEST(JsonView, NumberThenAsPeopleWriteIt) {
  const std::pair<const char*, const char*> rows[] = {
      {"41.7921", "41.7921"}, {"123.3919", "123.3919"}, {"100", "100"}, {"0.5", "0.5"},
      {"-7.25", "-7.25"},     {"500.0", "500"},         {"1e2", "100"}, {"0", "0"},
  };
  for (const auto& [given, shown] : rows) {
    EXPECT_EQ(text_at(*parse_json(std::string(R"({"n":)") + given + "}"), "n"), shown);
  }
}

TEST(Outline, DocumentThenLinesWithoutWhatIsEmptyOrOpaque) {
  const auto value = *parse_json(R"({"id":"r1","none":"","list":[{"a":1},{"a":2}],"child":{"photo":")" +
                                 std::string(200, 'A') + R"(","name":"演练儿童甲"}})");
  EXPECT_EQ(outline(value),
            "id: r1\n"
            "list:\n  -\n    a: 1\n  -\n    a: 2\n"
            "child:\n  photo: (200 characters)\n  name: 演练儿童甲\n");
}

TEST(Refusal, ProblemThenTitleDetailAndEachFieldOnItsLine) {
  HttpResponse response;
  response.status = 422;
  response.body = R"({"type":"x","title":"some fields are wrong","status":422,"detail":"look","errors":[
      {"path":"child.birthDate","message":"has to be a date"},{"line":3,"path":"id","message":"is missing"}]})";
  const Failure failure = refusal(response);
  EXPECT_EQ(failure.exit, Exit::refused);
  EXPECT_EQ(failure.text,
            "refused (422): some fields are wrong: look\n"
            "  child.birthDate: has to be a date\n"
            "  line 3: id: is missing");
  EXPECT_EQ(failure.problem, response.body);
}

TEST(Refusal, AnswerOfSomethingElseThenItsTextAsItIs) {
  HttpResponse response;
  response.status = 502;
  response.body = "<html>bad gateway</html>";
  EXPECT_EQ(refusal(response).text, "refused (502): <html>bad gateway</html>");
}

}  // namespace
}  // namespace tuanyuan::ctl
