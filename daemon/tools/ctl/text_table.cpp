#include "tools/ctl/text_table.hpp"

#include <algorithm>
#include <cstdint>

namespace tuanyuan::ctl {
namespace {

constexpr std::size_t gap_columns = 2;

struct Glyph {
  std::size_t bytes;
  std::size_t columns;
};

/// The first code point of a text that is not empty. Bytes that are no UTF-8 count as a column each.
Glyph first_glyph(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || bytes > text.size()) {
    return {1, 1};
  }
  std::uint32_t point = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  if (point >= 0x0300 && point <= 0x036F) {
    return {bytes, 0};
  }
  // Unicode TR 11: the wide and full-width blocks that Chinese, Japanese and Korean texts use.
  const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                    (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                    (point >= 0xFE30 && point <= 0xFE4F) || (point >= 0xFF00 && point <= 0xFF60) ||
                    (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1F64F) ||
                    (point >= 0x20000 && point <= 0x3FFFD);
  return {bytes, wide ? 2U : 1U};
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.%") == std::string_view::npos;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    columns += glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  return columns;
}

std::string fitted(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const Glyph glyph = first_glyph(text.substr(bytes));
    if (glyph.columns > columns) {
      break;
    }
    columns -= glyph.columns;
    bytes += glyph.bytes;
  }
  return std::string(text.substr(0, bytes));
}

TextTable::TextTable(std::vector<std::string> heading) {
  rows_.push_back(std::move(heading));
}

void TextTable::add(std::vector<std::string> row) {
  row.resize(rows_.front().size());
  rows_.push_back(std::move(row));
}

std::string TextTable::str() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t padding = widths[i] - columns_of(row[i]);
      line.append(is_number(row[i]) ? padding : 0, ' ').append(row[i]);
      line.append(is_number(row[i]) ? 0 : padding, ' ').append(gap_columns, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string bar(std::size_t part, std::size_t whole, std::size_t columns) {
  const std::size_t filled = whole == 0 ? 0 : std::min(part, whole) * columns / whole;
  std::string out;
  for (std::size_t i = 0; i < columns; ++i) {
    out += i < filled ? "█" : "░";
  }
  return out;
}

}  // namespace tuanyuan::ctl
