#include <gtest/gtest.h>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

class ExerciseCalls : public ApiTest {};

TEST_F(ExerciseCalls, ListTellsHowTheyWent) {
  const boost::json::value list = json(ask(get("/exercises?page_size=7")));
  EXPECT_EQ(fakes_.exercises.page.size, 7U);
  const boost::json::value& one = list.at("exercises").at(0);
  EXPECT_EQ(one.at("alertId").as_string(), alert_id);
  EXPECT_EQ(one.at("name").as_string(), "monthly");
  EXPECT_EQ(one.at("state").as_string(), "CLOSED");
  EXPECT_EQ(one.at("expected").to_number<int>(), 3);
  EXPECT_EQ(one.at("confirmed").to_number<int>(), 0);
  EXPECT_DOUBLE_EQ(one.at("meanScore").to_number<double>(), 66.5);
  EXPECT_DOUBLE_EQ(one.at("byCategory").at("airport").to_number<double>(), 66.5);
  const std::string token(list.at("nextPageToken").as_string());
  EXPECT_EQ(status(get("/exercises?page_token=" + token)), 200);
  EXPECT_EQ(fakes_.exercises.page.token, alert_id);
}

TEST_F(ExerciseCalls, ScoresTellOfEachRecipientWhatItTook) {
  const boost::json::value scores = json(ask(get("/exercises/" + alert_id + "/scores")));
  const boost::json::value& one = scores.at("scores").at(0);
  EXPECT_EQ(one.at("recipientId").as_string(), "station-9");
  EXPECT_EQ(one.at("category").as_string(), "airport");
  EXPECT_EQ(one.at("score").to_number<int>(), 50);
  EXPECT_EQ(one.at("received").at("promptness").as_string(), "LATE");
  EXPECT_DOUBLE_EQ(one.at("received").at("seconds").to_number<double>(), 61.5);
  EXPECT_DOUBLE_EQ(one.at("received").at("allowedSeconds").to_number<double>(), 60);
  EXPECT_EQ(one.at("removed").at("promptness").as_string(), "OPEN");
  EXPECT_FALSE(one.at("removed").as_object().contains("seconds"));
  EXPECT_EQ(one.at("unableReason").as_string(), "NO_STAFF");
}

TEST_F(ExerciseCalls, WhatItIsAboutComesBeforeAWrongPage) {
  EXPECT_EQ(status(get("/exercises/nothing/scores?page_size=0")), 404);
  EXPECT_EQ(paths(ask(get("/exercises/" + alert_id + "/scores?page_size=0"))),
            std::vector<std::string>{"page_size"});
}

TEST_F(ExerciseCalls, StartNamesThePlanAndMayBeRepeated) {
  Request request = post("/exercises", R"({"name":"monthly"})");
  request.idempotency_key = "once";
  const Response response = ask(std::move(request));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json(response).at("alertId").as_string(), alert_id);
  EXPECT_NE(fakes_.exercises.key.find("once"), std::string::npos);
  EXPECT_EQ(paths(ask(post("/exercises", R"({"name":"weekly"})"))), std::vector<std::string>{"name"});
  EXPECT_EQ(status(post("/exercises", R"({"plan":"monthly"})")), 422);
}

}  // namespace
}  // namespace tuanyuan::http::test
