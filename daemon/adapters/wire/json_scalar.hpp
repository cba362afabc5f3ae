#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <optional>
#include <string_view>

#include "core/text.hpp"

namespace tuanyuan::wire {

/// One value of a message that JSON is read into: a field, or one more element of a repeated one.
struct JsonSlot {
  google::protobuf::Message& message;
  const google::protobuf::FieldDescriptor& field;

  /// Each stores the value, or answers what the field would have needed.
  std::optional<core::Text> store_bool(bool value) const;
  /// `text` as it stands in the JSON.
  std::optional<core::Text> store_number(std::string_view text) const;
  std::optional<core::Text> store_text(std::string_view text) const;

  /// The message that the field is or gains.
  google::protobuf::Message& make_message() const;

  /// What the field needs, for a value of another type.
  core::Text needed() const;
};

/// What a list or a map needs, likewise.
core::Text list_needed();
core::Text object_needed();

}  // namespace tuanyuan::wire
