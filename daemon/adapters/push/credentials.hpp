#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace tuanyuan::push {

/// A gateway's own credentials, by their keys in the configuration. The app reads them from files, at the start
/// and when it is told to reload; a channel asks for each when it needs it, and keeps none. Never logged. Loop
/// thread.
class Credentials {
 public:
  /// Empty: there is none.
  std::string_view of(std::string_view key) const {
    const auto found = secrets_.find(key);
    return found == secrets_.end() ? std::string_view() : std::string_view(found->second);
  }
  void put(std::string key, std::string secret) { secrets_.insert_or_assign(std::move(key), std::move(secret)); }

 private:
  std::map<std::string, std::string, std::less<>> secrets_;
};

}  // namespace tuanyuan::push
