#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::wire {

// Field numbers inside the well-known types, so that generated and dynamic messages are treated alike.
inline constexpr int timestamp_seconds_number = 1;
inline constexpr int timestamp_nanos_number = 2;
inline constexpr int field_mask_paths_number = 1;

/// How a message stands in JSON: most are objects, some well-known types are texts.
enum class JsonForm { object, timestamp, field_mask };

/// Throws std::logic_error for the well-known types that tuanyuan.v1 does not use (Any, Struct, wrappers,
/// Duration), whose form in JSON is again another.
JsonForm json_form(const google::protobuf::Descriptor& descriptor);

/// `last_seen.division` -> `lastSeen.division`.
std::string to_camel(std::string_view path);

/// The paths of a field mask in JSON, `lastSeen.division,child.name`, under their original names. Nothing
/// where one is empty or not in lowerCamelCase.
std::optional<std::vector<std::string>> parse_field_mask(std::string_view text);

}  // namespace tuanyuan::wire
