#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/refusal.hpp"

namespace tuanyuan::wire {

/// Collects what is wrong with a message, so that all of it is answered at once. The texts name the rule and
/// never the value.
class FieldErrors {
 public:
  void add(std::string path, core::Text message) { errors_.emplace_back(std::move(path), std::move(message)); }

  void need(bool given, const char* path) {
    if (!given) {
      add(path, core::Text("必填", "is required"));
    }
  }

  /// The value, or the first of its kind beside an error where there is none.
  template <class T>
  T known(std::optional<T> value, std::string path) {
    if (!value) {
      add(std::move(path), core::Text("缺失或不是已知的取值", "is missing or not a known value"));
    }
    return value.value_or(T{});
  }

  /// Degrees; what is not a number is refused too.
  void within(double degrees, double limit, const char* path) {
    if (!(degrees >= -limit && degrees <= limit)) {
      const std::string span = std::to_string(static_cast<int>(limit));
      add(path, core::Text("须为 -" + span + " 至 " + span + " 之间的度数",
                           "has to be given in degrees from -" + span + " to " + span));
    }
  }

  template <class T>
  core::Result<T> result(T value) {
    if (!errors_.empty()) {
      return core::Refusal(std::move(errors_));
    }
    return value;
  }

 private:
  std::vector<core::FieldError> errors_;
};

}  // namespace tuanyuan::wire
