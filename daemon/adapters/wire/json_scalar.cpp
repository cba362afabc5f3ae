#include "adapters/wire/json_scalar.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "adapters/wire/json_base64.hpp"
#include "adapters/wire/json_names.hpp"
#include "adapters/wire/json_time.hpp"

namespace tuanyuan::wire {
namespace {

using core::Text;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

Text text_needed() {
  return {"须为字符串", "must be a text"};
}
Text bool_needed() {
  return {"须为 true 或 false", "must be true or false"};
}
Text integer_needed() {
  return {"须为整数", "must be a whole number"};
}
Text real_needed() {
  return {"须为数值", "must be a number"};
}
Text out_of_range() {
  return {"数值超出范围", "the number is out of range"};
}
Text base64_needed() {
  return {"须为 base64 编码", "must be base64"};
}
Text time_needed() {
  return {"须为 RFC 3339 时间，如 2024-01-31T03:00:00+08:00",
          "must be an RFC 3339 time such as 2024-01-31T03:00:00+08:00"};
}
Text field_mask_needed() {
  return {"须为以逗号分隔的字段路径", "must be field paths, separated by commas"};
}

Text name_needed(const EnumDescriptor& names) {
  std::string list;
  for (int index = 0; index < names.value_count(); ++index) {
    // 0 is how the message says "not given"; nobody has to be told to write it.
    if (names.value(index)->number() != 0) {
      list += list.empty() ? "" : ", ";
      list += names.value(index)->name();
    }
  }
  return {"须为下列之一：" + list, "must be one of " + list};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) {
    ++count;
  }
  return count;
}

// RFC 8259, section 6: numbers given as texts keep to the same grammar.
bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) {
    return false;
  }
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t decimals = digits_at(text, at + 1);
    if (decimals == 0) {
      return false;
    }
    at += 1 + decimals;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      ++at;
    }
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) {
      return false;
    }
    at += exponent;
  }
  return at == text.size();
}

template <class Number>
struct Parsed {
  Number value{};
  std::optional<Text> wrong;
};

template <class Real>
Parsed<Real> parse_real(std::string_view text) {
  Parsed<Real> parsed;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), parsed.value);
  if (end.ec != std::errc{} || !std::isfinite(parsed.value)) {
    parsed.wrong = out_of_range();
  }
  return parsed;
}

// The mapping takes 1e2 and 3.0 for whole numbers. From 2^53 on a double no longer knows its neighbours, so
// such a spelling could become another number: those have to be written out.
template <class Integer>
Parsed<Integer> parse_integer(std::string_view text) {
  constexpr double exact_end = 9'007'199'254'740'992.0;
  Parsed<Integer> parsed;
  const char* const last = text.data() + text.size();
  const auto end = std::from_chars(text.data(), last, parsed.value);
  if (end.ec == std::errc{} && end.ptr == last) {
    return parsed;
  }
  const Parsed<double> real = parse_real<double>(text);
  if (real.wrong) {
    parsed.wrong = real.wrong;
  } else if (std::trunc(real.value) != real.value) {
    parsed.wrong = integer_needed();
  } else if (std::abs(real.value) >= exact_end ||
             real.value < static_cast<double>(std::numeric_limits<Integer>::min()) ||
             real.value > static_cast<double>(std::numeric_limits<Integer>::max())) {
    parsed.wrong = out_of_range();
  } else {
    parsed.value = static_cast<Integer>(real.value);
  }
  return parsed;
}

template <class Number>
Parsed<Number> parse_number(std::string_view text) {
  if constexpr (std::is_floating_point_v<Number>) {
    return parse_real<Number>(text);
  } else {
    return parse_integer<Number>(text);
  }
}

template <class Value, class Argument>
void store(const JsonSlot& slot, Argument&& value,
           void (Reflection::*set)(Message*, const FieldDescriptor*, Value) const,
           void (Reflection::*add)(Message*, const FieldDescriptor*, Value) const) {
  const Reflection& reflection = *slot.message.GetReflection();
  (reflection.*(slot.field.is_repeated() ? add : set))(&slot.message, &slot.field, std::forward<Argument>(value));
}

template <class Number>
std::optional<Text> store_parsed(const JsonSlot& slot, std::string_view text,
                                 void (Reflection::*set)(Message*, const FieldDescriptor*, Number) const,
                                 void (Reflection::*add)(Message*, const FieldDescriptor*, Number) const) {
  const Parsed<Number> parsed = parse_number<Number>(text);
  if (!parsed.wrong) {
    store(slot, parsed.value, set, add);
  }
  return parsed.wrong;
}

