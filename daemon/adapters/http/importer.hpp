#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/http/problem.hpp"
#include "adapters/wire/csv.hpp"
#include "core/recipient.hpp"
#include "tuanyuan/v1/recipient.pb.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace tuanyuan::http {

/// A recipient that has passed the rules, or everything that is wrong with it.
Outcome<core::Recipient> checked_recipient(const v1::Recipient& message);

/// Reads a file of recipients (contract, section 5), CSV with a header or one JSON object a line, slice by slice
/// so that others have their turn in between. Gathers what is wrong by line and path; all or nothing is the
/// caller's to keep. CSV columns are the fields in either spelling, `liaison.post` and `liaison.telephone` for
/// the parts of the liaison; cells of lists hold JSON arrays; an empty cell is an absent field.
class Importer {
 public:
  enum class Form { csv, ndjson };

  Importer(std::string text, Form form);
  Importer(const Importer&) = delete;
  Importer& operator=(const Importer&) = delete;

  /// Reads at most so many records more; false: that was all.
  bool take(std::size_t records);

  std::vector<core::Recipient> recipients() { return std::move(recipients_); }
  const std::vector<WrongField>& errors() const { return errors_; }

 private:
  /// Where a column's cells go.
  struct Column {
    std::string parent;  ///< the object that holds the field; empty: the recipient itself
    std::string name;    ///< in JSON
    bool is_json = false;
    bool is_number = false;
  };

  bool take_csv();
  bool take_line();
  bool read_header();
  std::optional<Column> column_of(std::string_view title) const;
  /// The record as JSON; nothing where a cell is not what its column holds.
  std::optional<std::string> json_of(const wire::CsvRecord& record);
  void take_json(std::uint32_t line, std::string_view json);
  void take_recipient(std::uint32_t line, const v1::Recipient& message);
  void wrong(std::uint32_t line, std::string path, core::Text message);
  void wrong(std::uint32_t line, const core::Refusal& refusal);
  bool full() const;

  std::string text_;
  Form form_;
  wire::CsvReader csv_;
  std::string_view rest_;  ///< NDJSON not read yet
  std::uint32_t line_ = 0;
  bool header_read_ = false;
  std::vector<Column> columns_;
  std::vector<core::Recipient> recipients_;
  std::unordered_map<std::string, std::uint32_t> lines_by_id_;
  std::vector<WrongField> errors_;
};

}  // namespace tuanyuan::http
