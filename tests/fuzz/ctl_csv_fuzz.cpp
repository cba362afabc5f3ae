// The CSV reader of tuanyuanctl: whatever the file holds, it answers, and a value never holds more than the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/ctl/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto values = tuanyuan::ctl::csv_column(text, "id");
  std::size_t total = 0;
  if (values) {
    for (const std::string& value : *values) {
      total += value.size();
    }
  }
  if (total > size) {
    std::abort();
  }
  return 0;
}
