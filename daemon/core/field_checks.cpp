#include "core/field_checks.hpp"

#include <algorithm>
#include <optional>

#include "core/identity_number.hpp"
#include "core/limits.hpp"
#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

constexpr std::size_t phone_digits_min = 3;  // 110

Text too_long(std::size_t chars_max) {
  const std::string limit = std::to_string(chars_max);
  return {"不得超过 " + limit + " 个字符", "may have at most " + limit + " characters"};
}

// C0, DEL and C1, and the two separators that some displays take for line breaks.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

bool holds_control(std::string_view text, bool lines) {
  while (const std::optional<char32_t> c = take_code_point(text)) {
    if (is_control(*c) && !(lines && (*c == U'\n' || *c == U'\t'))) {
      return true;
    }
  }
  return false;
}

std::optional<Text> wrong_with(std::string_view value, const TextRule& rule) {
  const std::optional<std::size_t> chars = code_point_count(value);
  if (!chars) {
    return Text("不是有效的 UTF-8 文字", "is not valid UTF-8");
  }
  if (*chars > rule.chars_max) {
    return too_long(rule.chars_max);
  }
  if (holds_control(value, rule.lines)) {
    return rule.lines ? Text("含有控制字符（只允许换行与制表符）",
                             "holds control characters other than line breaks and tabs")
                      : Text("含有控制字符或换行", "holds control characters or line breaks");
  }
  if (rule.identity_numbers_refused && holds_identity_number(value)) {
    return Text("不得填写公民身份号码（GB 11643）", "may not hold a citizen identity number (GB 11643)");
  }
  return std::nullopt;
}

bool take_word(std::string_view& rest, std::string_view word) {
  const bool same =
      rest.size() >= word.size() && std::equal(word.begin(), word.end(), rest.begin(), [](char lower, char c) {
        return lower == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
      });
  if (same) {
    rest.remove_prefix(word.size());
  }
  return same;
}

// How many digits a telephone number has; none where it holds anything that belongs in none.
std::optional<std::size_t> phone_digits(std::string_view rest) {
  std::size_t digits = 0;
  while (!rest.empty()) {
    if (take_word(rest, "ext.") || take_word(rest, "ext") || take_word(rest, "转")) {
      continue;
    }
    const char c = rest.front();
    const bool digit = c >= '0' && c <= '9';
    if (!digit && std::string_view("+-() ").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
    digits += digit ? 1 : 0;
    rest.remove_prefix(1);
  }
  return digits;
}

Text degrees_up_to(int limit) {
  const std::string span = std::to_string(limit);
  return {"须为 -" + span + " 至 " + span + " 之间的度数",
          "has to be given in degrees from -" + span + " to " + span};
}

// False for what is not a number, too.
bool within(double degrees, double limit) {
  return degrees >= -limit && degrees <= limit;
}

}  // namespace

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void FieldChecks::require(bool given, std::string path) {
  if (!given) {
    refuse(std::move(path), Text("必填", "is required"));
  }
}

bool FieldChecks::text(std::string path, std::string_view value, const TextRule& rule) {
  std::optional<Text> wrong;
  if (!is_blank(value)) {
    wrong = wrong_with(value, rule);
  } else if (rule.required) {
    wrong = Text("必填", "is required");
  }
  if (wrong) {
    refuse(std::move(path), std::move(*wrong));
  }
  return !wrong;
}

void FieldChecks::phone(std::string path, std::string_view value, bool required) {
  if (is_blank(value)) {
    require(!required, std::move(path));
    return;
  }
  const std::optional<std::size_t> chars = code_point_count(value);
  if (chars && *chars > phone_chars_max) {
    refuse(std::move(path), too_long(phone_chars_max));
  } else if (phone_digits(value).value_or(0) < phone_digits_min) {
    refuse(std::move(path),
           Text("须为电话号码：数字、空格、+ - ( )，分机用 ext 或转",
                "has to be a telephone number: digits, spaces, + - ( ), and ext before an extension"));
  }
}

void FieldChecks::position(const std::string& path, Position place) {
  const std::string inside = path.empty() ? path : path + '.';
  const bool latitude_fits = within(place.latitude, 90);
  const bool longitude_fits = within(place.longitude, 180);
  if (!latitude_fits) {
    refuse(inside + "latitude", degrees_up_to(90));
  }
  if (!longitude_fits) {
    refuse(inside + "longitude", degrees_up_to(180));
  }
  if (place == Position{0, 0}) {
    refuse(path.empty() ? "latitude" : path, Text("0 度 0 度不是有效位置，不知道时请不填",
                                                  "is 0 degrees both ways: leave it out where it is not known"));
  }
}

void FieldChecks::photo(const std::string& path, const Photo& photo) {
  if (photo.media_type.empty() && photo.data.empty()) {
    return;
  }
  require(!photo.data.empty(), path + ".data");
  if (photo.media_type != "image/jpeg" && photo.media_type != "image/png") {
    refuse(path + ".mediaType", Text("须为 image/jpeg 或 image/png", "has to be image/jpeg or image/png"));
  }
  if (photo.data.size() > photo_bytes_max) {
    const std::string limit = std::to_string(photo_bytes_max);
    refuse(path + ".data", Text("不得超过 " + limit + " 字节", "may have at most " + limit + " bytes"));
  }
}

}  // namespace tuanyuan::core
