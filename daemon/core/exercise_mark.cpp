#include "core/exercise_mark.hpp"

#include <algorithm>

namespace tuanyuan::core {
namespace {

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool holds(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return upper(a) == upper(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

bool holds_exercise_mark(std::string_view text) {
  return holds(text, exercise_mark_zh) || holds(text, "[EXERCISE]");
}

}  // namespace tuanyuan::core
