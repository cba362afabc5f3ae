#include <gtest/gtest.h>

#include <string>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

class CallerCalls : public ApiTest {};

TEST_F(CallerCalls, AnOfficerThenUnitNumberRolesAndDivision) {
  const boost::json::value caller =
      json(ask(get("/caller", officer({core::Role::submitter, core::Role::releaser, core::Role::operator_}))));
  EXPECT_EQ(caller.at("unit").as_string(), unit);
  EXPECT_EQ(caller.at("officer").as_string(), "021533");
  EXPECT_EQ(caller.at("roles"), boost::json::array({"submitter", "releaser", "operator"}));
  EXPECT_EQ(caller.at("division").as_string(), "210102");
  EXPECT_EQ(caller.at("recipientId").as_string(), "");
  EXPECT_EQ(caller.at("apiVersion").as_string(), "1");
  EXPECT_TRUE(caller.as_object().contains("certificateUntil"));
}

TEST_F(CallerCalls, ARecipientThenItsIdAndNoDivision) {
  const boost::json::value caller = json(ask(get("/caller", recipient("hospital-1"))));
  EXPECT_EQ(caller.at("recipientId").as_string(), "hospital-1");
  EXPECT_EQ(caller.at("roles"), boost::json::array({"recipient"}));
  EXPECT_EQ(caller.at("unit").as_string(), "");
  EXPECT_EQ(caller.at("division").as_string(), "");
}

TEST_F(CallerCalls, ACertificateWithoutARoleIsToldSoAndNobodyIsRefused) {
  const boost::json::value caller = json(ask(get("/caller", officer({}))));
  EXPECT_TRUE(caller.at("roles").as_array().empty());
  EXPECT_EQ(status(get("/caller", std::nullopt)), 401);
}

}  // namespace
}  // namespace tuanyuan::http::test
