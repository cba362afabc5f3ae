#include "core/urgency.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tuanyuan::core {
namespace {

using enum NoticeKind;
constexpr Status actual = Status::actual;
constexpr Status exercise = Status::exercise;

TEST(UrgencyKey, RowsInOrderThenKeysAscend) {
  const std::int64_t in_order[] = {
      urgency_key(actual, close, false, 0, 0),
      urgency_key(actual, retract, false, 0, 1),
      urgency_key(actual, close, false, 5, 0),
      urgency_key(actual, close, true, 0, 0),
      urgency_key(actual, alert, false, 0, 3),
      urgency_key(actual, alert, false, 0, 3.5),
      urgency_key(actual, alert, false, 0, 500),
      urgency_key(actual, alert, false, 1, 0),
      urgency_key(actual, alert, false, 5, std::numeric_limits<double>::infinity()),
      urgency_key(actual, alert, true, 0, 0),  // an alert's picture after all its notices, before an update
      urgency_key(actual, alert, true, 5, 20'000),
      urgency_key(actual, update, false, 0, 0),
      urgency_key(actual, update, true, 0, 0),
      urgency_key(exercise, close, false, 0, 0),
      urgency_key(exercise, alert, false, 0, 0),
      urgency_key(exercise, alert, true, 0, 0),
      urgency_key(exercise, update, true, 99, 1e12),
  };
  for (std::size_t index = 1; index < std::size(in_order); ++index) {
    EXPECT_LT(in_order[index - 1], in_order[index]) << index;
  }
}

TEST(UrgencyKey, DistanceUnknownOrOutOfRangeThenLastOfItsRank) {
  const std::int64_t farthest = urgency_key(actual, alert, false, 2, 40'000);
  for (const double distance : {std::numeric_limits<double>::quiet_NaN(), -1.0, 1e300}) {
    const std::int64_t key = urgency_key(actual, alert, false, 2, distance);
    EXPECT_GT(key, farthest);
    EXPECT_LT(key, urgency_key(actual, alert, false, 3, 0));
  }
}

}  // namespace
}  // namespace tuanyuan::core
