#include "fuzz/mutator.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tuanyuan::fuzz {
namespace {

constexpr std::size_t changes_max = 6;
constexpr std::size_t piece_bytes_max = 64;

/// SplitMix64: a few instructions, and the same everywhere, unlike the distributions of <random>.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t value = state_ += 0x9E3779B97F4A7C15;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
  }
  /// 0 to count - 1; 0 where there is nothing to choose from.
  std::size_t below(std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(next() % count); }
  char octet() { return static_cast<char>(next()); }

 private:
  std::uint64_t state_;
};

// What ends numbers, texts and lists in one format or another.
constexpr char telling[] = "\0\1\x7F\x80\xFF\"'\\{}[]():;,./%+-*#&=?~@ \t\r\nT0189AZaz";
constexpr std::string_view telling_octets(telling, sizeof(telling) - 1);

// Where ranges end.
constexpr std::array<std::string_view, 18> telling_words{"0",
                                                         "-1",
                                                         "255",
                                                         "256",
                                                         "65535",
                                                         "65536",
                                                         "2147483648",
                                                         "4294967295",
                                                         "4294967296",
                                                         "1e9",
                                                         "0.5",
                                                         "-0.0",
                                                         "null",
                                                         "1e400",
                                                         "\xC0\x80",
                                                         "\xED\xA0\x80",
                                                         "9223372036854775808",
                                                         "18446744073709551616"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view piece_of(std::string_view text, Random& random) {
  const std::size_t from = random.below(text.size());
  return text.substr(from, 1 + random.below(std::min(piece_bytes_max, text.size())));
}

void replace_number(std::string& input, Random& random) {
  const auto from =
      std::find_if(input.begin() + static_cast<std::ptrdiff_t>(random.below(input.size())), input.end(), is_digit);
  const auto to = std::find_if_not(from, input.end(), is_digit);
  const std::string_view word = telling_words[random.below(telling_words.size())];
  input.replace(from, to, word.begin(), word.end());
}

void swap_pieces(std::string& input, Random& random) {
  const std::string piece(piece_of(input, random));
  const std::size_t at = random.below(input.size());
  input.replace(at, std::min(piece.size(), input.size() - at), piece);
}

/// One change. An empty input can only grow.
void change(std::string& input, const std::string& other, Random& random) {
  const std::size_t at = random.below(input.size());
  switch (input.empty() ? 8 + random.below(2) : random.below(11)) {
    case 0:
      input[at] = static_cast<char>(input[at] ^ static_cast<char>(1 << random.below(8)));
      break;
    case 1:
      input[at] = random.octet();
      break;
    case 2:
      input[at] = telling_octets[random.below(telling_octets.size())];
      break;
    case 3:
      input[at] =
          static_cast<char>(input[at] + static_cast<char>(1 + random.below(4)) * (random.below(2) ? 1 : -1));
      break;
    case 4:
      input.erase(at, 1 + random.below(random.below(2) ? 4 : piece_bytes_max));
      break;
    case 5:
      input.insert(at, std::string(piece_of(input, random)));
      break;
    case 6:
      swap_pieces(input, random);
      break;
    case 7:
      replace_number(input, random);
      break;
    case 8:
      input.insert(at, std::string(1 + random.below(4), telling_octets[random.below(telling_octets.size())]));
      break;
    case 9:
      input.insert(at, std::string(piece_of(other, random)));
      break;
    default:
      input = input.substr(0, at) + other.substr(std::min(other.size(), random.below(other.size() + 1)));
  }
}

}  // namespace

std::string Mutator::make(std::uint64_t index) const {
  Random random(seed_ ^ Random(index).next());
  std::string input = corpus_.empty() ? std::string() : corpus_[random.below(corpus_.size())];
  // Mostly one or two: after many changes nothing of a format's beginning is left to get past.
  const std::size_t changes = 1 + random.below(1 + random.below(changes_max));
  for (std::size_t i = 0; i < changes; ++i) {
    change(input, corpus_.empty() ? input : corpus_[random.below(corpus_.size())], random);
  }
  if (input.size() > mutated_bytes_max) {
    input.resize(mutated_bytes_max);
  }
  return input;
}

}  // namespace tuanyuan::fuzz
