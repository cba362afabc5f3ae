#include "tools/ctl/csv.hpp"

#include <algorithm>
#include <optional>

namespace tuanyuan::ctl {
namespace {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark)) {
      rest_.remove_prefix(byte_order_mark.size());
    }
  }

  std::size_t line() const { return record_line_; }

  /// Nothing at the end. Blank lines are skipped.
  Outcome<std::optional<std::vector<std::string>>> next() {
    while (!rest_.empty() && (rest_.front() == '\n' || rest_.front() == '\r')) {
      take();
    }
    record_line_ = line_;
    if (rest_.empty()) {
      return std::optional<std::vector<std::string>>();
    }
    std::vector<std::string> record;
    bool more = true;
    while (more) {
      if (record.size() == csv_fields_max) {
        return wrong("too many fields");
      }
      auto field = rest_.starts_with('"') ? quoted() : plain();
      if (!field) {
        return field.error();
      }
      record.push_back(std::move(*field));
      more = !rest_.empty() && rest_.front() == ',';
      if (!rest_.empty()) {
        take();
      }
    }
    return std::optional(std::move(record));
  }

 private:
  Outcome<std::string> plain() {
    std::string field;
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '\n' && rest_.front() != '\r') {
      if (rest_.front() == '"') {
        return wrong("a quotation mark inside a field that does not begin with one");
      }
      field += take();
    }
    return field;
  }

  Outcome<std::string> quoted() {
    std::string field;
    take();
    while (!rest_.empty()) {
      const char c = take();
      if (c != '"') {
        field += c;
      } else if (rest_.starts_with('"')) {
        field += take();
      } else if (rest_.empty() || rest_.front() == ',' || rest_.front() == '\n' || rest_.front() == '\r') {
        return field;
      } else {
        return wrong("text after the closing quotation mark");
      }
    }
    return wrong("a quotation mark that is never closed");
  }

  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    line_ += c == '\n' ? 1 : 0;
    return c;
  }

  Failure wrong(const char* what) const {
    return {Exit::usage, "line " + std::to_string(record_line_) + ": " + what};
  }

  std::string_view rest_;
  std::size_t line_ = 1;
  std::size_t record_line_ = 1;
};

}  // namespace

Outcome<std::vector<std::string>> csv_column(std::string_view text, std::string_view name) {
  CsvReader reader(text);
  const auto header = reader.next();
  if (!header) {
    return header.error();
  }
  const std::vector<std::string> names = header->value_or(std::vector<std::string>());
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return Failure(Exit::usage, "line 1: there is no column " + std::string(name));
  }
  const auto column = static_cast<std::size_t>(found - names.begin());
  std::vector<std::string> values;
  for (;;) {
    auto record = reader.next();
    if (!record) {
      return record.error();
    }
    if (!*record) {
      return values;
    }
    if ((*record)->size() != names.size()) {
      return Failure(Exit::usage, "line " + std::to_string(reader.line()) + ": " +
                                      std::to_string((*record)->size()) + " fields where line 1 has " +
                                      std::to_string(names.size()));
    }
    if (values.size() == csv_records_max) {
      return Failure(Exit::usage, "more than " + std::to_string(csv_records_max) + " records");
    }
    values.push_back(std::move((**record)[column]));
  }
}

}  // namespace tuanyuan::ctl
