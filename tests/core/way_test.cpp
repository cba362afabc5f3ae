#include "core/way.hpp"

#include <gtest/gtest.h>

#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

Endpoint at(const std::string& address, ChannelKind channel = ChannelKind::webhook) {
  return {channel, address, "secret"};
}
using Endpoints = std::vector<Endpoint>;

TEST(Way, SameChannelAndAddressThenTheSameKeyWhateverTheSecret) {
  Endpoint other = at("https://a.example");
  other.secret = "another";
  other.retired_at = from_epoch_ms(1);
  EXPECT_EQ(endpoint_key(other), endpoint_key(at("https://a.example")));
  EXPECT_NE(endpoint_key(at("https://a.example")), endpoint_key(at("https://b.example")));
  EXPECT_NE(endpoint_key(at("13800138000", ChannelKind::sms)),
            endpoint_key(at("13800138000", ChannelKind::voice)));
  EXPECT_EQ(way_of(at("x", ChannelKind::sms)).channel, ChannelKind::sms);
}

TEST(Way, KeysAreStoredSoTheyNeverChange) {
  EXPECT_EQ(endpoint_key(at("https://a.example")), 0x594d663500e476f4U);
  EXPECT_EQ(endpoint_key({ChannelKind::mqtt, "", ""}), 0U);
  EXPECT_EQ(way_of({ChannelKind::mqtt, "", ""}), Way());
}

TEST(FormerEndpoints, ReplacedThenKeptUntilTheyAreBack) {
  const Endpoints once = former_endpoints({}, {at("a"), at("b"), {ChannelKind::mqtt, "", ""}}, {at("b")}, {});
  EXPECT_EQ(once, (Endpoints{at("a")})) << "MQTT has no address that could be another's";
  const Endpoints twice = former_endpoints(once, {at("b")}, {at("c")}, {});
  EXPECT_EQ(twice, (Endpoints{at("a"), at("b")}));
  EXPECT_EQ(former_endpoints(twice, {at("c")}, {at("a")}, {}), (Endpoints{at("b"), at("c")}));
}

TEST(FormerEndpoints, OfThoseThatHadLeftOnlyTheNeededStay) {
  const EndpointKeys needed{endpoint_key(at("b"))};
  EXPECT_EQ(former_endpoints({at("a"), at("b")}, {at("c")}, {}, needed), (Endpoints{at("b"), at("c")}))
      << "what leaves now may have been told a moment ago";
  EXPECT_EQ(former_endpoints({at("a"), at("b")}, {}, {}, EndpointKeys()), Endpoints());
}

TEST(FormerEndpoints, TooManyThenTheOldestAreForgotten) {
  Endpoints former;
  for (std::size_t number = 0; number < former_endpoints_max; ++number) {
    former.push_back(at(std::to_string(number)));
  }
  const Endpoints kept = former_endpoints(former, {at("new")}, {}, {});
  EXPECT_EQ(kept.size(), former_endpoints_max);
  EXPECT_EQ(kept.front(), at("1"));
  EXPECT_EQ(kept.back(), at("new"));
}

}  // namespace
}  // namespace tuanyuan::core
