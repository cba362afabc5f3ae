#include "json_schema.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <stdexcept>
#include <string>

namespace tuanyuan::wire {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptorProto;

constexpr const char* self = ".tuanyuan.test.Everything";
constexpr const char* shade = ".tuanyuan.test.Everything.Shade";
constexpr const char* timestamp = ".google.protobuf.Timestamp";
constexpr const char* field_mask = ".google.protobuf.FieldMask";

/// Writes down the message's descriptor field by field.
class Writer {
 public:
  explicit Writer(pb::DescriptorProto& message) : message_(message) {}

  Field& one(const std::string& name, Field::Type type, const char* type_name = nullptr) {
    Field& field = *message_.add_field();
    field.set_name(name);
    field.set_number(message_.field_size());
    field.set_label(Field::LABEL_OPTIONAL);
    field.set_type(type);
    if (type_name != nullptr) {
      field.set_type_name(type_name);
    }
    return field;
  }

  void many(const std::string& name, Field::Type type, const char* type_name = nullptr) {
    one(name, type, type_name).set_label(Field::LABEL_REPEATED);
  }

  // `entry` is the name that the compiler gives to the entries of such a map.
  void map(const std::string& name, const std::string& entry, Field::Type key, Field::Type value,
           const char* value_type_name = nullptr) {
    pb::DescriptorProto& nested = *message_.add_nested_type();
    nested.set_name(entry);
    nested.mutable_options()->set_map_entry(true);
    Writer fields(nested);
    fields.one("key", key);
    fields.one("value", value, value_type_name);
    many(name, Field::TYPE_MESSAGE, (std::string(self) + "." + entry).c_str());
  }

  void choice(const std::string& name, Field::Type type, const char* type_name = nullptr) {
    one(name, type, type_name).set_oneof_index(0);
  }

  // proto3 `optional` is a oneof of its own; call after the real oneofs.
  void maybe(const std::string& name, Field::Type type, const char* type_name = nullptr) {
    Field& field = one(name, type, type_name);
    field.set_proto3_optional(true);
    field.set_oneof_index(message_.oneof_decl_size());
    message_.add_oneof_decl()->set_name("_" + name);
  }

 private:
  pb::DescriptorProto& message_;
};

void add_shades(pb::DescriptorProto& message) {
  pb::EnumDescriptorProto& names = *message.add_enum_type();
  names.set_name("Shade");
  const std::pair<const char*, int> values[] = {
      {"SHADE_UNSPECIFIED", 0}, {"RED", 1}, {"deep_blue", 2}, {"BELOW", -1}};
  for (const auto& [name, number] : values) {
    names.add_value()->set_name(name);
    names.mutable_value(names.value_size() - 1)->set_number(number);
  }
}

void add_single_fields(Writer& fields) {
  fields.one("real", Field::TYPE_DOUBLE);
  fields.one("small_real", Field::TYPE_FLOAT);
  fields.one("int32_number", Field::TYPE_INT32);
  fields.one("int64_number", Field::TYPE_INT64);
  fields.one("uint32_number", Field::TYPE_UINT32);
  fields.one("uint64_number", Field::TYPE_UINT64);
  fields.one("sint32_number", Field::TYPE_SINT32);
  fields.one("sint64_number", Field::TYPE_SINT64);
  fields.one("fixed32_number", Field::TYPE_FIXED32);
  fields.one("fixed64_number", Field::TYPE_FIXED64);
  fields.one("sfixed32_number", Field::TYPE_SFIXED32);
  fields.one("sfixed64_number", Field::TYPE_SFIXED64);
  fields.one("truth", Field::TYPE_BOOL);
  fields.one("text", Field::TYPE_STRING);
  fields.one("raw", Field::TYPE_BYTES);
  fields.one("shade", Field::TYPE_ENUM, shade);
  fields.one("child", Field::TYPE_MESSAGE, self);
  fields.one("at", Field::TYPE_MESSAGE, timestamp);
  fields.one("mask", Field::TYPE_MESSAGE, field_mask);
}

void add_repeated_fields(Writer& fields) {
  fields.many("reals", Field::TYPE_DOUBLE);
  fields.many("small_reals", Field::TYPE_FLOAT);
  fields.many("int32_numbers", Field::TYPE_INT32);
  fields.many("int64_numbers", Field::TYPE_INT64);
  fields.many("uint32_numbers", Field::TYPE_UINT32);
  fields.many("uint64_numbers", Field::TYPE_UINT64);
  fields.many("truths", Field::TYPE_BOOL);
  fields.many("texts", Field::TYPE_STRING);
  fields.many("raws", Field::TYPE_BYTES);
  fields.many("shades", Field::TYPE_ENUM, shade);
  fields.many("children", Field::TYPE_MESSAGE, self);
  fields.many("times", Field::TYPE_MESSAGE, timestamp);
  fields.map("by_text", "ByTextEntry", Field::TYPE_STRING, Field::TYPE_INT32);
  fields.map("by_number", "ByNumberEntry", Field::TYPE_INT32, Field::TYPE_STRING);
  fields.map("by_wide_number", "ByWideNumberEntry", Field::TYPE_UINT64, Field::TYPE_BYTES);
  fields.map("by_truth", "ByTruthEntry", Field::TYPE_BOOL, Field::TYPE_DOUBLE);
  fields.map("child_by_text", "ChildByTextEntry", Field::TYPE_STRING, Field::TYPE_MESSAGE, self);
  fields.map("shade_by_text", "ShadeByTextEntry", Field::TYPE_STRING, Field::TYPE_ENUM, shade);
  fields.map("time_by_text", "TimeByTextEntry", Field::TYPE_STRING, Field::TYPE_MESSAGE, timestamp);
}

pb::FileDescriptorProto describe() {
  pb::FileDescriptorProto file;
  file.set_name("everything.proto");
  file.set_syntax("proto3");
  file.set_package("tuanyuan.test");
  file.add_dependency("google/protobuf/field_mask.proto");
  file.add_dependency("google/protobuf/timestamp.proto");
  pb::DescriptorProto& message = *file.add_message_type();
  message.set_name("Everything");
  add_shades(message);
  Writer fields(message);
  add_single_fields(fields);
  message.add_oneof_decl()->set_name("choice");
  fields.choice("left_text", Field::TYPE_STRING);
  fields.choice("right_number", Field::TYPE_INT32);
  fields.choice("middle_child", Field::TYPE_MESSAGE, self);
  fields.maybe("maybe_number", Field::TYPE_INT32);
  fields.maybe("maybe_text", Field::TYPE_STRING);
  fields.maybe("maybe_shade", Field::TYPE_ENUM, shade);
  add_repeated_fields(fields);
  return file;
}

class Schema {
 public:
  Schema() : pool_(pb::DescriptorPool::generated_pool()), factory_(&pool_) {
    // The well-known types have to be linked in before the pool can find them.
    pb::Timestamp::descriptor();
    pb::FieldMask::descriptor();
    if (pool_.BuildFile(describe()) == nullptr) {
      throw std::logic_error("the test schema does not compile");
    }
    factory_.SetDelegateToGeneratedFactory(true);
    prototype_ = factory_.GetPrototype(pool_.FindMessageTypeByName(self + 1));
  }

  std::unique_ptr<pb::Message> make() const { return std::unique_ptr<pb::Message>(prototype_->New()); }

 private:
  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_;
  const pb::Message* prototype_ = nullptr;
};

}  // namespace

std::unique_ptr<pb::Message> make_everything() {
  static const Schema schema;
  return schema.make();
}

}  // namespace tuanyuan::wire
