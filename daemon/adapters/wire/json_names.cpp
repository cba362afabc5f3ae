#include "adapters/wire/json_names.hpp"

#include <stdexcept>

namespace tuanyuan::wire {
namespace {

using google::protobuf::Descriptor;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<std::string> to_snake(std::string_view path) {
  std::string snake;
  bool at_start = true;
  for (const char c : path) {
    if (at_start ? !is_lower(c) : !is_lower(c) && !is_upper(c) && !is_digit(c) && c != '.') {
      return std::nullopt;
    }
    at_start = c == '.';
    if (is_upper(c)) {
      snake += '_';
      snake += static_cast<char>(c - 'A' + 'a');
    } else {
      snake += c;
    }
  }
  if (at_start) {
    return std::nullopt;
  }
  return snake;
}

}  // namespace

JsonForm json_form(const Descriptor& descriptor) {
  switch (descriptor.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
      return JsonForm::object;
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return JsonForm::timestamp;
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return JsonForm::field_mask;
    default:
      throw std::logic_error("no JSON form for " + descriptor.full_name());
  }
}

std::string to_camel(std::string_view path) {
  std::string camel;
  bool after_underscore = false;
  for (const char c : path) {
    if (c == '_') {
      after_underscore = true;
      continue;
    }
    camel += after_underscore && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    after_underscore = false;
  }
  return camel;
}

std::optional<std::vector<std::string>> parse_field_mask(std::string_view text) {
  std::vector<std::string> paths;
  if (text.empty()) {
    return paths;
  }
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t comma = text.find(',', start);
    const std::size_t end = comma == std::string_view::npos ? text.size() : comma;
    std::optional<std::string> path = to_snake(text.substr(start, end - start));
    if (!path) {
      return std::nullopt;
    }
    paths.push_back(std::move(*path));
    start = end + 1;
  }
  return paths;
}

}  // namespace tuanyuan::wire
