#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/refusal.hpp"
#include "core/report.hpp"

namespace tuanyuan::core {

/// What a text field must keep to.
struct TextRule {
  std::size_t chars_max = 0;
  bool required = false;
  bool lines = false;  ///< may hold line breaks and tabs
  bool identity_numbers_refused = false;
};

/// Gathers everything that is wrong with a message, so that an officer is told once. One finding a field: the
/// first rule it breaks. Texts name the rule and never the value.
class FieldChecks {
 public:
  void refuse(std::string path, Text message) { errors_.emplace_back(std::move(path), std::move(message)); }
  void require(bool given, std::string path);

  /// Whether nothing is wrong with it.
  bool text(std::string path, std::string_view value, const TextRule& rule);
  /// Digits with `+`, `-`, spaces, parentheses, and `ext` or 转 before an extension; at least three digits.
  void phone(std::string path, std::string_view value, bool required);
  /// In range, and not 0°N 0°E, where a form that was left empty puts everybody. The path is that of the
  /// object that has latitude and longitude; empty where it is the message itself.
  void position(const std::string& path, Position place);
  /// JPEG or PNG by name, data within the limit. That the data are such a picture the picture library says.
  void photo(const std::string& path, const Photo& photo);

  bool empty() const { return errors_.empty(); }
  std::vector<FieldError> take() { return std::move(errors_); }

 private:
  std::vector<FieldError> errors_;
};

/// Nothing in it but spaces and line breaks.
bool is_blank(std::string_view text);

}  // namespace tuanyuan::core
