#include "engine/endpoints.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include "engine/bytes.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;

std::vector<core::Endpoint> ways(std::vector<ChannelKind> kinds) {
  std::vector<core::Endpoint> endpoints;
  for (const ChannelKind kind : kinds) {
    endpoints.push_back({kind, "address", ""});
  }
  return endpoints;
}

Endpoints all_offered() {
  Endpoints endpoints;
  for (const ChannelKind kind : {ChannelKind::webhook, ChannelKind::sms, ChannelKind::voice}) {
    endpoints.offer(kind);
  }
  return endpoints;
}

bool nothing_is_shut(ChannelKind) {
  return false;
}
std::vector<ChannelKind> channels(const std::vector<core::Way>& found) {
  std::vector<ChannelKind> kinds;
  for (const core::Way way : found) {
    kinds.push_back(way.channel);
  }
  return kinds;
}
using Kinds = std::vector<ChannelKind>;

TEST(Endpoints, FirstIsUsualAndTheOthersAreFurtherInOrder) {
  struct {
    std::vector<ChannelKind> named;
    ChannelKind usual;
    Kinds further;
  } const rows[] = {
      {{}, ChannelKind::mqtt, {}},
      {{ChannelKind::mqtt}, ChannelKind::mqtt, {}},
      {{ChannelKind::mqtt, ChannelKind::sms}, ChannelKind::mqtt, {ChannelKind::sms}},
      {{ChannelKind::webhook}, ChannelKind::webhook, {}},
      {{ChannelKind::webhook, ChannelKind::webhook}, ChannelKind::webhook, {}},  // named twice, it is one
      {{ChannelKind::webhook, ChannelKind::voice, ChannelKind::mqtt, ChannelKind::sms},
       ChannelKind::webhook,
       {ChannelKind::voice, ChannelKind::mqtt, ChannelKind::sms}},
  };
  for (const auto& row : rows) {
    Endpoints endpoints = all_offered();
    endpoints.put(7, ways(row.named));
    EXPECT_EQ(endpoints.usual(7).channel, row.usual);
    EXPECT_EQ(channels(endpoints.further(7, nothing_is_shut)), row.further);
    EXPECT_EQ(endpoints.usual_by_gateway().contains(7), row.usual != ChannelKind::mqtt);
    EXPECT_EQ(endpoints.walked().contains(7), row.further.size() > 1);
  }
}

TEST(Endpoints, TwoOfOneChannelThenTwoWays) {
  Endpoints endpoints = all_offered();
  const core::Endpoint day{ChannelKind::sms, "13800000001", ""};
  const core::Endpoint night{ChannelKind::sms, "13800000002", ""};
  endpoints.put(7, {day, night});
  EXPECT_EQ(endpoints.usual(7), core::way_of(day));
  EXPECT_EQ(endpoints.further(7, nothing_is_shut), (std::vector<core::Way>{core::way_of(night)}));
}

TEST(Endpoints, ReplacedThenTheFormerOnesAreNoWayAnyMoreAndStillKnown) {
  Endpoints endpoints = all_offered();
  const auto before = ways({ChannelKind::webhook});
  endpoints.put(7, before);
  EXPECT_FALSE(endpoints.has_former(7));
  endpoints.put(7, ways({ChannelKind::sms}));
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::sms);
  EXPECT_TRUE(endpoints.has_former(7));
  EXPECT_TRUE(endpoints.walked().contains(7));
  EXPECT_EQ(endpoints.oldest(7, ChannelKind::webhook), core::way_of(before[0]));
  endpoints.put(7, {});
  EXPECT_TRUE(endpoints.usual_by_gateway().isEmpty());
  endpoints.put(7, before);
  EXPECT_EQ(endpoints.oldest(7, ChannelKind::webhook), core::way_of(before[0]));
}

TEST(Endpoints, ReadAtAStartThenWhatItHadBeforeIsKnownAndTheOldestIsMeantByTheChannelAlone) {
  Endpoints endpoints = all_offered();
  const core::Endpoint old{ChannelKind::webhook, "https://old.example", ""};
  const core::Endpoint now{ChannelKind::webhook, "https://now.example", ""};
  endpoints.put(7, {now}, {old});
  EXPECT_EQ(endpoints.usual(7), core::way_of(now));
  EXPECT_TRUE(endpoints.has_former(7));
  EXPECT_EQ(endpoints.oldest(7, ChannelKind::webhook), core::way_of(old));
  EXPECT_EQ(endpoints.oldest(7, ChannelKind::sms), (core::Way{ChannelKind::sms, 0}));
  endpoints.put(8, {now});
  EXPECT_EQ(endpoints.oldest(8, ChannelKind::webhook), core::way_of(now));
}

