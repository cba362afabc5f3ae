#pragma once

#include <boost/json/object.hpp>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace tuanyuan::http {

/// Which side writes a message. The daemon prints every field without presence and may learn new ones; what it
/// reads may leave out any field, and hold none that it does not know.
enum class Direction { answer, request };

/// Collects JSON Schemas (2020-12) of messages by the protobuf JSON mapping, as the wire codec has it: the
/// descriptors are the one source of what messages look like.
class SchemaBook {
 public:
  /// A reference to the schema of the message, which is entered with all it needs.
  boost::json::object refer(const google::protobuf::Descriptor& message, Direction direction);

  boost::json::object take() { return std::move(schemas_); }

 private:
  boost::json::object of_message(const google::protobuf::Descriptor& message, Direction direction);
  boost::json::object of_field(const google::protobuf::FieldDescriptor& field, Direction direction);
  boost::json::object of_value(const google::protobuf::FieldDescriptor& field, Direction direction);

  boost::json::object schemas_;
};

}  // namespace tuanyuan::http
