#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/problem.hpp"

namespace tuanyuan::http {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view form_type = "application/x-www-form-urlencoded";
inline constexpr std::string_view text_type = "text/plain";
inline constexpr std::string_view page_type = "text/html";
inline constexpr std::string_view pdf_type = "application/pdf";
inline constexpr std::string_view protobuf_type = "application/x-protobuf";
inline constexpr std::string_view jwk_set_type = "application/jwk-set+json";
inline constexpr std::string_view event_stream_type = "text/event-stream";
inline constexpr std::string_view csv_type = "text/csv";
inline constexpr std::string_view ndjson_type = "application/x-ndjson";

/// The type and subtype of a Content-Type field, in lower case. Nothing: it is none, or its charset is another
/// than UTF-8, which nothing here understands.
std::optional<std::string> essence_of(std::string_view content_type);

/// The offer that an Accept field likes best (RFC 9110, section 12.5.1); of equals the first. An absent field
/// accepts everything. Nothing: none of them.
std::optional<std::string_view> choose(const std::optional<std::string>& accept,
                                       std::span<const std::string_view> offers);

/// zh-CN unless English is liked better.
Language language_of(const std::optional<std::string>& accept_language);

}  // namespace tuanyuan::http
