#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/wire/json.hpp"
#include "adapters/wire/json_base64.hpp"
#include "adapters/wire/json_names.hpp"
#include "adapters/wire/json_time.hpp"

namespace tuanyuan::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::array<bool, 256> make_escaped() {
  std::array<bool, 256> escaped{};
  for (std::size_t c = 0; c < 0x20; ++c) {
    escaped[c] = true;
  }
  escaped['"'] = true;
  escaped['\\'] = true;
  return escaped;
}
constexpr std::array<bool, 256> escaped = make_escaped();

void append_escape(char c, std::string& out) {
  static constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
  }
}

template <class Number>
void append_number(Number value, std::string& out) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}

// The mapping knows three texts for what JSON has no number for. Decoding refuses them.
template <class Real>
void append_real(Real value, std::string& out) {
  if (std::isfinite(value)) {
    append_number(value, out);
  } else if (std::isnan(value)) {
    out += "\"NaN\"";
  } else {
    out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  }
}

template <class Integer>
void append_wide(Integer value, std::string& out) {
  out += '"';
  append_number(value, out);
  out += '"';
}

/// One value of a field: the field itself, or one element of a repeated one.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor& field)
      : message_(message), reflection_(*message.GetReflection()), field_(field) {}
  Value(const Message& message, const FieldDescriptor& field, int element)
      : message_(message), reflection_(*message.GetReflection()), field_(field), element_(element) {}

  void append(std::string& out) const {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return append_number(get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32), out);
      case FieldDescriptor::CPPTYPE_UINT32:
        return append_number(get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32), out);
      case FieldDescriptor::CPPTYPE_INT64:
        return append_wide(get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64), out);
      case FieldDescriptor::CPPTYPE_UINT64:
        return append_wide(get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64), out);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return append_real(get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble), out);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return append_real(get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat), out);
      case FieldDescriptor::CPPTYPE_BOOL:
        out += get(&Reflection::GetBool, &Reflection::GetRepeatedBool) ? "true" : "false";
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        return append_enum(get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue), out);
      case FieldDescriptor::CPPTYPE_STRING:
        return append_text(out);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return append_json(element_ < 0 ? reflection_.GetMessage(message_, &field_)
                                        : reflection_.GetRepeatedMessage(message_, &field_, element_),
                           out);
    }
    throw std::logic_error("a field of no known type");
  }

 private:
  template <class Number>
  Number get(Number (Reflection::*single)(const Message&, const FieldDescriptor*) const,
             Number (Reflection::*repeated)(const Message&, const FieldDescriptor*, int) const) const {
    return element_ < 0 ? (reflection_.*single)(message_, &field_)
                        : (reflection_.*repeated)(message_, &field_, element_);
  }

  void append_enum(int number, std::string& out) const {
    const EnumValueDescriptor* value = field_.enum_type()->FindValueByNumber(number);
    if (value == nullptr) {
      // A name that a newer peer knows; the mapping shows its number.
      return append_number(number, out);
    }
    out += '"';
    out += value->name();
    out += '"';
  }

  void append_text(std::string& out) const {
    std::string scratch;
    const std::string& text = element_ < 0
                                  ? reflection_.GetStringReference(message_, &field_, &scratch)
                                  : reflection_.GetRepeatedStringReference(message_, &field_, element_, &scratch);
    if (field_.type() == FieldDescriptor::TYPE_BYTES) {
      out += '"';
      append_base64(text, out);
      out += '"';
    } else {
      append_json_string(text, out);
    }
  }

  const Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor& field_;
  int element_ = -1;
};

void append_list(const Message& message, const FieldDescriptor& field, std::string& out) {
  const int size = message.GetReflection()->FieldSize(message, &field);
  out += '[';
  for (int element = 0; element < size; ++element) {
    if (element != 0) {
      out += ',';
    }
    Value(message, field, element).append(out);
  }
  out += ']';
}

// A map key as it stands in JSON, which has texts only.
std::string key_text(const Message& entry, const FieldDescriptor& key) {
  std::string text;
  Value(entry, key).append(text);
  if (text.front() != '"') {
    text.insert(0, 1, '"');
    text += '"';
  }
  return text;
}

void append_map(const Message& message, const FieldDescriptor& field, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor& key = *field.message_type()->map_key();
  const FieldDescriptor& value = *field.message_type()->map_value();
  std::vector<std::pair<std::string, const Message*>> entries;
  const int size = reflection.FieldSize(message, &field);
  entries.reserve(static_cast<std::size_t>(size));
  for (int element = 0; element < size; ++element) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, element);
    entries.emplace_back(key_text(entry, key), &entry);
  }
  std::sort(entries.begin(), entries.end());
  out += '{';
  for (const auto& [name, entry] : entries) {
    if (out.back() != '{') {
      out += ',';
    }
    out += name;
    out += ':';
    Value(*entry, value).append(out);
  }
  out += '}';
}

TimestampParts timestamp_of(const Message& message) {
  const Descriptor& descriptor = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  return {reflection.GetInt64(message, descriptor.FindFieldByNumber(timestamp_seconds_number)),
          reflection.GetInt32(message, descriptor.FindFieldByNumber(timestamp_nanos_number))};
}

void append_field_mask(const Message& message, std::string& out) {
  const FieldDescriptor* paths = message.GetDescriptor()->FindFieldByNumber(field_mask_paths_number);
  const Reflection& reflection = *message.GetReflection();
  std::string joined;
  for (int element = 0; element < reflection.FieldSize(message, paths); ++element) {
    if (element != 0) {
      joined += ',';
    }
    joined += to_camel(reflection.GetRepeatedString(message, paths, element));
  }
  append_json_string(joined, out);
}

void append_field(const Message& message, const FieldDescriptor& field, std::string& out) {
  out += '"';
  out += field.json_name();
  out += "\":";
  if (field.is_map()) {
    append_map(message, field, out);
  } else if (field.is_repeated()) {
    append_list(message, field, out);
  } else {
    Value(message, field).append(out);
  }
}

void append_object(const Message& message, std::string& out) {
  const Descriptor& descriptor = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  out += '{';
  bool first = true;
  for (int index = 0; index < descriptor.field_count(); ++index) {
    const FieldDescriptor& field = *descriptor.field(index);
    if (field.has_presence() && !reflection.HasField(message, &field)) {
      continue;
    }
    if (!first) {
      out += ',';
    }
    first = false;
    append_field(message, field, out);
  }
  out += '}';
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (escaped[static_cast<unsigned char>(text[at])]) {
      out.append(text, start, at - start);
      append_escape(text[at], out);
      start = at + 1;
    }
  }
  out.append(text, start);
  out += '"';
}

void append_json(const Message& message, std::string& out) {
  switch (json_form(*message.GetDescriptor())) {
    case JsonForm::object:
      return append_object(message, out);
    case JsonForm::timestamp:
      out += '"';
      append_timestamp(timestamp_of(message), out);
      out += '"';
      return;
    case JsonForm::field_mask:
      return append_field_mask(message, out);
  }
}

std::string encode_json(const Message& message) {
  std::string out;
  out.reserve(256);
  append_json(message, out);
  return out;
}

}  // namespace tuanyuan::wire
