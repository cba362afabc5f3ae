#include "core/speech.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

constexpr std::u32string_view unread =
    U"\n\r\t()[]{}<>\"*#_~|/\\=^`（）【】〔〕［］｛｝《》〈〉「」『』“”＊＃＿～｜／＼＝·•…—–";
constexpr std::u32string_view breaks = U"，。、；：！？,.;:!? ";

bool is_in(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}

bool ends_in_break(std::string_view text) {
  for (const std::string_view mark : {"，", "。", "、", "；", "：", "！", "？", ",", ".", ";", ":", "!", "?"}) {
    if (text.ends_with(mark)) {
      return true;
    }
  }
  return text.empty();
}

void trim_right(std::string& text) {
  while (text.ends_with(' ')) {
    text.pop_back();
  }
}

// One pause however many signs stand in a row, none at the start, none beside a comma.
void pause(std::string& text, const LanguageTemplates& language) {
  trim_right(text);
  if (!ends_in_break(text)) {
    text += language.pause;
  } else if (!text.empty() && language.pause.ends_with(' ')) {
    text += ' ';
  }
}

// A mark after a pause, or a space after a full-width one, would only lengthen it.
void add(std::string& text, std::string_view character, char32_t c) {
  const bool after_space = text.empty() || text.back() == ' ';
  const bool after_wide_mark =
      ends_in_break(text) && !text.empty() && static_cast<unsigned char>(text.back()) >= 0x80;
  const bool idle =
      c == U' ' ? after_space || after_wide_mark : is_in(breaks, c) && (after_space || ends_in_break(text));
  if (!idle) {
    text += character;
  }
}

// "ext" in any case, and 转, which is as many bytes.
bool is_extension(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower == "ext" || word == "转";
}

std::vector<std::string> units_of(std::string_view text, const LanguageTemplates& language) {
  std::vector<std::string> units;
  while (!text.empty()) {
    if (is_extension(text.substr(0, 3))) {
      text.remove_prefix(3);
      units.push_back(language.extension);
      continue;
    }
    const std::string_view before = text;
    const std::optional<char32_t> c = take_code_point(text);
    if (!c) {
      break;
    }
    if (*c >= U'0' && *c <= U'9') {
      units.push_back(language.digits[*c - U'0']);
    } else if (is_in(unread, *c) || is_in(breaks, *c) || *c == U'-') {
      units.emplace_back();  // a pause
    } else if (*c != U'+') {
      units.emplace_back(before.substr(0, before.size() - text.size()));
    }
  }
  return units;
}

}  // namespace

std::string spoken(std::string_view text, const LanguageTemplates& language) {
  std::string result;
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> c = take_code_point(text);
    if (!c) {
      break;
    }
    if (is_in(unread, *c)) {
      pause(result, language);
    } else {
      add(result, before.substr(0, before.size() - text.size()), *c);
    }
  }
  return std::string(without_end_mark(result));
}

std::string spelt(std::string_view text, const LanguageTemplates& language) {
  std::string result;
  bool after_unit = false;
  for (const std::string& unit : units_of(text, language)) {
    if (unit.empty()) {
      pause(result, language);
      after_unit = false;
      continue;
    }
    result += after_unit ? language.digit_separator + unit : unit;
    after_unit = true;
  }
  return std::string(without_end_mark(result));
}

std::string_view without_end_mark(std::string_view text) {
  constexpr std::string_view marks[] = {" ", "\t", "\n", "\r", "，", "。", "、", "；", ",", ".", ";"};
  const auto trim_once = [&text](std::string_view mark) {
    const bool there = text.ends_with(mark);
    text.remove_suffix(there ? mark.size() : 0);
    return there;
  };
  while (std::any_of(std::begin(marks), std::end(marks), trim_once)) {
  }
  const std::size_t start = text.find_first_not_of(" \t\n\r");
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

}  // namespace tuanyuan::core