TEST(Endpoints, WhatIsNotOfferedIsPassedOver) {
  Endpoints endpoints;
  endpoints.put(7, ways({ChannelKind::fcm, ChannelKind::webhook, ChannelKind::sms}));
  EXPECT_EQ(endpoints.usual(7), core::Way()) << "it may have equipment";
  endpoints.offer(ChannelKind::sms);
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::sms);
  EXPECT_EQ(channels(endpoints.further(7, nothing_is_shut)), Kinds());
  endpoints.offer(ChannelKind::webhook);
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::webhook);
  EXPECT_EQ(channels(endpoints.further(7, nothing_is_shut)), (Kinds{ChannelKind::sms}));
}

TEST(Endpoints, NumbersAreFoundByGatewayAlsoThoseThatWereReplaced) {
  Endpoints endpoints = all_offered();
  const core::Endpoint phone{ChannelKind::sms, "+86 138-0000-0001", ""};
  endpoints.put(7, {phone});
  endpoints.put(8, {{ChannelKind::voice, "13800000001", ""}, phone});
  using Found = std::vector<core::Ordinal>;
  const auto sorted = [&](ChannelKind gateway, const std::string& number) {
    Found found = endpoints.maybe_at(gateway, number);
    std::sort(found.begin(), found.end());
    return found;
  };
  EXPECT_EQ(sorted(ChannelKind::sms, "13800000001"), (Found{7, 8}));
  EXPECT_EQ(sorted(ChannelKind::voice, "13800000001"), (Found{8}));
  endpoints.put(8, {{ChannelKind::sms, "13800000002", ""}});
  endpoints.put(9, {}, {phone});
  EXPECT_EQ(sorted(ChannelKind::sms, "13800000001"), (Found{7, 8, 9}));
  EXPECT_EQ(sorted(ChannelKind::sms, "13800000002"), (Found{8}));
}

TEST(Endpoints, RetiredAddressIsPassedOverUntilItIsAnother) {
  Endpoints endpoints = all_offered();
  std::vector<core::Endpoint> named = ways({ChannelKind::webhook, ChannelKind::sms});
  named[0].retired_at = core::from_epoch_ms(1);
  endpoints.put(7, named);
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::sms);
  EXPECT_EQ(endpoints.retired(ChannelKind::webhook, core::RecipientSet::bitmapOf(2, 6U, 7U)), 1U);
  EXPECT_EQ(endpoints.retired(ChannelKind::webhook, core::RecipientSet::bitmapOf(1, 6U)), 0U);
  EXPECT_TRUE(endpoints.is_retired(7, core::way_of(named[0])));
  endpoints.put(7, ways({ChannelKind::webhook, ChannelKind::sms}));
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::webhook);
  endpoints.put(7, named);
  named = ways({ChannelKind::webhook});
  named[0].address = "another";
  endpoints.put(7, named);
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::webhook);
  EXPECT_EQ(endpoints.retired(ChannelKind::webhook, core::RecipientSet::bitmapOf(1, 7U)), 0U);
}

TEST(Endpoints, ShutWayIsPassedOverForTheFurtherOnly) {
  Endpoints endpoints = all_offered();
  endpoints.put(7, ways({ChannelKind::webhook, ChannelKind::sms, ChannelKind::voice}));
  const auto is_shut = [](ChannelKind way) { return way == ChannelKind::sms || way == ChannelKind::webhook; };
  EXPECT_EQ(endpoints.usual(7).channel, ChannelKind::webhook);
  EXPECT_EQ(channels(endpoints.further(7, is_shut)), (Kinds{ChannelKind::voice}));
}

