#include "tools/station/http_answer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tuanyuan::station {
namespace {

using State = HttpAnswer::State;

std::span<const std::uint8_t> octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(HttpAnswer, CutAtAnyPointThenRead) {
  const std::string wire = "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\ncontent-LENGTH: \t4 \r\n\r\njpeg";
  for (std::size_t cut = 0; cut < wire.size(); ++cut) {
    HttpAnswer answer(10);
    EXPECT_EQ(answer.feed(octets(wire.substr(0, cut))), State::reading) << cut;
    EXPECT_EQ(answer.feed(octets(wire.substr(cut))), State::done) << cut;
    EXPECT_EQ(answer.status(), 200);
    EXPECT_EQ(answer.take_body(), "jpeg");
  }
}

TEST(HttpAnswer, WithoutABodyThenDoneWithItsStatus) {
  HttpAnswer answer(10);
  EXPECT_EQ(answer.feed(octets("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")), State::done);
  EXPECT_EQ(answer.status(), 503);
  EXPECT_EQ(answer.take_body(), "");
}

TEST(HttpAnswer, MoreThanItsLengthThenTheRestIsLeft) {
  HttpAnswer answer(10);
  EXPECT_EQ(answer.feed(octets("HTTP/1.0 200\r\nContent-Length: 1\r\n\r\nabc")), State::done);
  EXPECT_EQ(answer.take_body(), "a");
}

TEST(HttpAnswer, NotWhatIsTakenThenFailed) {
  const std::string wires[] = {
      "SSH-2.0\r\n\r\n",
      "HTTP/2 200\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(HttpAnswer::head_bytes_max, 'x'),
  };
  for (const std::string& wire : wires) {
    HttpAnswer answer(10);
    EXPECT_EQ(answer.feed(octets(wire)), State::failed) << wire.substr(0, 60);
    EXPECT_EQ(answer.feed(octets("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")), State::failed);
  }
}

}  // namespace
}  // namespace tuanyuan::station
