#include "core/calendar.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

TEST(BeijingTime, InstantThenCivilTimeEightHoursAhead) {
  const BeijingTime evening = beijing_time(sys_days(2026y / 3 / 1) + 16h + 5min + 59s);
  EXPECT_EQ(evening.date, 2026y / 3 / 2);
  EXPECT_EQ(evening.hour, 0);
  EXPECT_EQ(evening.minute, 5);
  EXPECT_EQ(evening.weekday, 0);  // a Monday
  const BeijingTime before_epoch = beijing_time(from_epoch_ms(-1));
  EXPECT_EQ(before_epoch.date, 1970y / 1 / 1);
  EXPECT_EQ(before_epoch.hour, 7);
  EXPECT_EQ(before_epoch.minute, 59);
  EXPECT_EQ(before_epoch.weekday, 3);  // a Thursday
}

TEST(CompletedYears, AroundBirthdaysThenCounted) {
  EXPECT_EQ(completed_years(2018y / 5 / 20, 2026y / 5 / 19), 7);
  EXPECT_EQ(completed_years(2018y / 5 / 20, 2026y / 5 / 20), 8);
  EXPECT_EQ(completed_years(2016y / 2 / 29, 2026y / 2 / 28), 9);
  EXPECT_EQ(completed_years(2016y / 2 / 29, 2026y / 3 / 1), 10);
  EXPECT_EQ(completed_years(2026y / 5 / 20, 2026y / 5 / 20), 0);
}

TEST(IsoDate, RealDatesThenBothWays) {
  EXPECT_EQ(iso_date(2018y / 5 / 7), "2018-05-07");
  EXPECT_EQ(parse_iso_date("2018-05-07"), 2018y / 5 / 7);
  EXPECT_EQ(parse_iso_date("2016-02-29"), 2016y / 2 / 29);
}

TEST(IsoDate, OtherTextsThenNone) {
  for (const char* text : {"", "2018", "2018-5-7", "2018-05-07 ", " 2018-05-07", "2018/05/07", "20180507",
                           "2018-02-30", "2017-02-29", "2018-13-01", "2018-00-10", "2018-01-00", "-018-01-01",
                           "2018--1-01", "+018-01-01", "2018-05-07T00:00:00Z"}) {
    EXPECT_FALSE(parse_iso_date(text)) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::core
