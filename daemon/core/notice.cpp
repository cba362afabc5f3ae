#include "core/notice.hpp"

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<Status, 2> status_names{{"ACTUAL", "EXERCISE"}};
constexpr Names<NoticeKind, 4> kind_names{{"ALERT", "UPDATE", "CLOSE", "RETRACT"}};

}  // namespace

std::string_view to_string(Status status) {
  return status_names[status];
}
std::string_view to_string(NoticeKind kind) {
  return kind_names[kind];
}

}  // namespace tuanyuan::core
