#include "schema_check.hpp"

#include <cmath>
#include <regex>
#include <set>

namespace tuanyuan::http::test {
namespace {

using boost::json::object;
using boost::json::value;

const std::set<std::string, std::less<>> known_keywords{
    "type",      "properties", "required",          "additionalProperties", "items",   "enum", "format",
    "minimum",   "maximum",    "pattern",           "contentEncoding",      "default", "$ref", "contentMediaType",
    "minLength", "maxLength",  "x-protobuf-message"};

bool is_of_type(std::string_view type, const value& given) {
  if (type == "object") {
    return given.is_object();
  }
  if (type == "array") {
    return given.is_array();
  }
  if (type == "string") {
    return given.is_string();
  }
  if (type == "boolean") {
    return given.is_bool();
  }
  if (type == "integer") {
    return given.is_number() && std::floor(given.to_number<double>()) == given.to_number<double>();
  }
  return type == "number" && given.is_number();
}

}  // namespace

std::vector<std::string> SchemaCheck::operator()(const object& schema, const value& given) {
  found_.clear();
  check(schema, given, "$");
  return found_;
}

void SchemaCheck::check(const object& schema, const value& given, const std::string& at) {
  for (const auto& [keyword, ignored] : schema) {
    if (!known_keywords.contains(std::string_view(keyword))) {
      wrong(at, "the schema uses " + std::string(keyword));
    }
  }
  if (const value* reference = schema.if_contains("$ref")) {
    const std::string pointer(reference->as_string().subview(1));
    check(document_.at_pointer(pointer).as_object(), given, at);
    return;
  }
  const value* type = schema.if_contains("type");
  if (type != nullptr && !is_of_type(type->as_string(), given)) {
    wrong(at, "is no " + std::string(type->as_string()));
    return;
  }
  if (const value* allowed = schema.if_contains("enum")) {
    bool found = false;
    for (const value& one : allowed->as_array()) {
      found = found || one == given;
    }
    if (!found) {
      wrong(at, "is none of the values");
    }
  }
  if (given.is_object()) {
    check_object(schema, given.as_object(), at);
  } else if (given.is_number()) {
    check_number(schema, given.to_number<double>(), at);
  } else if (given.is_string()) {
    check_text(schema, given.as_string(), at);
  } else if (given.is_array() && schema.contains("items")) {
    std::size_t index = 0;
    for (const value& one : given.as_array()) {
      check(schema.at("items").as_object(), one, at + '[' + std::to_string(index++) + ']');
    }
  }
}

void SchemaCheck::check_object(const object& schema, const object& given, const std::string& at) {
  if (const value* required = schema.if_contains("required")) {
    for (const value& name : required->as_array()) {
      if (!given.contains(name.as_string())) {
        wrong(at, "lacks " + std::string(name.as_string()));
      }
    }
  }
  const value* properties = schema.if_contains("properties");
  const value* others = schema.if_contains("additionalProperties");
  for (const auto& [name, member] : given) {
    const std::string below = at + '.' + std::string(name);
    if (properties != nullptr && properties->as_object().contains(name)) {
      check(properties->as_object().at(name).as_object(), member, below);
    } else if (others != nullptr && others->is_object()) {
      check(others->as_object(), member, below);
    } else if (properties != nullptr) {
      wrong(below, "is not in the schema");
    }
  }
}

void SchemaCheck::check_number(const object& schema, double given, const std::string& at) {
  const value* least = schema.if_contains("minimum");
  const value* most = schema.if_contains("maximum");
  if ((least != nullptr && given < least->to_number<double>()) ||
      (most != nullptr && given > most->to_number<double>())) {
    wrong(at, "is out of range");
  }
}

void SchemaCheck::check_text(const object& schema, std::string_view given, const std::string& at) {
  const std::string text(given);
  if (const value* pattern = schema.if_contains("pattern")) {
    if (!std::regex_match(text, std::regex(std::string(pattern->as_string())))) {
      wrong(at, "does not match its pattern");
    }
  }
  static const std::regex date_time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
  const value* format = schema.if_contains("format");
  if (format != nullptr && format->as_string() == "date-time" && !std::regex_match(text, date_time)) {
    wrong(at, "is no time");
  }
}

}  // namespace tuanyuan::http::test
