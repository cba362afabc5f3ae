#include "runtime/entropy.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "runtime/system_clock.hpp"

namespace tuanyuan::test {
namespace {

using runtime::OsEntropy;
using runtime::SeededEntropy;
using runtime::uuid_v7;

TEST(Uuid, ExampleOfTheStandardThenItsText) {
  // RFC 9562, appendix A.6: unix_ts_ms 017F22E279B0, rand_a CC3, rand_b 18C4DC0C0C07398F.
  EXPECT_EQ(uuid_v7(core::from_epoch_ms(0x017F'22E2'79B0), 0xCC3, 0x18C4'DC0C'0C07'398F),
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid, AnyRandomBitsThenVersionAndVariantStand) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  SeededEntropy entropy(1);
  for (int index = 0; index < 100; ++index) {
    EXPECT_TRUE(std::regex_match(entropy.uuid(core::from_epoch_ms(1'700'000'000'000)), form));
  }
}

TEST(Uuid, LaterTimeThenSortsLater) {
  SeededEntropy entropy(1);
  EXPECT_LT(entropy.uuid(core::from_epoch_ms(1'700'000'000'000)),
            entropy.uuid(core::from_epoch_ms(1'700'000'000'001)));
}

TEST(SeededEntropy, SeedOfZeroThenThePublishedNumbersOfSplitMix) {
  SeededEntropy entropy(0);
  EXPECT_EQ(entropy.next(), 0xE220'A839'7B1D'CDAFU);
  EXPECT_EQ(entropy.next(), 0x6E78'9E6A'A1B9'65F4U);
  EXPECT_EQ(entropy.next(), 0x06C4'5D18'8009'454FU);
}

TEST(OsEntropy, ManyNumbersThenNoneTwice) {
  OsEntropy entropy;
  std::set<std::uint64_t> seen;
  for (int index = 0; index < 1000; ++index) {
    seen.insert(entropy.next());
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(SystemClock, TwoReadingsThenSteadyTimeNeverGoesBack) {
  runtime::SystemClock clock;
  const auto before = clock.steady_now();
  EXPECT_LE(before, clock.steady_now());
  EXPECT_GT(core::to_epoch_ms(clock.wall_now()), 1'700'000'000'000);
}

}  // namespace
}  // namespace tuanyuan::test
