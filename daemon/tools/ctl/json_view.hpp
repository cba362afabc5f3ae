#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::ctl {

// Reading the daemon's answers: leniently, because an older program has to live with a newer daemon's fields.
// A path is dotted, such as "liaison.telephone".

std::optional<boost::json::value> parse_json(std::string_view text);

/// Null where the path leads nowhere.
const boost::json::value* find_at(const boost::json::value& from, std::string_view path);

/// A text as it is, a number or a truth value written out, and empty for everything else.
std::string text_at(const boost::json::value& from, std::string_view path);

/// 0 for what is no whole number; a text of digits is one (64-bit numbers are texts in protobuf's JSON).
std::int64_t number_at(const boost::json::value& from, std::string_view path);

/// Empty for what is no list.
const boost::json::array& items_at(const boost::json::value& from, std::string_view path);

/// Any document as indented lines of `name: value` for reading: empty values are left out, and so are the
/// insides of long texts without spaces, which are pictures and signatures.
std::string outline(const boost::json::value& document);

}  // namespace tuanyuan::ctl
