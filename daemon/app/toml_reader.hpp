#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config.hpp"

namespace tuanyuan::app {

/// Walks one table of a TOML document. Every key is asked for by name; what was not asked for is refused by
/// `finish`, with its path, so that a misspelt key never silently means its default.
class TableReader {
 public:
  TableReader(const toml::table* table, std::string path, std::vector<ConfigError>& errors)
      : table_(table), path_(std::move(path)), errors_(errors) {}

  void text(std::string_view key, std::string& value);
  void flag(std::string_view key, bool& value);
  void number(std::string_view key, std::int64_t least, std::int64_t most,
              const std::function<void(std::int64_t)>& take);
  void real(std::string_view key, double least, double most, double& value);
  void texts(std::string_view key, const std::function<bool(const std::string&)>& take);
  /// A table inside this one; `read` is called with its reader whether it is there or not.
  void table(std::string_view key, const std::function<void(TableReader&)>& read);
  /// An array of tables; `read` is called for each.
  void tables(std::string_view key, const std::function<void(TableReader&)>& read);
  void refuse(std::string_view key, std::string message);
  void finish();
  bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }

 private:
  const toml::node* take(std::string_view key);
  std::string path_of(std::string_view key) const;

  const toml::table* table_;
  std::string path_;
  std::vector<ConfigError>& errors_;
  std::vector<std::string> known_;
};

}  // namespace tuanyuan::app
