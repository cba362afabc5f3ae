#include "core/speaking_time.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

constexpr std::size_t cardinal_digits_max = 3;
constexpr std::size_t letters_in_a_syllable = 3;

bool is_han(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
         c == U'〇';
}

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}

/// What stands between words and is not read.
bool is_silent(char32_t c) {
  constexpr std::u32string_view ascii_letters_beside = U"'";
  if (c < 0x80) {
    const bool letter = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    return !letter && ascii_letters_beside.find(c) == std::u32string_view::npos;
  }
  return c == 0xA0 || c == 0xB7 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) ||
         (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xFF3B && c <= 0xFF40) ||
         (c >= 0xFF5B && c <= 0xFF65);
}

bool is_upper(char32_t c) {
  return c >= U'A' && c <= U'Z';
}

/// 二十六 is three syllables, 一百零五 four; of up to three digits without a leading zero.
std::size_t syllables_below_thousand(int number) {
  const int hundreds = number / 100;
  const int rest = number % 100;
  std::size_t count = hundreds > 0 ? 2 : 0;
  if (rest == 0) {
    return std::max<std::size_t>(count, 1);
  }
  if (rest < 10) {
    return count + (hundreds > 0 ? 2 : 1);
  }
  count += rest / 10 == 1 && hundreds == 0 ? 1 : 2;  // 十二, but 一百一十二
  return count + (rest % 10 == 0 ? 0 : 1);
}

/// "twenty-six" is two words, "one hundred and five" four.
std::size_t words_below_thousand(int number) {
  const int hundreds = number / 100;
  const int rest = number % 100;
  const std::size_t count = hundreds > 0 ? (rest > 0 ? 3 : 2) : 0;
  if (rest == 0) {
    return std::max<std::size_t>(count, 1);
  }
  return count + (rest > 20 && rest % 10 != 0 ? 2 : 1);
}

/// Adds up what is read, run by run.
class Reading {
 public:
  explicit Reading(bool chinese) : chinese_(chinese) {}

  void read(char32_t c) {
    if (is_digit(c)) {
      end_word();
      digits_ += static_cast<char>(c);
      return;
    }
    end_number();
    if (is_han(c)) {
      end_word();
      syllables_ += 1;
    } else if (is_silent(c)) {
      end_word();
    } else {
      letters_ += 1;
      capitals_ += is_upper(c) ? 1 : 0;
    }
  }

  std::chrono::duration<double> end() {
    end_number();
    end_word();
    return std::chrono::duration<double>(static_cast<double>(syllables_) / announcement_pace.syllables_per_second +
                                         static_cast<double>(words_) / announcement_pace.words_per_second);
  }

 private:
  void end_number() {
    if (digits_.empty()) {
      return;
    }
    const bool cardinal = digits_.size() <= cardinal_digits_max && (digits_.size() == 1 || digits_.front() != '0');
    const int number = cardinal ? std::stoi(digits_) : 0;
    if (chinese_) {
      syllables_ += cardinal ? syllables_below_thousand(number) : digits_.size();
    } else {
      words_ += cardinal ? words_below_thousand(number) : digits_.size();
    }
    digits_.clear();
  }

  void end_word() {
    if (letters_ == 0) {
      return;
    }
    if (!chinese_) {
      words_ += 1;
    } else if (capitals_ == letters_) {
      syllables_ += letters_;  // spelt, as on a number plate
    } else {
      syllables_ += (letters_ + letters_in_a_syllable - 1) / letters_in_a_syllable;
    }
    letters_ = 0;
    capitals_ = 0;
  }

  bool chinese_;
  std::string digits_;
  std::size_t letters_ = 0;
  std::size_t capitals_ = 0;
  std::size_t syllables_ = 0;
  std::size_t words_ = 0;
};

}  // namespace

std::chrono::duration<double> speaking_time(std::string_view text, std::string_view language) {
  Reading reading(language.substr(0, language.find('-')) == "zh");
  while (const std::optional<char32_t> c = take_code_point(text)) {
    reading.read(*c);
  }
  return reading.end();
}

Fits at_most_spoken(std::chrono::duration<double> most, std::string_view language) {
  return [most, tag = std::string(language)](std::string_view text) { return speaking_time(text, tag) <= most; };
}

}  // namespace tuanyuan::core
