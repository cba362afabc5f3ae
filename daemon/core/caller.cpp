#include "core/caller.hpp"

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<Role, 5> role_names{{"submitter", "releaser", "supervisor", "operator", "recipient"}};

}  // namespace

std::optional<Role> parse_role(std::string_view name) {
  return role_names.find(name);
}
std::string_view to_string(Role role) {
  return role_names[role];
}

Actor Caller::actor() const {
  if (!recipient.empty()) {
    return {recipient.value, {}};
  }
  return {unit, officer};
}

}  // namespace tuanyuan::core
