#include "core/telephone.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

TEST(Telephone, EveryWayOfWritingItThenOneNumber) {
  const std::pair<const char*, const char*> rows[] = {
      {"13812345678", "13812345678"},
      {"+8613812345678", "13812345678"},
      {"008613812345678", "13812345678"},
      {"8613812345678", "13812345678"},
      {"024-5550 0110", "02455500110"},
      {"110", "110"},
      {"86138", "86138"},
      {"+4930123456", "4930123456"},
      {"12", ""},
      {"", ""},
      {"+", ""},
      {"138x2345678", ""},
      {"1234567890123456", ""},
  };
  for (const auto& [written, number] : rows) {
    EXPECT_EQ(national_number(written), number) << written;
  }
}

}  // namespace
}  // namespace tuanyuan::core
