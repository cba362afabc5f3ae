#include "runtime/entropy.hpp"

#include <sys/random.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace tuanyuan::runtime {
namespace {

void append_hex(std::string& text, std::uint64_t value, int digits) {
  static constexpr std::string_view symbols = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text.push_back(symbols[(value >> shift) & 0xF]);
  }
}

void fill_from_system(void* bytes, std::size_t size) {
  auto* to = static_cast<unsigned char*>(bytes);
  while (size != 0) {
    const ssize_t got = ::getrandom(to, size, 0);
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    to += got;
    size -= static_cast<std::size_t>(got);
  }
}

}  // namespace

std::string uuid_v7(core::Instant at, std::uint64_t random_high, std::uint64_t random_low) {
  const auto milliseconds = static_cast<std::uint64_t>(core::to_epoch_ms(at)) & 0xFFFF'FFFF'FFFF;
  const std::uint64_t version = 0x7000 | (random_high & 0x0FFF);
  const std::uint64_t variant = 0x8000'0000'0000'0000 | (random_low & 0x3FFF'FFFF'FFFF'FFFF);
  std::string text;
  text.reserve(36);
  append_hex(text, milliseconds >> 16, 8);
  text.push_back('-');
  append_hex(text, milliseconds & 0xFFFF, 4);
  text.push_back('-');
  append_hex(text, version, 4);
  text.push_back('-');
  append_hex(text, variant >> 48, 4);
  text.push_back('-');
  append_hex(text, variant & 0xFFFF'FFFF'FFFF, 12);
  return text;
}

std::uint64_t OsEntropy::next() {
  if (left_ == 0) {
    fill_from_system(pool_.data(), sizeof pool_);
    left_ = pool_.size();
  }
  --left_;
  const std::uint64_t value = pool_[left_];
  pool_[left_] = 0;
  return value;
}

std::string OsEntropy::uuid(core::Instant at) {
  const std::uint64_t high = next();
  return uuid_v7(at, high, next());
}

std::uint64_t SeededEntropy::next() {
  state_ += 0x9E37'79B9'7F4A'7C15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58'476D'1CE4'E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EB;
  return mixed ^ (mixed >> 31);
}

std::string SeededEntropy::uuid(core::Instant at) {
  const std::uint64_t high = next();
  return uuid_v7(at, high, next());
}

}  // namespace tuanyuan::runtime
