#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::core {

/// Name to value; empty is not known. Values are the child's data.
using Facts = std::map<std::string, std::string, std::less<>>;

/// Fills a template of the little language that notice_text.hpp describes, as far as it is well formed.
std::string fill(std::string_view form, const Facts& facts);

/// What a template is made of, for checking it before it is needed.
struct TemplateShape {
  bool well_formed = true;  ///< brackets and braces in pairs, groups at most template_depth_max deep
  std::vector<std::string> names;
  std::vector<std::string> bare_names;  ///< those that stand in no group: without them the text has a hole
};
inline constexpr int template_depth_max = 8;
TemplateShape shape_of(std::string_view form);

}  // namespace tuanyuan::core
