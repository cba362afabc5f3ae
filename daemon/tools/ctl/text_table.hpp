#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::ctl {

/// How many columns of a terminal a UTF-8 text takes: two for Chinese characters and full-width signs, none
/// for combining ones.
std::size_t columns_of(std::string_view text);

/// The longest beginning of `text` that fits into so many columns.
std::string fitted(std::string_view text, std::size_t columns);

/// Rows under a heading, padded to columns, numbers (texts of digits) to the right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heading);
  void add(std::vector<std::string> row);
  std::size_t size() const { return rows_.size() - 1; }
  std::string str() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// A bar of `columns` columns of which `part` of `whole` is filled: full only when all is done.
std::string bar(std::size_t part, std::size_t whole, std::size_t columns);

}  // namespace tuanyuan::ctl
