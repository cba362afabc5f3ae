#include "adapters/push/answer_reader.hpp"

#include <gtest/gtest.h>

#include <string>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

using State = AnswerReader::State;

constexpr AnswerReader::Limits limits{256, 32};

struct Reading {
  State state;
  HttpAnswer answer;
  bool keeps_alive = false;
};

/// `ended`: the connection is closed in good order behind the text.
Reading read(std::string_view text, std::size_t piece_bytes, bool ended = false) {
  AnswerReader reader(limits);
  Reading reading{State::reading, {}};
  while (!text.empty() && reading.state == State::reading) {
    reading.state = reader.put(text.substr(0, piece_bytes));
    text.remove_prefix(std::min(piece_bytes, text.size()));
  }
  if (ended) {
    reading.state = reader.end(true);
  }
  if (reading.state == State::whole) {
    reading.keeps_alive = reader.keeps_alive();
    reading.answer = reader.take();
  }
  return reading;
}

struct Row {
  const char* text;
  int status;
  const char* body;
  bool keeps_alive;
  bool ended = false;
};

TEST(AnswerReader, AWholeAnswerHoweverItComesThenRead) {
  const Row rows[] = {
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
      {"HTTP/1.1 200 \r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 200, "hello", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nA: b\r\n\r\n", 200,
       "hello", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "", true},
      {"HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello", false, true},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 202 Accepted\r\n"
       "Content-Length: 2\r\n\r\nok",
       202, "ok", true},
      {"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", 301, "", true},
  };
  for (const Row& row : rows) {
    for (const std::size_t piece : {1U, 2U, 7U, 4096U}) {
      const Reading reading = read(row.text, piece, row.ended);
      ASSERT_EQ(reading.state, State::whole) << row.text << piece;
      EXPECT_EQ(reading.answer.status, row.status) << row.text;
      EXPECT_EQ(reading.answer.body, row.body) << row.text;
      EXPECT_FALSE(reading.answer.body_cut);
      EXPECT_EQ(reading.keeps_alive, row.keeps_alive) << row.text << piece;
    }
  }
}

TEST(AnswerReader, FieldsThatChannelsNeedThenKept) {
  const Reading reading =
      read("HTTP/1.1 429 Slow\r\nretry-after: 17\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
           4096);
  EXPECT_EQ(reading.answer.retry_after, "17");
}

TEST(AnswerReader, BytesBehindTheAnswerThenItsConnectionIsNotUsedAgain) {
  EXPECT_FALSE(read("HTTP/1.1 204 x\r\n\r\nHTTP/1.1 204 x\r\n\r\n", 4096).keeps_alive);
}

TEST(AnswerReader, ABodyBeyondTheLimitThenCutAndItsStatusKnown) {
  const std::string rows[] = {
      "HTTP/1.1 500 x\r\nContent-Length: 33\r\n\r\n" + std::string(33, 'a'),
      "HTTP/1.1 500 x\r\nContent-Length: 99999999999999\r\n\r\n",
      "HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n" + std::string(32, 'a') +
          "\r\n1\r\na\r\n0\r\n\r\n",
      "HTTP/1.1 500 x\r\n\r\n" + std::string(33, 'a'),
  };
  for (const std::string& text : rows) {
    for (const std::size_t piece : {1U, 16U, 4096U}) {
      const Reading reading = read(text, piece);
      ASSERT_EQ(reading.state, State::whole) << text;
      EXPECT_EQ(reading.answer.status, 500);
      EXPECT_TRUE(reading.answer.body_cut);
      EXPECT_FALSE(reading.keeps_alive);
      EXPECT_LE(reading.answer.body.size(), limits.body_bytes_max);
    }
  }
  EXPECT_FALSE(read("HTTP/1.1 200 x\r\nContent-Length: 32\r\n\r\n" + std::string(32, 'a'), 5).answer.body_cut);
}

TEST(AnswerReader, TheConnectionEndingBeforeTheAnswerThenCutShort) {
  for (const char* text : {"", "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
                           "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP"}) {
    EXPECT_EQ(read(text, 4096, true).state, State::cut_short) << text;
  }
  AnswerReader torn(limits);
  EXPECT_EQ(torn.put("HTTP/1.1 200 OK\r\n\r\nhello"), State::reading);
  EXPECT_EQ(torn.end(false), State::cut_short);
}

TEST(AnswerReader, WhatIsNoAnswerThenBad) {
  std::string interim;
  for (std::size_t count = 0; count <= interim_answers_max; ++count) {
    interim += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  const std::string rows[] = {
      "SSH-2.0-OpenSSH\r\n\r\n",
      "HTTP/2.0 200 OK\r\n\r\n",
      "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: " + std::string(300, 'a') + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(300, 'a'),
      "HTTP/1.1 000 OK\r\nContent-Length: 33\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
      interim,
  };
  for (const std::string& text : rows) {
    for (const std::size_t piece : {1U, 4096U}) {
      EXPECT_EQ(read(text, piece).state, State::bad) << text.substr(0, 60) << piece;
    }
  }
}

}  // namespace
}  // namespace tuanyuan::push
