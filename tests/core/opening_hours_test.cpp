#include "core/opening_hours.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;

constexpr int mo = 0, tu = 1, we = 2, fr = 4, sa = 5, su = 6;

/// A moment of the week of Monday 2026-05-18 by Beijing's clock.
Instant at(int day, int hour, int minute = 0) {
  return std::chrono::sys_days(2026y / 5 / 18) + 24h * day + 1h * hour + 1min * minute - 8h;
}

OpeningHours hours(const char* text) {
  return OpeningHours::parse(text).value();
}

struct Row {
  const char* text;
  Instant when;
  bool open;
};

TEST(IsOpen, EachRuleThenAsItSays) {
  const Row rows[] = {
      {"", at(su, 3), true},
      {"  ", at(su, 3), true},
      {"24/7", at(su, 3), true},
      {"off", at(mo, 12), false},
      {"08:00-18:00", at(su, 8), true},
      {"08:00-18:00", at(su, 7, 59), false},
      {"08:00-18:00", at(su, 17, 59), true},
      {"08:00-18:00", at(su, 18), false},
      {"8:00-18:00", at(su, 8), true},
      {"Mo-Fr 08:00-18:00", at(fr, 9), true},
      {"Mo-Fr 08:00-18:00", at(sa, 9), false},
      {"Mo-Fr", at(we, 0), true},
      {"Mo-Fr", at(fr, 23, 59), true},
      {"Mo-Fr", at(sa, 0), false},
      {"Sa-Mo 09:00-10:00", at(su, 9), true},
      {"Sa-Mo 09:00-10:00", at(mo, 9), true},
      {"Sa-Mo 09:00-10:00", at(tu, 9), false},
      {"Mo,We-Fr,Su 09:00-10:00", at(we, 9), true},
      {"Mo,We-Fr,Su 09:00-10:00", at(tu, 9), false},
      {"Mo-Fr 08:00-12:00,13:30-17:30", at(mo, 12, 30), false},
      {"Mo-Fr 08:00-12:00, 13:30-17:30", at(mo, 13, 30), true},
      {"00:00-24:00", at(mo, 23, 59), true},
      {"20:00-04:00", at(tu, 3, 59), true},
      {"20:00-04:00", at(tu, 4), false},
      {"Sa 20:00-28:00", at(su, 3), true},
      {"Su 20:00-04:00", at(mo, 3), true},
      {"Su 20:00-04:00", at(tu, 3), false},
      {"08:00-08:00", at(we, 7, 59), true},
      {"08:00-18:00; Sa,Su off", at(sa, 9), false},
      {"08:00-18:00; Sa,Su closed", at(fr, 9), true},
      {"24/7; Su 02:00-04:00", at(su, 5), false},
      {"24/7; Su off", at(sa, 23, 59), true},
      {"Fr 20:00-04:00; Sa off", at(sa, 3), true},
      {"Mo-Fr 08:00-12:00, Fr 20:00-21:00", at(fr, 9), true},
      {"Mo-Fr 08:00-12:00, Fr 20:00-21:00", at(fr, 20), true},
      {"Mo-Fr 08:00-12:00; Fr 20:00-21:00", at(fr, 9), false},
      {"Mo-Su 06:00-23:00 open", at(su, 22), true},
      {" Mo - Fr  08:00 - 18:00 ;  Sa 09:00-12:00 ", at(sa, 10), true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(hours(row.text).is_open(row.when), row.open) << row.text;
  }
}

TEST(NextOpening, EachMomentThenTheFirstOpenOneFromIt) {
  struct Next {
    const char* text;
    Instant from;
    std::optional<Instant> opening;
  };
  const Next rows[] = {
      {"", at(su, 3), at(su, 3)},
      {"off", at(mo, 0), std::nullopt},
      {"Mo-Fr 08:00-18:00", at(mo, 9), at(mo, 9)},
      {"Mo-Fr 08:00-18:00", at(mo, 7), at(mo, 8)},
      {"Mo-Fr 08:00-18:00", at(mo, 18), at(tu, 8)},
      {"Mo-Fr 08:00-18:00", at(fr, 18), at(7, 8)},
      {"Mo-Fr 08:00-18:00", at(su, 23, 59), at(7, 8)},
      {"Su 20:00-04:00", at(mo, 4), at(su, 20)},
      {"We 00:00-01:00", at(we, 1), at(9, 0)},
  };
  for (const Next& row : rows) {
    EXPECT_EQ(hours(row.text).next_opening(row.from), row.opening) << row.text;
  }
  const Instant with_seconds = at(mo, 7, 59) + 59s + 999ms;
  EXPECT_EQ(hours("Mo-Fr 08:00-18:00").next_opening(with_seconds), at(mo, 8));
}

TEST(NextOpening, EveryMinuteOfTheWeekThenAgreesWithIsOpen) {
  for (const char* text :
       {"Mo-Fr 08:00-12:00,13:30-17:30; Sa 20:00-28:00", "22:00-06:00", "Su 23:00-01:00", "Tu"}) {
    const OpeningHours parsed = hours(text);
    std::optional<Instant> opening;
    for (int minute = 8 * 24 * 60; minute >= 0; --minute) {
      const Instant now = at(mo, 0, minute);
      opening = parsed.is_open(now) ? now : opening;
      if (minute <= 24 * 60) {
        ASSERT_EQ(parsed.next_opening(now), opening) << text << " " << minute;
      }
    }
  }
}

TEST(ParseHours, WhatIsNotUnderstoodThenRefusedByItsReason) {
  struct Refused {
    const char* text;
    const char* reason;
  };
  const Refused rows[] = {
      {"Mo-Fr 08:00-18:00; PH off", "public holidays"},
      {"Mo-Fr,PH 08:00-18:00", "public holidays"},
      {"SH off", "school holidays"},
      {"May-Sep 08:00-18:00", "months"},
      {"week 1-10 08:00-18:00", "weeks"},
      {"sunrise-sunset", "sun"},
      {"(sunrise+01:00)-20:00", "sun"},
      {"08:00-sunset", "sun"},
      {"Mo[1] 08:00-18:00", "n-th weekday"},
      {"08:00+", "open ends"},
      {"08:00-18:00+", "open ends"},
      {"08:00-18:00 || \"call\"", "fallback"},
      {"08:00-18:00 \"ring twice\"", "comments"},
      {"Mo-Fr unknown", "unknown"},
      {"Mo-", "not understood"},
      {"Mo,", "not understood"},
      {"08:00", "not understood"},
      {"08:00-", "not understood"},
      {"08:00-18", "not understood"},
      {"08:60-18:00", "not understood"},
      {"08:0-18:00", "not understood"},
      {"24:00-25:00", "not understood"},
      {"20:00-48:01", "not understood"},
      {"080:00-18:00", "not understood"},
      {"08:00-18:000", "not understood"},
      {"mo-fr 08:00-18:00", "not understood"},
      {"Mo-Fr 08:00-18:00;", "not understood"},
      {";", "not understood"},
      {"08:00-18:00,", "not understood"},
      {"24/7 x", "not understood"},
      {"早八点到晚六点", "not understood"},
  };
  for (const Refused& row : rows) {
    const Result<OpeningHours> parsed = OpeningHours::parse(row.text);
    ASSERT_TRUE(parsed.has_error()) << row.text;
    EXPECT_NE(parsed.error().detail.en.find(row.reason), std::string::npos)
        << row.text << ": " << parsed.error().detail.en;
  }
}

}  // namespace
}  // namespace tuanyuan::core
