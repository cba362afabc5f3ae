#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entry.hpp"

namespace tuanyuan::core {

/// Writes the members of an entry as texts. Called as `writer("name", member)` for each.
class DetailWriter {
 public:
  void operator()(std::string_view name, const std::string& value) { put(name, value); }
  void operator()(std::string_view name, bool value) { put(name, value ? "true" : "false"); }
  void operator()(std::string_view name, std::uint32_t value) { put(name, std::to_string(value)); }
  void operator()(std::string_view name, double value);
  void operator()(std::string_view name, Instant value) { put(name, std::to_string(to_epoch_ms(value))); }
  void operator()(std::string_view name, Division value) { put(name, to_string(value)); }
  void operator()(std::string_view name, const std::vector<Division>& values);
  void operator()(std::string_view name, const std::vector<std::string>& values);
  void operator()(std::string_view name, const AudienceSet& values);
  void operator()(std::string_view name, const std::map<std::string, std::uint32_t>& values);
  void operator()(std::string_view name, Status value) { put(name, std::string(to_string(value))); }
  void operator()(std::string_view name, Outcome value) { put(name, std::string(to_string(value))); }
  void operator()(std::string_view name, Cause value) { put(name, std::string(to_string(value))); }
  void operator()(std::string_view name, SuspendReason value) { put(name, std::string(to_string(value))); }
  void operator()(std::string_view name, Assessment value) { put(name, std::string(to_string(value))); }
  void operator()(std::string_view name, ChannelKind value) { put(name, std::string(to_string(value))); }
  template <class Tag>
  void operator()(std::string_view name, const Id<Tag>& value) {
    put(name, value.value);
  }

  /// What entries of an older program do not have.
  void if_any(std::string_view name, const std::string& value) {
    if (!value.empty()) {
      put(name, value);
    }
  }

  Detail take() { return std::move(detail_); }

 private:
  void put(std::string_view name, std::string text) { detail_.emplace(name, std::move(text)); }
  Detail detail_;
};

/// Reads them back; one missing name or text of the wrong kind fails the whole.
class DetailReader {
 public:
  explicit DetailReader(const Detail& detail) : detail_(detail) {}

  void operator()(std::string_view name, std::string& value);
  void operator()(std::string_view name, bool& value);
  void operator()(std::string_view name, std::uint32_t& value);
  void operator()(std::string_view name, double& value);
  void operator()(std::string_view name, Instant& value);
  void operator()(std::string_view name, Division& value);
  void operator()(std::string_view name, std::vector<Division>& values);
  void operator()(std::string_view name, std::vector<std::string>& values);
  void operator()(std::string_view name, AudienceSet& values);
  void operator()(std::string_view name, std::map<std::string, std::uint32_t>& values);
  void operator()(std::string_view name, Status& value);
  void operator()(std::string_view name, Outcome& value);
  void operator()(std::string_view name, Cause& value);
  void operator()(std::string_view name, SuspendReason& value);
  void operator()(std::string_view name, Assessment& value);
  void operator()(std::string_view name, ChannelKind& value);
  template <class Tag>
  void operator()(std::string_view name, Id<Tag>& value) {
    (*this)(name, value.value);
  }

  void if_any(std::string_view name, std::string& value);

  bool failed() const { return failed_; }

 private:
  const std::string& text(std::string_view name);
  const Detail& detail_;
  bool failed_ = false;
};

}  // namespace tuanyuan::core
