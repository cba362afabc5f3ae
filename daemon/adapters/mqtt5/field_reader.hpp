#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/wire_format.hpp"

namespace tuanyuan::mqtt5 {

/// Reads fields one after the other out of a bounded piece of a packet. The first error sticks: after it every
/// read answers zero or nothing and moves no further, so that callers read straight on and look once at the end.
/// Not for users of the codec.
class FieldReader {
 public:
  explicit FieldReader(std::span<const std::uint8_t> octets) : octets_(octets) {}

  bool ok() const { return error_ == DecodeError::none; }
  DecodeError error() const { return error_; }
  bool at_end() const { return octets_.empty(); }
  bool has_more() const { return ok() && !at_end(); }

  /// The first error wins.
  void fail(DecodeError error);
  void require(bool holds, DecodeError otherwise) {
    if (!holds) {
      fail(otherwise);
    }
  }

  std::uint8_t octet();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint32_t variable();
  /// Section 1.5.4.
  std::string string();
  /// Section 1.5.6.
  std::string binary();
  /// Everything left, as octets.
  std::string rest();
  std::uint16_t packet_id();

  /// The next `size` octets as a reader of their own; its errors have to be handed back with adopt().
  FieldReader part(std::size_t size);
  void adopt(const FieldReader& part) { require(part.ok(), part.error()); }

  /// Values of properties with their own rules.
  bool boolean();
  std::uint16_t u16_not_zero();
  std::uint32_t u32_not_zero();
  std::uint32_t variable_not_zero();

 private:
  std::span<const std::uint8_t> take(std::size_t size);

  std::span<const std::uint8_t> octets_;
  DecodeError error_ = DecodeError::none;
};

/// Which properties a packet may carry, as bits by their number.
class PropertySet {
 public:
  constexpr PropertySet(std::initializer_list<Property> members) {
    for (const Property member : members) {
      insert(member);
    }
  }
  constexpr void insert(Property member) { bits_ |= bit(member); }
  constexpr bool contains(Property member) const { return (bits_ & bit(member)) != 0; }

 private:
  static constexpr std::uint64_t bit(Property member) { return 1ULL << static_cast<unsigned>(member); }
  std::uint64_t bits_ = 0;
};

/// Whether section 2.2.2.2 knows the number at all.
bool is_property(std::uint32_t id);

/// Reads a property list (section 2.2.2): calls `read(id, reader)` for each, which has to read its value.
/// Refuses what is unknown, what `allowed` does not hold, and what comes twice without being in `repeatable`.
template <class Read>
void read_properties(FieldReader& from, PropertySet allowed, PropertySet repeatable, const Read& read) {
  FieldReader list = from.part(from.variable());
  PropertySet seen{};
  while (list.has_more()) {
    const std::uint32_t number = list.variable();
    if (!is_property(number)) {
      list.fail(DecodeError::property_unknown);
      break;
    }
    const auto id = static_cast<Property>(number);
    list.require(allowed.contains(id), DecodeError::property_not_allowed_here);
    list.require(!seen.contains(id) || repeatable.contains(id), DecodeError::property_twice);
    seen.insert(id);
    if (list.ok()) {
      read(id, list);
    }
  }
  from.adopt(list);
}

}  // namespace tuanyuan::mqtt5
