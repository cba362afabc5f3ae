#include "adapters/push/address_guard.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::push {
namespace {

boost::asio::ip::address at(const char* text) {
  return boost::asio::ip::make_address(text);
}

AddressGuard naming(std::initializer_list<const char*> texts) {
  std::vector<Network> named;
  for (const char* text : texts) {
    named.push_back(parse_network(text).value());
  }
  return AddressGuard(std::move(named));
}

TEST(AddressGuard, EveryAddressThatIsNotPublicThenRefused) {
  const char* refused[] = {
      "0.0.0.0",
      "0.1.2.3",  // this network
      "10.0.0.0",
      "10.255.255.255",
      "172.16.0.1",  // RFC 1918
      "172.31.255.255",
      "192.168.0.1",
      "192.168.255.255",  //
      "100.64.0.0",
      "100.127.255.255",  // carriers' NAT
      "127.0.0.1",
      "127.255.255.255",  // loopback
      "169.254.0.1",
      "169.254.169.254",  // link-local, cloud metadata
      "192.0.0.1",
      "192.0.0.170",  // protocol assignments
      "192.0.2.1",
      "198.51.100.1",
      "203.0.113.255",  // documentation
      "192.88.99.1",    // 6to4 relays
      "198.18.0.0",
      "198.19.255.255",  // benchmarks
      "224.0.0.1",
      "239.255.255.255",  // multicast
      "240.0.0.1",
      "255.255.255.254",
      "255.255.255.255",  // reserved, broadcast
      "::",
      "::1",  // unspecified, loopback
      "::ffff:8.8.8.8",
      "::ffff:127.0.0.1",
      "::ffff:10.0.0.1",  // IPv4-mapped
      "::8.8.8.8",
      "::127.0.0.1",  // IPv4-compatible
      "64:ff9b::8.8.8.8",
      "64:ff9b::7f00:1",
      "64:ff9b:1::1",  // NAT64
      "100::1",        // discard
      "2001::1",
      "2001:0:7f00:1::1",  // Teredo
      "2001:2::1",
      "2001:10::1",
      "2001:20::1",
      "2001:1ff:ffff::1",
      "2001:db8::1",
      "3fff::1",
      "3fff:fff:ffff::1",  // documentation
      "2002:7f00:1::1",
      "2002:808:808::1",  // 6to4
      "4000::1",
      "5f00::1",
      "1fff::1",  // not given out
      "fc00::1",
      "fd12:3456:789a::1",  // unique local
      "fe80::1",
      "febf::1",
      "fec0::1",  // link- and site-local
      "ff02::1",
      "ff0e::1",  // multicast
  };
  for (const char* text : refused) {
    EXPECT_FALSE(AddressGuard().permits(at(text))) << text;
  }
}

TEST(AddressGuard, PublicAddressThenPermittedUpToTheEdgesOfWhatIsNot) {
  const char* permitted[] = {
      "1.0.0.0",      "9.255.255.255",   "11.0.0.0",     "100.63.255.255",  "100.128.0.0",  "126.255.255.255",
      "128.0.0.0",    "169.253.255.255", "169.255.0.0",  "172.15.255.255",  "172.32.0.0",   "192.0.1.0",
      "192.0.3.0",    "192.88.98.255",   "192.88.100.0", "192.167.255.255", "192.169.0.0",  "198.17.255.255",
      "198.20.0.0",   "198.51.99.255",   "198.51.101.0", "203.0.112.255",   "203.0.114.0",  "223.255.255.255",
      "2000::1",      "2001:200::1",     "2001:da8::1",  "2003::1",         "2408:8000::1", "2606:4700::1111",
      "3ffe:ffff::1", "3fff:1000::1",
  };
  for (const char* text : permitted) {
    EXPECT_TRUE(AddressGuard().permits(at(text))) << text;
    EXPECT_FALSE(AddressGuard().names(at(text))) << text;
  }
}

TEST(AddressGuard, AnAddressThatTheDeploymentNamesThenPermitted) {
  const AddressGuard guard = naming({"127.0.0.0/8", "::1", "10.20.0.0/15", "fd00:12::/32"});
  for (const char* text : {"127.0.0.1", "127.9.9.9", "::1", "10.20.0.0", "10.21.255.255", "fd00:12:ffff::1"}) {
    EXPECT_TRUE(guard.names(at(text)) && guard.permits(at(text))) << text;
  }
  for (const char* text : {"10.19.255.255", "10.22.0.0", "::2", "fd00:13::1", "192.168.0.1"}) {
    EXPECT_FALSE(guard.names(at(text)) || guard.permits(at(text))) << text;
  }
}

TEST(AddressGuard, AnIpv4NetworkNamedThenNotWhatCarriesIt) {
  const AddressGuard guard = naming({"127.0.0.0/8", "0.0.0.0/0"});
  EXPECT_TRUE(guard.permits(at("10.0.0.1")));
  EXPECT_FALSE(guard.permits(at("::ffff:127.0.0.1")));
  EXPECT_FALSE(guard.permits(at("64:ff9b::7f00:1")));
  EXPECT_TRUE(naming({"::ffff:127.0.0.1"}).permits(at("::ffff:127.0.0.1")));
}

TEST(AddressGuard, WhatIsNoNetworkThenNotRead) {
  for (const char* text :
       {"", "/", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0.1/8",
        "10.0.0.0/08x", "::/129", "fd00::1/8", "fe80::1%lo", "1.2.3", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(parse_network(text)) << text;
  }
  EXPECT_FALSE(parse_network(std::string_view("10.0.0.0\0/0", 11)));
  EXPECT_EQ(parse_network("10.0.0.1")->bits, 32U);
  EXPECT_EQ(parse_network("::1")->bits, 128U);
  EXPECT_EQ(parse_network("::/0")->bits, 0U);
}

}  // namespace
}  // namespace tuanyuan::push
