#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/http/importer.hpp"
#include "adapters/http/limits.hpp"
#include "adapters/wire/csv.hpp"

namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Records come in ascending lines and within their limits, and what is read ends.
void read(std::string_view text) {
  tuanyuan::wire::CsvReader reader(text);
  std::uint32_t line = 0;
  while (const auto record = reader.next()) {
    require(record->line > line);
    line = record->line;
    require(!record->cells.empty() && record->cells.size() <= tuanyuan::wire::csv_columns_max);
    for (const std::string& cell : record->cells) {
      require(cell.size() <= tuanyuan::wire::csv_cell_bytes_max);
    }
  }
  require(!reader.next());
}

/// Every error has a line of the text, and there are never more of them than somebody reads.
void import(std::string_view text, tuanyuan::http::Importer::Form form) {
  tuanyuan::http::Importer importer{std::string(text), form};
  while (importer.take(16)) {
  }
  require(importer.errors().size() <= tuanyuan::http::import_errors_max + 64);
  for (const tuanyuan::http::WrongField& wrong : importer.errors()) {
    require(wrong.line >= 1 && wrong.line <= text.size() + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(text);
  import(text, tuanyuan::http::Importer::Form::csv);
  import(text, tuanyuan::http::Importer::Form::ndjson);
  return 0;
}
