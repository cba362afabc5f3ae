#include "adapters/http/json_schema.hpp"

#include <google/protobuf/descriptor.h>

#include <boost/json.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace tuanyuan::http {
namespace {

using boost::json::array;
using boost::json::object;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

object of_type(const char* type) {
  return {{"type", type}};
}

object of_text(const char* format) {
  return {{"type", "string"}, {"format", format}};
}

/// 64-bit numbers are texts in JSON, because its readers have only doubles.
object of_large_number(const char* pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

object of_small_number(double least, double most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}

object of_enum(const EnumDescriptor& values) {
  array names;
  for (int i = 0; i < values.value_count(); ++i) {
    names.emplace_back(values.value(i)->name());
  }
  return {{"type", "string"}, {"enum", std::move(names)}};
}

object of_scalar(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return of_type("boolean");
    case FieldDescriptor::TYPE_STRING:
      return of_type("string");
    case FieldDescriptor::TYPE_BYTES:
      return {{"type", "string"}, {"contentEncoding", "base64"}};
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FLOAT:
      return of_type("number");
    case FieldDescriptor::TYPE_UINT64:
      return of_large_number("^[0-9]+$");
    case FieldDescriptor::TYPE_INT64:
      return of_large_number("^-?[0-9]+$");
    case FieldDescriptor::TYPE_UINT32:
      return of_small_number(0, std::numeric_limits<std::uint32_t>::max());
    case FieldDescriptor::TYPE_INT32:
      return of_small_number(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    case FieldDescriptor::TYPE_ENUM:
      return of_enum(*field.enum_type());
    default:
      throw std::logic_error("no schema for the type of " + field.full_name());
  }
}

/// Printed whatever it holds.
bool always_printed(const FieldDescriptor& field) {
  return !field.has_presence();
}

}  // namespace

object SchemaBook::refer(const Descriptor& message, Direction direction) {
  if (message.full_name() == "google.protobuf.Timestamp") {
    return of_text("date-time");
  }
  if (message.full_name() == "google.protobuf.FieldMask") {
    return of_type("string");
  }
  std::string name = message.name();
  name += direction == Direction::request ? "Input" : "";
  if (!schemas_.contains(name)) {
    schemas_.emplace(name, object());  // before its fields, so that a message may hold itself
    object schema = of_message(message, direction);
    schemas_[name] = std::move(schema);
  }
  return {{"$ref", "#/components/schemas/" + name}};
}

object SchemaBook::of_message(const Descriptor& message, Direction direction) {
  object properties;
  array required;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    properties.emplace(field.json_name(), of_field(field, direction));
    if (direction == Direction::answer && always_printed(field)) {
      required.emplace_back(field.json_name());
    }
  }
  object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) {
    schema.emplace("required", std::move(required));
  }
  if (direction == Direction::request) {
    schema.emplace("additionalProperties", false);
  }
  return schema;
}

object SchemaBook::of_field(const FieldDescriptor& field, Direction direction) {
  if (field.is_map()) {
    const FieldDescriptor& value = *field.message_type()->map_value();
    return {{"type", "object"}, {"additionalProperties", of_value(value, direction)}};
  }
  if (field.is_repeated()) {
    return {{"type", "array"}, {"items", of_value(field, direction)}};
  }
  return of_value(field, direction);
}

object SchemaBook::of_value(const FieldDescriptor& field, Direction direction) {
  return field.message_type() != nullptr ? refer(*field.message_type(), direction) : of_scalar(field);
}

}  // namespace tuanyuan::http
