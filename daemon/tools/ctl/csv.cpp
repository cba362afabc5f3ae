#include "tools/ctl/csv.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/wire/csv.hpp"

namespace tuanyuan::ctl {
namespace {

const char* sentence(wire::CsvFault fault) {
  switch (fault) {
    case wire::CsvFault::none:
      break;
    case wire::CsvFault::stray_quote:
      return "a quotation mark where none can be";
    case wire::CsvFault::open_quote:
      return "a quotation mark that is never closed";
    case wire::CsvFault::too_many_columns:
      return "too many fields";
    case wire::CsvFault::cell_too_long:
      return "a field that is too long";
  }
  return "no CSV";
}

Failure wrong(std::uint32_t line, const std::string& what) {
  return {Exit::usage, "line " + std::to_string(line) + ": " + what};
}

}  // namespace

Outcome<std::vector<std::string>> csv_column(std::string_view text, std::string_view name) {
  wire::CsvReader reader(text);
  const std::optional<wire::CsvRecord> header = reader.next();
  const std::vector<std::string> names = header ? header->cells : std::vector<std::string>();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end() && reader.fault() == wire::CsvFault::none) {
    return wrong(1, "there is no column " + std::string(name));
  }
  const auto column = static_cast<std::size_t>(found - names.begin());
  std::vector<std::string> values;
  while (auto record = reader.next()) {
    if (record->cells.size() != names.size()) {
      return wrong(record->line, std::to_string(record->cells.size()) + " fields where the first record has " +
                                     std::to_string(names.size()));
    }
    if (values.size() == csv_records_max) {
      return Failure(Exit::usage, "more than " + std::to_string(csv_records_max) + " records");
    }
    values.push_back(std::move(record->cells[column]));
  }
  if (reader.fault() != wire::CsvFault::none) {
    return wrong(reader.line(), sentence(reader.fault()));
  }
  return values;
}

}  // namespace tuanyuan::ctl
