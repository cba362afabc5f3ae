#include "tools/ctl/json_view.hpp"

#include <array>
#include <charconv>
#include <system_error>

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t opaque_chars_min = 120;

bool is_empty(const json::value& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty()) ||
         (value.is_array() && value.get_array().empty()) || (value.is_object() && value.get_object().empty());
}

/// The shortest that reads back as the same, and no exponent: JSON's own writer makes 4.17921E1 of 41.7921.
std::string written(double number) {
  constexpr std::size_t chars_max = 400;  // of the smallest and the largest that there are
  std::array<char, chars_max> text{};
  const auto [end, failed] =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return failed == std::errc{} ? std::string(text.data(), end) : std::string();
}

std::string scalar(const json::value& value) {
  if (value.is_string()) {
    return std::string(value.get_string());
  }
  if (value.is_double()) {
    return written(value.get_double());
  }
  return value.is_null() || value.is_object() || value.is_array() ? std::string() : json::serialize(value);
}

std::string shortened(std::string text) {
  if (text.size() >= opaque_chars_min && text.find_first_of(" \n") == std::string::npos &&
      static_cast<signed char>(text.front()) > 0) {
    return "(" + std::to_string(text.size()) + " characters)";
  }
  return text;
}

void write(const json::value& value, std::size_t depth, std::string& out);

void write_named(std::string_view name, const json::value& value, std::size_t depth, std::string& out) {
  if (is_empty(value)) {
    return;
  }
  out.append(2 * depth, ' ').append(name);
  if (value.is_object() || value.is_array()) {
    out += ":\n";
    write(value, depth + 1, out);
  } else {
    out.append(": ").append(shortened(scalar(value))) += '\n';
  }
}

void write(const json::value& value, std::size_t depth, std::string& out) {
  if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      write_named(member.key(), member.value(), depth, out);
    }
  } else if (value.is_array()) {
    for (const json::value& item : value.get_array()) {
      if (item.is_object() || item.is_array()) {
        out.append(2 * depth, ' ') += "-\n";
        write(item, depth + 1, out);
      } else {
        out.append(2 * depth, ' ').append(shortened(scalar(item))) += '\n';
      }
    }
  } else {
    out.append(2 * depth, ' ').append(shortened(scalar(value))) += '\n';
  }
}

}  // namespace

std::optional<json::value> parse_json(std::string_view text) {
  json::error_code failed;
  json::value value = json::parse(json::string_view(text.data(), text.size()), failed);
  if (failed) {
    return std::nullopt;
  }
  return value;
}

const json::value* find_at(const json::value& from, std::string_view path) {
  const json::value* at = &from;
  while (at != nullptr && !path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    at = at->is_object() ? at->get_object().if_contains(json::string_view(name.data(), name.size())) : nullptr;
  }
  return at;
}

std::string text_at(const json::value& from, std::string_view path) {
  const json::value* found = find_at(from, path);
  return found == nullptr ? std::string() : scalar(*found);
}

std::int64_t number_at(const json::value& from, std::string_view path) {
  const std::string text = text_at(from, path);
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} && end == text.data() + text.size() ? number : 0;
}

const json::array& items_at(const json::value& from, std::string_view path) {
  static const json::array none;
  const json::value* found = find_at(from, path);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string outline(const json::value& document) {
  std::string out;
  write(document, 0, out);
  return out;
}

}  // namespace tuanyuan::ctl
