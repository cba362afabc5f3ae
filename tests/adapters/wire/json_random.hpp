#pragma once

#include <google/protobuf/message.h>

#include <random>
#include <string>

namespace tuanyuan::wire {

/// Fills a message with anything that it may hold: every field now set, now not; numbers at the ends of their
/// range; texts with characters of every length in UTF-8 and those that JSON escapes.
class RandomFiller {
 public:
  explicit RandomFiller(std::uint64_t seed) : random_(seed) {}

  void fill(google::protobuf::Message& message, int depth = 0);

  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  std::string text();

 private:
  void set(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth);
  void fill_map(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth);
  void fill_nested(google::protobuf::Message& message, int depth);
  std::string bytes();
  double real();
  template <class Integer>
  Integer integer();

  std::mt19937_64 random_;
};

}  // namespace tuanyuan::wire
