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

TEST(Endpoints, FirstIsUsualAndSecondIsNext) {
  struct {
    std::vector<ChannelKind> named;
    ChannelKind usual;
    ChannelKind next;
  } const rows[] = {
      {{}, ChannelKind::mqtt, ChannelKind::mqtt},
      {{ChannelKind::mqtt}, ChannelKind::mqtt, ChannelKind::mqtt},
      {{ChannelKind::mqtt, ChannelKind::sms}, ChannelKind::mqtt, ChannelKind::sms},
      {{ChannelKind::webhook}, ChannelKind::webhook, ChannelKind::webhook},
      {{ChannelKind::webhook, ChannelKind::voice, ChannelKind::sms}, ChannelKind::webhook, ChannelKind::voice},
  };
  for (const auto& row : rows) {
    Endpoints endpoints = all_offered();
    endpoints.put(7, ways(row.named));
    EXPECT_EQ(endpoints.usual(7), row.usual);
    EXPECT_EQ(endpoints.next(7), row.next);
    EXPECT_EQ(endpoints.usual_by_gateway().contains(7), row.usual != ChannelKind::mqtt);
  }
}

TEST(Endpoints, ReplacedThenTheFormerOnesAreForgotten) {
  Endpoints endpoints = all_offered();
  endpoints.put(7, ways({ChannelKind::webhook}));
  endpoints.put(7, ways({ChannelKind::sms}));
  EXPECT_EQ(endpoints.usual(7), ChannelKind::sms);
  endpoints.put(7, {});
  EXPECT_TRUE(endpoints.usual_by_gateway().isEmpty());
}

TEST(Endpoints, WhatIsNotOfferedIsPassedOver) {
  Endpoints endpoints;
  endpoints.put(7, ways({ChannelKind::fcm, ChannelKind::webhook, ChannelKind::sms}));
  EXPECT_EQ(endpoints.usual(7), ChannelKind::mqtt) << "it may have equipment";
  endpoints.offer(ChannelKind::sms);
  EXPECT_EQ(endpoints.usual(7), ChannelKind::sms);
  EXPECT_EQ(endpoints.next(7), ChannelKind::sms);
  endpoints.offer(ChannelKind::webhook);
  EXPECT_EQ(endpoints.usual(7), ChannelKind::webhook);
  EXPECT_EQ(endpoints.next(7), ChannelKind::sms);
}

TEST(Endpoints, NumbersAreFoundByGatewayUntilTheyAreReplaced) {
  Endpoints endpoints = all_offered();
  const core::Endpoint phone{ChannelKind::sms, "+86 138-0000-0001", ""};
  endpoints.put(7, {phone});
  endpoints.put(8, {{ChannelKind::voice, "13800000001", ""}, phone});
  using Found = std::vector<core::Ordinal>;
  const auto sorted = [&](ChannelKind gateway) {
    Found found = endpoints.maybe_at(gateway, "13800000001");
    std::sort(found.begin(), found.end());
    return found;
  };
  EXPECT_EQ(sorted(ChannelKind::sms), (Found{7, 8}));
  EXPECT_EQ(sorted(ChannelKind::voice), (Found{8}));
  endpoints.put(8, {{ChannelKind::sms, "13800000002", ""}});
  EXPECT_EQ(sorted(ChannelKind::sms), (Found{7}));
  endpoints.put(7, {});
  EXPECT_EQ(sorted(ChannelKind::sms), Found());
  EXPECT_EQ(endpoints.maybe_at(ChannelKind::sms, "13800000002"), (Found{8}));
}

TEST(Endpoints, RetiredAddressIsPassedOverUntilItIsAnother) {
  Endpoints endpoints = all_offered();
  std::vector<core::Endpoint> named = ways({ChannelKind::webhook, ChannelKind::sms});
  named[0].retired_at = core::from_epoch_ms(1);
  endpoints.put(7, named);
  EXPECT_EQ(endpoints.usual(7), ChannelKind::sms);
  EXPECT_EQ(endpoints.retired(ChannelKind::webhook), 1U);
  endpoints.put(7, ways({ChannelKind::webhook, ChannelKind::sms}));
  EXPECT_EQ(endpoints.usual(7), ChannelKind::sms) << "put again by somebody who does not know of it";
  named = ways({ChannelKind::webhook});
  named[0].address = "another";
  endpoints.put(7, named);
  EXPECT_EQ(endpoints.usual(7), ChannelKind::webhook);
  EXPECT_EQ(endpoints.retired(ChannelKind::webhook), 0U);
}

TEST(Endpoints, ShutWayIsPassedOverForTheNextOnly) {
  Endpoints endpoints = all_offered();
  endpoints.put(7, ways({ChannelKind::webhook, ChannelKind::sms, ChannelKind::voice}));
  const auto is_shut = [](ChannelKind way) { return way == ChannelKind::sms || way == ChannelKind::webhook; };
  EXPECT_EQ(endpoints.usual(7), ChannelKind::webhook);
  EXPECT_EQ(endpoints.next(7, is_shut), ChannelKind::voice);
}

TEST(GatewaySets, WrittenAndReadAgain) {
  GatewaySets sets;
  EXPECT_EQ(to_gateway_sets(to_bytes(sets)), sets);
  sets[ChannelKind::webhook] = core::RecipientSet::bitmapOf(3, 1, 5, 1'000'000);
  sets[ChannelKind::ntfy] = core::RecipientSet::bitmapOf(1, 2);
  const std::string bytes = to_bytes(sets);
  EXPECT_EQ(to_gateway_sets(bytes), sets);
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    const auto cut = to_gateway_sets(bytes.substr(0, length));
    EXPECT_TRUE(!cut || cut->size() == 1) << length;
  }
  EXPECT_FALSE(to_gateway_sets(std::string("\xFF\0\0\0\0", 5))) << "no such channel";
}

}  // namespace
}  // namespace tuanyuan::engine
