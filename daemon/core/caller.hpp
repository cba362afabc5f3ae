#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/division.hpp"
#include "core/entry.hpp"
#include "core/ids.hpp"

namespace tuanyuan::core {

enum class Role : std::uint8_t { submitter, releaser, supervisor, operator_, recipient };
std::optional<Role> parse_role(std::string_view name);
std::string_view to_string(Role role);

class Roles {
 public:
  Roles() = default;
  Roles(std::initializer_list<Role> roles) {
    for (Role role : roles) {
      insert(role);
    }
  }
  void insert(Role role) { bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(role))); }
  bool contains(Role role) const { return (bits_ & (1U << static_cast<unsigned>(role))) != 0; }
  bool contains_any(Roles others) const { return (bits_ & others.bits_) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  std::uint8_t bits_ = 0;
};

/// Who asks, as the client certificate says: a police unit's officer with roles, or a recipient.
struct Caller {
  std::string unit;     ///< GA 380, 12 digits; empty for a recipient
  std::string officer;  ///< the officer's number
  Roles roles;
  RecipientId recipient;  ///< empty for an officer

  /// The division the unit answers for.
  DivisionPrefix division() const { return division_of_unit(unit); }
  Actor actor() const;
};

}  // namespace tuanyuan::core
