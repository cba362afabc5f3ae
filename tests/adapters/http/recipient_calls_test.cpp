#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "api_fixture.hpp"

namespace tuanyuan::http::test {
namespace {

const std::string header = "id,name,category,audience,division,latitude,longitude,crs,languages,liaison\n";
const std::string good_row =
    "hospital-1,市第一医院,hospital,PARTNER,210102,41.79,123.4,WGS84,\"[\"\"zh-CN\"\"]\",\"{\"\"post\"\":"
    "\"\"值班室\"\"}\"\n";

class RecipientCalls : public ApiTest {
 protected:
  Response import(std::string body, std::string type = "text/csv") {
    Request request = post("/recipients:import", std::move(body));
    request.content_type = std::move(type);
    return ask(request);
  }

  /// "line path" of every error.
  static std::vector<std::string> wrong_lines(const Response& response) {
    std::vector<std::string> found;
    const boost::json::value problem = json(response);
    for (const boost::json::value& error : problem.at("errors").as_array()) {
      found.push_back(std::to_string(error.at("line").as_int64()) + ' ' +
                      std::string(error.at("path").as_string()));
    }
    return found;
  }
};

const std::string good_recipient = R"({"name":"市第一医院","category":"hospital","audience":"PARTNER",
  "division":"210102","latitude":41.79,"longitude":123.4,"crs":"WGS84"})";

TEST_F(RecipientCalls, PutThenGetThenDelete) {
  EXPECT_EQ(status(send("PUT", "/recipients/hospital-1", good_recipient)), 200);
  const boost::json::value recipient = json(ask(get("/recipients/hospital-1")));
  EXPECT_EQ(recipient.at("id").as_string(), "hospital-1");
  EXPECT_EQ(recipient.at("category").as_string(), "hospital");
  EXPECT_EQ(recipient.at("delivery").as_string(), "area");
  EXPECT_EQ(ask(send("DELETE", "/recipients/hospital-1", "")).body, "{}");
  EXPECT_EQ(status(get("/recipients/hospital-1")), 404);
  EXPECT_EQ(status(send("DELETE", "/recipients/hospital-1", "")), 404);
}

TEST_F(RecipientCalls, PutUnderAnotherIdThen422) {
  const Response response =
      ask(send("PUT", "/recipients/hospital-1", R"({"id":"hospital-2",)" + good_recipient.substr(1)));
  EXPECT_EQ(paths(response), std::vector<std::string>{"id"});
}

TEST_F(RecipientCalls, PutUnderAnIllFormedIdThen422NotNotFound) {
  EXPECT_EQ(paths(ask(send("PUT", "/recipients/a.b", good_recipient))), std::vector<std::string>{"id"});
  EXPECT_EQ(fakes_.recipients.puts, 0);
}

TEST_F(RecipientCalls, PutWithoutPositionAndCoverageThen422) {
  const Response response =
      ask(send("PUT", "/recipients/hospital-1",
               R"({"name":"x","category":"hospital","audience":"PARTNER","division":"210102"})"));
  EXPECT_EQ(response.status, 422);
  EXPECT_FALSE(paths(response).empty());
}

TEST_F(RecipientCalls, RepeatsUnderOneKeyThenTheSameAnswer) {
  Request put = send("PUT", "/recipients/hospital-1", good_recipient);
  put.idempotency_key = "k";
  EXPECT_EQ(status(put), 200);
  EXPECT_EQ(status(put), 200);
  EXPECT_EQ(fakes_.recipients.puts, 1);
  Request remove = send("DELETE", "/recipients/hospital-1", "");
  remove.idempotency_key = "d";
  EXPECT_EQ(status(remove), 200);
  EXPECT_EQ(status(remove), 200);
  put.body += " ";
  EXPECT_EQ(status(put), 409);
}

TEST_F(RecipientCalls, TheListThenPagesToItsEnd) {
  for (const char* id : {"a", "b", "c"}) {
    EXPECT_EQ(status(send("PUT", "/recipients/" + std::string(id), good_recipient)), 200);
  }
  std::string target = "/recipients?page_size=2";
  const boost::json::value first = json(ask(get(target)));
  EXPECT_EQ(first.at("recipients").as_array().size(), 2U);
  target += "&page_token=" + std::string(first.at("nextPageToken").as_string());
  const boost::json::value second = json(ask(get(target)));
  EXPECT_EQ(second.at("recipients").as_array().size(), 1U);
  EXPECT_EQ(second.at("nextPageToken").as_string(), "");
}

TEST_F(RecipientCalls, TwoFilesUnderTwoKeysThenTheDeskCanTellThemApart) {
  for (const char* name : {"a", "b"}) {
    Request request = post("/recipients:import", header + "\n" + good_row + "\n" + (*name == 'b' ? "\n" : ""));
    request.content_type = "text/csv";
    request.idempotency_key = name;
    EXPECT_EQ(ask(request).status, 200);
  }
  EXPECT_EQ(fakes_.recipients.imported_digests.size(), 2U);
}

