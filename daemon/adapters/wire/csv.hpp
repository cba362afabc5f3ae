#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::wire {

inline constexpr std::size_t csv_columns_max = 64;
inline constexpr std::size_t csv_cell_bytes_max = 64 * 1024;

struct CsvRecord {
  std::uint32_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> cells;
};

/// Why a text is not CSV, and where.
enum class CsvFault { none, stray_quote, open_quote, too_many_columns, cell_too_long };

/// Reads RFC 4180 record by record: quoted cells may hold commas, line breaks and doubled quotes; lines end in
/// CRLF or LF. A byte order mark at the start and blank lines are passed over. After a fault nothing more comes.
class CsvReader {
 public:
  /// The text has to outlive the reader.
  explicit CsvReader(std::string_view text);

  /// Nothing: the end, or a fault.
  std::optional<CsvRecord> next();

  CsvFault fault() const { return fault_; }
  /// Where the record that is being read begins; of a fault, the faulty one.
  std::uint32_t line() const { return record_line_; }

 private:
  bool read_cell(CsvRecord& record);
  bool read_quoted(std::string& cell);
  bool read_plain(std::string& cell);
  bool fail(CsvFault fault);
  bool at_line_end() const;
  void skip_line_end();

  std::string_view rest_;
  std::uint32_t line_ = 1;
  std::uint32_t record_line_ = 1;
  CsvFault fault_ = CsvFault::none;
};

}  // namespace tuanyuan::wire
