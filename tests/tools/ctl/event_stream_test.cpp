#include "tools/ctl/event_stream.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::ctl {
namespace {

TEST(EventStream, WholeEventThenItsIdTypeAndData) {
  EventStreamReader reader;
  const auto events = reader.feed("id: 7\nevent: alert.released\ndata: {\"a\":1}\n\n");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].id, "7");
  EXPECT_EQ(events[0].type, "alert.released");
  EXPECT_EQ(events[0].data, "{\"a\":1}");
}

TEST(EventStream, AnyLineEndingInAnyPiecesThenTheSameEvents) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string text = "id:1" + end + "data: one" + end + "data: two" + end + end + "data:x" + end + end;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      EventStreamReader reader;
      auto events = reader.feed(text.substr(0, cut));
      for (const ServerEvent& event : reader.feed(text.substr(cut))) {
        events.push_back(event);
      }
      ASSERT_EQ(events.size(), 2U) << cut;
      EXPECT_EQ(events[0].data, "one\ntwo");
      EXPECT_EQ(events[1].data, "x");
      EXPECT_EQ(events[1].id, "1") << "the last id stays";
      EXPECT_EQ(events[1].type, "message") << "the type does not";
    }
  }
}

TEST(EventStream, CommentsAndRetryThenNoEvents) {
  EventStreamReader reader;
  EXPECT_TRUE(reader.feed("retry: 3000\n\n: \n\nid: 4\n\n").empty());
}

TEST(EventStream, EventBeyondTheLimitThenDroppedAndTheNextComes) {
  EventStreamReader reader;
  EXPECT_TRUE(reader.feed("data: " + std::string(event_bytes_max + 1, 'x') + "\n\n").empty());
  EXPECT_EQ(reader.feed("data: y\n\n").size(), 1U);
}

}  // namespace
}  // namespace tuanyuan::ctl