TEST(ToldBy, WrittenAndReadAgain) {
  ToldBy told_by;
  EXPECT_EQ(to_told_by(to_bytes(told_by)), told_by);
  told_by.add(1'000'000, {ChannelKind::webhook, UINT64_MAX - 1});
  told_by.add(3, {ChannelKind::webhook, 7});
  told_by.add(3, {ChannelKind::ntfy, 7});
  const std::string bytes = to_bytes(told_by);
  EXPECT_EQ(to_told_by(bytes), told_by);
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    const auto cut = to_told_by(bytes.substr(0, length));
    EXPECT_TRUE(!cut || length % 13 == 0) << length;
  }
  EXPECT_FALSE(to_told_by(std::string(4, '\0') + "\xFF" + std::string(8, '\0'))) << "no such channel";
}

TEST(ToldBy, AskedThenByRecipientChannelAndEndpoint) {
  ToldBy told_by;
  const core::Way first{ChannelKind::webhook, 1};
  const core::Way second{ChannelKind::sms, 2};
  told_by.add(3, second);
  told_by.add(3, first);
  told_by.add(5, first);
  EXPECT_TRUE(told_by.contains(3));
  EXPECT_FALSE(told_by.contains(4));
  EXPECT_TRUE(told_by.contains(3, ChannelKind::sms));
  EXPECT_FALSE(told_by.contains(5, ChannelKind::sms));
  EXPECT_TRUE(told_by.contains({5, first}));
  EXPECT_FALSE(told_by.contains({5, core::Way{ChannelKind::webhook, 2}}));
  EXPECT_EQ(told_by.everybody(), core::RecipientSet::bitmapOf(2, 3, 5));
  EXPECT_EQ(told_by.of(3), (std::vector<core::Way>{first, second}));
  ToldBy others;
  others.add(3, first);
  EXPECT_FALSE(told_by.without(others).contains({3, first}));
  EXPECT_TRUE(told_by.without(others).contains({5, first}));
  EXPECT_TRUE(others.without(told_by).empty());
}

TEST(ToldBy, AddedInWhateverOrderThenEachOnceAndInTheOrderOfTheRecipients) {
  const core::Way way{ChannelKind::webhook, 1};
  const auto those = [&way](const std::vector<core::Ordinal>& recipients) {
    ToldBy told_by;
    for (const core::Ordinal recipient : recipients) {
      told_by.add(recipient, way);
    }
    return told_by;
  };
  const struct {
    std::vector<core::Ordinal> one, other, both;
  } cases[] = {
      {{}, {}, {}},
      {{}, {2, 1}, {1, 2}},
      {{2, 1, 2}, {}, {1, 2}},
      {{1, 3}, {5, 7}, {1, 3, 5, 7}},
      {{5, 7}, {1, 3}, {1, 3, 5, 7}},
      {{1, 5, 9}, {5, 7}, {1, 5, 7, 9}},
      {{9, 5, 1}, {9, 1, 5}, {1, 5, 9}},
  };
  for (const auto& [one, other, both] : cases) {
    ToldBy sum = those(one);
    sum.add(those(other));
    std::vector<core::Ordinal> found;
    for (const Told& told : sum) {
      found.push_back(told.recipient);
    }
    EXPECT_EQ(found, both);
    EXPECT_EQ(sum, those(both));
  }
}

TEST(ToldBy, AsAnEarlierVersionWroteItThenByTheFirstOfEachChannel) {
  const std::string set = to_bytes(core::RecipientSet::bitmapOf(2, 3, 1'000'000));
  std::string bytes(1, static_cast<char>(ChannelKind::sms));
  bytes += std::string(3, '\0') + static_cast<char>(set.size()) + set;
  const auto told_by = to_told_by_channels(bytes);
  ASSERT_TRUE(told_by);
  EXPECT_EQ(told_by->everybody(), core::RecipientSet::bitmapOf(2, 3, 1'000'000));
  EXPECT_TRUE(told_by->contains({3, core::Way{ChannelKind::sms, 0}}));
  std::string both = bytes;
  both[0] = static_cast<char>(ChannelKind::webhook);
  both += bytes;
  const auto of_both = to_told_by_channels(both);
  ASSERT_TRUE(of_both);
  EXPECT_EQ(of_both->everybody(), told_by->everybody());
  EXPECT_EQ(of_both->of(3), (std::vector<core::Way>{{ChannelKind::webhook, 0}, {ChannelKind::sms, 0}}));
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_FALSE(to_told_by_channels(bytes.substr(0, length))) << length;
  }
  EXPECT_FALSE(to_told_by_channels(std::string("\xFF\0\0\0\0", 5))) << "no such channel";
}

}  // namespace
}  // namespace tuanyuan::engine
