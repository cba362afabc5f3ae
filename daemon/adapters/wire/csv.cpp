#include "adapters/wire/csv.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::wire {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with(byte_order_mark)) {
    rest_.remove_prefix(byte_order_mark.size());
  }
}

bool CsvReader::at_line_end() const {
  return rest_.starts_with('\n') || rest_.starts_with("\r\n");
}

void CsvReader::skip_line_end() {
  rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
  ++line_;
}

bool CsvReader::fail(CsvFault fault) {
  fault_ = fault;
  rest_ = {};
  return false;
}

bool CsvReader::read_quoted(std::string& cell) {
  rest_.remove_prefix(1);
  for (;;) {
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) {
      return fail(CsvFault::open_quote);
    }
    const std::string_view part = rest_.substr(0, quote);
    cell += part;
    line_ += static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'));
    rest_.remove_prefix(quote + 1);
    // The doubled quote that may follow is a byte of the cell too.
    if (cell.size() + (rest_.starts_with('"') ? 1 : 0) > csv_cell_bytes_max) {
      return fail(CsvFault::cell_too_long);
    }
    if (!rest_.starts_with('"')) {
      const bool ends = rest_.empty() || rest_.front() == ',' || at_line_end();
      return ends || fail(CsvFault::stray_quote);
    }
    cell += '"';
    rest_.remove_prefix(1);
  }
}

bool CsvReader::read_plain(std::string& cell) {
  std::size_t end = std::min(rest_.find_first_of(",\n\""), rest_.size());
  if (end < rest_.size() && rest_[end] == '"') {
    return fail(CsvFault::stray_quote);
  }
  if (end < rest_.size() && rest_[end] == '\n' && end > 0 && rest_[end - 1] == '\r') {
    --end;
  }
  if (end > csv_cell_bytes_max) {
    return fail(CsvFault::cell_too_long);
  }
  cell = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return true;
}

bool CsvReader::read_cell(CsvRecord& record) {
  if (record.cells.size() == csv_columns_max) {
    return fail(CsvFault::too_many_columns);
  }
  std::string cell;
  const bool read = rest_.starts_with('"') ? read_quoted(cell) : read_plain(cell);
  record.cells.push_back(std::move(cell));
  return read;
}

std::optional<CsvRecord> CsvReader::next() {
  while (!rest_.empty() && at_line_end()) {
    skip_line_end();
  }
  if (rest_.empty()) {
    return std::nullopt;
  }
  CsvRecord record;
  record.line = record_line_ = line_;
  while (read_cell(record)) {
    if (rest_.empty()) {
      return record;
    }
    if (at_line_end()) {
      skip_line_end();
      return record;
    }
    rest_.remove_prefix(1);  // the comma
  }
  return std::nullopt;
}

}  // namespace tuanyuan::wire