void store_string(const JsonSlot& slot, std::string value) {
  store(slot, std::move(value), &Reflection::SetString, &Reflection::AddString);
}

std::optional<Text> store_base64(const JsonSlot& slot, std::string_view text) {
  std::optional<std::string> bytes = decode_base64(text);
  if (!bytes) {
    return base64_needed();
  }
  store_string(slot, std::move(*bytes));
  return std::nullopt;
}

std::optional<Text> store_name(const JsonSlot& slot, std::string_view text) {
  const EnumValueDescriptor* value = slot.field.enum_type()->FindValueByName(std::string(text));
  if (value == nullptr) {
    return name_needed(*slot.field.enum_type());
  }
  store(slot, value->number(), &Reflection::SetEnumValue, &Reflection::AddEnumValue);
  return std::nullopt;
}

std::optional<Text> store_time(const JsonSlot& slot, std::string_view text) {
  const std::optional<TimestampParts> time = parse_timestamp(text);
  if (!time) {
    return time_needed();
  }
  Message& stamp = slot.make_message();
  const Reflection& reflection = *stamp.GetReflection();
  reflection.SetInt64(&stamp, stamp.GetDescriptor()->FindFieldByNumber(timestamp_seconds_number), time->seconds);
  reflection.SetInt32(&stamp, stamp.GetDescriptor()->FindFieldByNumber(timestamp_nanos_number), time->nanos);
  return std::nullopt;
}

std::optional<Text> store_field_mask(const JsonSlot& slot, std::string_view text) {
  const std::optional<std::vector<std::string>> paths = parse_field_mask(text);
  if (!paths) {
    return field_mask_needed();
  }
  Message& mask = slot.make_message();
  const FieldDescriptor* field = mask.GetDescriptor()->FindFieldByNumber(field_mask_paths_number);
  for (const std::string& path : *paths) {
    mask.GetReflection()->AddString(&mask, field, path);
  }
  return std::nullopt;
}

}  // namespace

Text list_needed() {
  return {"须为数组", "must be a list"};
}
Text object_needed() {
  return {"须为对象", "must be an object"};
}

Message& JsonSlot::make_message() const {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? *reflection.AddMessage(&message, &field)
                             : *reflection.MutableMessage(&message, &field);
}

Text JsonSlot::needed() const {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return integer_needed();
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return real_needed();
    case FieldDescriptor::CPPTYPE_BOOL:
      return bool_needed();
    case FieldDescriptor::CPPTYPE_ENUM:
      return name_needed(*field.enum_type());
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? base64_needed() : text_needed();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  switch (json_form(*field.message_type())) {
    case JsonForm::timestamp:
      return time_needed();
    case JsonForm::field_mask:
      return field_mask_needed();
    case JsonForm::object:
      break;
  }
  return object_needed();
}

std::optional<Text> JsonSlot::store_bool(bool value) const {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) {
    return needed();
  }
  store(*this, value, &Reflection::SetBool, &Reflection::AddBool);
  return std::nullopt;
}

std::optional<Text> JsonSlot::store_number(std::string_view text) const {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return store_parsed<std::int32_t>(*this, text, &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_UINT32:
      return store_parsed<std::uint32_t>(*this, text, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return store_parsed<std::int64_t>(*this, text, &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT64:
      return store_parsed<std::uint64_t>(*this, text, &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return store_parsed<double>(*this, text, &Reflection::SetDouble, &Reflection::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return store_parsed<float>(*this, text, &Reflection::SetFloat, &Reflection::AddFloat);
    default:
      return needed();
  }
}

std::optional<Text> JsonSlot::store_text(std::string_view text) const {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        return store_base64(*this, text);
      }
      store_string(*this, std::string(text));
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_ENUM:
      return store_name(*this, text);
    case FieldDescriptor::CPPTYPE_BOOL:
      return needed();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      switch (json_form(*field.message_type())) {
        case JsonForm::timestamp:
          return store_time(*this, text);
        case JsonForm::field_mask:
          return store_field_mask(*this, text);
        case JsonForm::object:
          break;
      }
      return needed();
    default:
      return is_json_number(text) ? store_number(text) : needed();
  }
}

}  // namespace tuanyuan::wire