TEST_F(RecipientCalls, ACsvWithMarkBlankLinesAndCrlfThenImported) {
  std::string file = "\xef\xbb\xbf" + header + "\n" + good_row + "\n";
  for (std::size_t at = 0; (at = file.find('\n', at)) != std::string::npos; at += 2) {
    file.replace(at, 1, "\r\n");
  }
  const Response response = import(file);
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(json(response).at("imported").as_int64(), 1);
  const core::Recipient& recipient = fakes_.recipients.directory.at("hospital-1");
  EXPECT_EQ(recipient.name, "市第一医院");
  EXPECT_EQ(recipient.position->longitude, 123.4);
  EXPECT_EQ(recipient.languages, std::vector<std::string>{"zh-CN"});
  EXPECT_EQ(recipient.liaison.post, "值班室");
}

TEST_F(RecipientCalls, ColumnsInEitherSpellingAndPartsOfTheLiaisonThenTheSame) {
  const Response response = import(
      "id,name,category,audience,division,coverage,liaison.post,liaison.telephone\n"
      "radio,省台,broadcaster,PUBLIC,210102,\"[\"\"21\"\"]\",值班室,024-5550-0101\n");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(fakes_.recipients.directory.at("radio").liaison.telephone, "024-5550-0101");
}

TEST_F(RecipientCalls, OneBadLineThenNothingAtAllAndEveryErrorByLine) {
  const Response response = import(header + good_row +
                                   "\"hospital-2\",\"a\nb\",no_such_category,PARTNER,210102,41.79,123.4,WGS84,,\n"
                                   "hospital-1,x,hospital,PARTNER,210102,41.79,123.4,WGS84,,\n"
                                   "hospital-3,x,hospital,PARTNER,210102,north,123.4,WGS84,not json,\n"
                                   "too,short\n");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(wrong_lines(response), (std::vector<std::string>{"3 category", "5 id", "6 languages", "7 "}));
  EXPECT_EQ(fakes_.recipients.imports, 0);
}

TEST_F(RecipientCalls, ACellThatWouldBreakOutOfItsJsonThenRefused) {
  const Response response = import("id,coverage\nx,\"[\"\"21\"\"],\"\"name\"\":\"\"y\"\"\"\n");
  EXPECT_EQ(wrong_lines(response), std::vector<std::string>{"2 coverage"});
}

TEST_F(RecipientCalls, UnknownOrRepeatedColumnsThenRefusedByName) {
  EXPECT_EQ(wrong_lines(import("id,shoeSize,id\n")), (std::vector<std::string>{"1 shoeSize", "1 id"}));
  EXPECT_EQ(wrong_lines(import("")), std::vector<std::string>{"1 "});
  EXPECT_EQ(wrong_lines(import("张三的医院,x\n")), (std::vector<std::string>{"1 header", "1 x"}));
}

TEST_F(RecipientCalls, BrokenQuotesThenRefusedWhereTheRecordBegins) {
  EXPECT_EQ(wrong_lines(import(header + good_row + "\"open,\n\n")), std::vector<std::string>{"3 "});
  EXPECT_EQ(wrong_lines(import(header + "a\"b,c\n")), std::vector<std::string>{"2 "});
}

TEST_F(RecipientCalls, NdjsonThenTheSameWithErrorsByLine) {
  const std::string line = R"({"id":"hospital-1",)" + good_recipient.substr(1);
  std::string flat;
  for (const char c : line) {
    flat += c == '\n' ? ' ' : c;
  }
  EXPECT_EQ(status([&] {
              Request request = post("/recipients:import", "\xef\xbb\xbf" + flat + "\r\n\n");
              request.content_type = "application/x-ndjson";
              return request;
            }()),
            200);
  const Response response =
      import(flat + "\n\n{\"id\":\"x\"\n" + R"({"id":"x","category":"hospital"})", "application/x-ndjson");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(wrong_lines(response).front(), "3 ");
  EXPECT_EQ(wrong_lines(response)[1].substr(0, 2), "4 ");
}

TEST_F(RecipientCalls, ReadinessByDivisionOnlyWhereItIsAskedFor) {
  const boost::json::value answer = json(ask(get("/readiness?division=21&by=division")));
  EXPECT_EQ(answer.at("divisions").at(0).at("division").as_string(), "2101");
  EXPECT_EQ(answer.at("divisions").at(0).at("recipients").as_int64(), 3);
  EXPECT_EQ(answer.at("divisions").at(0).at("reachable").as_int64(), 2);
  EXPECT_TRUE(json(ask(get("/readiness?division=21"))).at("divisions").as_array().empty());
  for (const char* by : {"", "county", "division,category", "division&by=division"}) {
    const Response response = ask(get("/readiness?by=" + std::string(by)));
    EXPECT_EQ(response.status, 422) << by;
    EXPECT_EQ(paths(response), std::vector<std::string>{"by"}) << by;
  }
}

TEST_F(RecipientCalls, AnotherTypeThen415) {
  EXPECT_EQ(import("[]", "application/json").status, 415);
  EXPECT_EQ(import("[]", "").status, 415);
}

TEST_F(RecipientCalls, TheSampleDirectoryThenImportedWhole) {
  std::ifstream file(TUANYUAN_SOURCE_DIR "/config/recipients.sample.csv");
  std::stringstream text;
  text << file.rdbuf();
  const Response response = import(text.str());
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_GE(json(response).at("imported").as_int64(), 300);
}

}  // namespace
}  // namespace tuanyuan::http::test
