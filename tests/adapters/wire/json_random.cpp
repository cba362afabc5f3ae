#include "json_random.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <set>

namespace tuanyuan::wire {
namespace {

namespace pb = google::protobuf;

constexpr int nesting_max = 3;
constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

template <class Value, class Argument>
void put(pb::Message& message, const pb::FieldDescriptor& field, Argument&& value,
         void (pb::Reflection::*set)(pb::Message*, const pb::FieldDescriptor*, Value) const,
         void (pb::Reflection::*add)(pb::Message*, const pb::FieldDescriptor*, Value) const) {
  (message.GetReflection()->*(field.is_repeated() ? add : set))(&message, &field, std::forward<Argument>(value));
}

}  // namespace

std::string RandomFiller::text() {
  static const std::string pieces[] = {"a",
                                       "Z",
                                       "0",
                                       "\"",
                                       "\\",
                                       "/",
                                       "\n",
                                       "\r",
                                       "\t",
                                       "\b",
                                       "\x01",
                                       "\x1f",
                                       "\x7f",
                                       "<",
                                       "张",
                                       "é",
                                       "团",
                                       "\xf0\x9f\x91\xa7",
                                       "\xe2\x80\xa8",
                                       "\xf4\x8f\xbf\xbf",
                                       "'",
                                       "{",
                                       "}",
                                       ",",
                                       " ",
                                       "\xef\xbb\xbf",
                                       std::string(1, '\0')};
  std::string text;
  for (std::uint64_t count = below(12); count != 0; --count) {
    text += pieces[below(std::size(pieces))];
  }
  return text;
}

std::string RandomFiller::bytes() {
  std::string bytes(below(20), '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(random_());
  }
  return bytes;
}

double RandomFiller::real() {
  static constexpr double special[] = {
      0, 1, -1, 41.8057, 123.4315, 100, 1e5, 1e21, 0.1, 5e-324, std::numeric_limits<double>::max()};
  if (below(2) == 0) {
    return special[below(std::size(special))];
  }
  const std::uint64_t bits = random_();
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return std::isfinite(value) ? value : 0.5;
}

template <class Integer>
Integer RandomFiller::integer() {
  switch (below(4)) {
    case 0:
      return std::numeric_limits<Integer>::min();
    case 1:
      return std::numeric_limits<Integer>::max();
    case 2:
      return static_cast<Integer>(below(100));
    default:
      return static_cast<Integer>(random_());
  }
}

void RandomFiller::fill(pb::Message& message, int depth) {
  const pb::Descriptor& descriptor = *message.GetDescriptor();
  for (int index = 0; index < descriptor.field_count(); ++index) {
    const pb::FieldDescriptor& field = *descriptor.field(index);
    if (field.is_map()) {
      fill_map(message, field, depth);
    } else if (field.is_repeated()) {
      for (std::uint64_t count = below(4); count != 0; --count) {
        set(message, field, depth);
      }
    } else if (below(3) != 0) {
      set(message, field, depth);
    }
  }
}

void RandomFiller::fill_map(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
  const bool is_nested = field.message_type()->map_value()->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
  if (depth >= nesting_max && is_nested) {
    return;
  }
  std::set<std::string> keys;
  for (std::uint64_t count = below(4); count != 0; --count) {
    pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
    set(entry, *field.message_type()->map_key(), depth);
    if (keys.insert(entry.SerializePartialAsString()).second) {
      set(entry, *field.message_type()->map_value(), depth);
    } else {
      message.GetReflection()->RemoveLast(&message, &field);
    }
  }
}

void RandomFiller::fill_nested(pb::Message& message, int depth) {
  if (auto* stamp = dynamic_cast<pb::Timestamp*>(&message)) {
    stamp->set_seconds(first_second + static_cast<std::int64_t>(
                                          below(static_cast<std::uint64_t>(last_second - first_second + 1))));
    static constexpr std::int32_t unit[] = {1, 1'000, 1'000'000, 1'000'000'000};
    const std::int32_t chosen = unit[below(4)];
    stamp->set_nanos(static_cast<std::int32_t>(below(1'000'000'000)) / chosen * chosen);
  } else if (auto* mask = dynamic_cast<pb::FieldMask*>(&message)) {
    static const char* const paths[] = {"child.birth_date", "last_seen", "photo.sha256", "a"};
    for (std::uint64_t count = below(3); count != 0; --count) {
      mask->add_paths(paths[below(std::size(paths))]);
    }
  } else if (depth < nesting_max) {
    fill(message, depth + 1);
  }
}

void RandomFiller::set(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
  using pb::FieldDescriptor;
  using pb::Reflection;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(message, field, integer<std::int32_t>(), &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(message, field, integer<std::uint32_t>(), &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return put(message, field, integer<std::int64_t>(), &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(message, field, integer<std::uint64_t>(), &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(message, field, real(), &Reflection::SetDouble, &Reflection::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(message, field, static_cast<float>(below(2) == 0 ? 0.1 : 16'777'216.5), &Reflection::SetFloat,
                 &Reflection::AddFloat);
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(message, field, below(2) == 0, &Reflection::SetBool, &Reflection::AddBool);
    case FieldDescriptor::CPPTYPE_STRING:
      return put(message, field, field.type() == FieldDescriptor::TYPE_BYTES ? bytes() : text(),
                 &Reflection::SetString, &Reflection::AddString);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto count = static_cast<std::uint64_t>(field.enum_type()->value_count());
      const int number = field.enum_type()->value(static_cast<int>(below(count)))->number();
      return put(message, field, number, &Reflection::SetEnumValue, &Reflection::AddEnumValue);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill_nested(field.is_repeated() ? *message.GetReflection()->AddMessage(&message, &field)
                                             : *message.GetReflection()->MutableMessage(&message, &field),
                         depth);
  }
}

}  // namespace tuanyuan::wire
