#include "core/template.hpp"

#include <utility>

namespace tuanyuan::core {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view text) {
  for (const char c : text) {
    if (!is_name_character(c)) {
      return false;
    }
  }
  return !text.empty();
}

/// One pass over a template. It fills and learns the shape at once, so that what is checked is what is filled.
class Reader {
 public:
  Reader(std::string_view form, const Facts& facts) : rest_(form), facts_(facts) {}

  std::string all() {
    std::string text = piece(0).text;
    while (!rest_.empty()) {  // a closing bracket that nothing opened
      shape_.well_formed = false;
      text += rest_.front();
      rest_.remove_prefix(1);
      text += piece(0).text;
    }
    return text;
  }

  TemplateShape shape() && { return std::move(shape_); }

 private:
  struct Piece {
    std::string text;
    bool complete = true;
  };

  /// Up to the end or to the bracket that closes the group, which stays.
  Piece piece(int depth) {
    Piece piece;
    while (!rest_.empty() && rest_.front() != ']') {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '{') {
        const std::string_view name = name_until('}');
        if (depth == 0 && !name.empty()) {
          shape_.bare_names.emplace_back(name);
        }
        const std::string_view value = fact(name);
        piece.complete = piece.complete && !value.empty();
        piece.text += value;
      } else if (c == '[' && depth < template_depth_max) {
        piece.text += group(depth + 1);
      } else {
        piece.text += plain(c);
      }
    }
    return piece;
  }

  std::string group(int depth) {
    const bool wanted = condition();
    Piece inside = piece(depth);
    if (rest_.empty()) {
      shape_.well_formed = false;
    } else {
      rest_.remove_prefix(1);
    }
    return wanted && inside.complete ? std::move(inside.text) : std::string();
  }

  /// `name?` at the front of a group.
  bool condition() {
    const std::size_t end = rest_.find('?');
    if (end == std::string_view::npos || !is_name(rest_.substr(0, end))) {
      return true;
    }
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return !fact(name).empty();
  }

  std::string_view name_until(char close) {
    const std::size_t end = rest_.find(close);
    const std::string_view name = rest_.substr(0, end);
    if (end == std::string_view::npos || !is_name(name)) {
      shape_.well_formed = false;
      return {};
    }
    rest_.remove_prefix(end + 1);
    return name;
  }

  std::string_view fact(std::string_view name) {
    if (!name.empty()) {
      shape_.names.emplace_back(name);
    }
    const auto found = facts_.find(name);
    return found == facts_.end() ? std::string_view() : std::string_view(found->second);
  }

  char plain(char c) {
    if (c == '\\' && !rest_.empty()) {
      const char escaped = rest_.front();
      rest_.remove_prefix(1);
      return escaped;
    }
    shape_.well_formed = shape_.well_formed && c != '}' && c != '[' && c != '\\';
    return c;
  }

  std::string_view rest_;
  const Facts& facts_;
  TemplateShape shape_;
};

}  // namespace

std::string fill(std::string_view form, const Facts& facts) {
  return Reader(form, facts).all();
}

TemplateShape shape_of(std::string_view form) {
  const Facts none;
  Reader reader(form, none);
  reader.all();
  return std::move(reader).shape();
}

}  // namespace tuanyuan::core
