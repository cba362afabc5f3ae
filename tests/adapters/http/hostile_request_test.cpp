#include <gtest/gtest.h>

#include <string>

#include "api_fixture.hpp"

// What tests/fuzz/http_call_fuzz.cpp found.
namespace tuanyuan::http::test {
namespace {

using HostileRequest = ApiTest;

TEST_F(HostileRequest, PathThatIsNoUtf8ThenTheProblemIsJsonAllTheSame) {
  const Response response =
      ask(get("/\xF2"
              "eports"));
  EXPECT_EQ(response.status, 404);
  EXPECT_FALSE(json(response).as_object().contains("instance"));  // RFC 9457: a URI reference, which this is not
}

TEST_F(HostileRequest, ManyUnknownFieldsInABinaryBodyThenNoMoreErrorsThanSomebodyReads) {
  std::string body;
  while (body.size() < 10'000) {
    body += "\xB8\x3E\x01";  // field 999, a number
  }
  Request request = post("/reports", body);
  request.content_type = "application/x-protobuf";
  const Response response = ask(request);
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(paths(response).size(), field_errors_max);
  EXPECT_EQ(paths(response).front(), "999");
}

}  // namespace
}  // namespace tuanyuan::http::test
