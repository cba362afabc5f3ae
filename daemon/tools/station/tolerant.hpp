#pragma once

#include <google/protobuf/util/json_util.h>

#include <string_view>

// Reading what the daemon says. Tolerant of names that are not known, unlike the daemon towards its callers: a
// display must not go dark because a newer daemon says more.
namespace tuanyuan::station {

template <class Message>
bool parse_protobuf(std::string_view payload, Message& into) {
  return into.ParseFromArray(payload.data(), static_cast<int>(payload.size()));
}

template <class Message>
bool parse_json(std::string_view payload, Message& into) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  return google::protobuf::util::JsonStringToMessage({payload.data(), payload.size()}, &into, options).ok();
}

/// A payload that begins with `{` is JSON (contract, section 4).
template <class Message>
bool parse_either(std::string_view payload, Message& into) {
  return payload.starts_with('{') ? parse_json(payload, into) : parse_protobuf(payload, into);
}

}  // namespace tuanyuan::station
