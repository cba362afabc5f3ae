#include "adapters/http/importer.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "adapters/http/limits.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/recipient_codec.hpp"
#include "core/recipient_validation.hpp"

namespace tuanyuan::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(from);
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

const FieldDescriptor* field_of(const Descriptor& message, std::string_view name) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (field->name() == name || field->json_name() == name) {
      return field;
    }
  }
  return nullptr;
}

bool is_number(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
}

bool is_name(std::string_view title) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.";
  return title.size() <= path_id_bytes_max && title.find_first_not_of(letters) == std::string_view::npos;
}

core::Text fault_text(wire::CsvFault fault) {
  switch (fault) {
    case wire::CsvFault::open_quote:
      return {"引号没有闭合", "a quoted cell has no end"};
    case wire::CsvFault::too_many_columns:
      return {"列数过多", "there are too many columns"};
    case wire::CsvFault::cell_too_long:
      return {"单元格过长", "a cell is too long"};
    default:
      return {"引号的位置不符合 RFC 4180", "a quote stands where RFC 4180 has none"};
  }
}

/// A number as it stands in a cell, or the text itself, for the reader of JSON to refuse.
boost::json::value number_or_text(const std::string& cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error == std::errc{} && end == cell.data() + cell.size()) {
    return value;
  }
  return boost::json::string(cell);
}

}  // namespace

Outcome<core::Recipient> checked_recipient(const v1::Recipient& message) {
  core::Result<core::Recipient> recipient = wire::from_proto(message);
  if (!recipient) {
    return Problem(recipient.error());
  }
  const core::Result<void> valid = core::validate(*recipient);
  if (!valid) {
    return Problem(valid.error());
  }
  return std::move(*recipient);
}

Importer::Importer(std::string text, Form form) : text_(std::move(text)), form_(form), csv_(text_), rest_(text_) {
  if (rest_.starts_with(byte_order_mark)) {
    rest_.remove_prefix(byte_order_mark.size());
  }
}

bool Importer::full() const {
  return errors_.size() >= import_errors_max || recipients_.size() > import_records_max;
}

bool Importer::take(std::size_t records) {
  for (; records != 0; --records) {
    const bool more = form_ == Form::csv ? take_csv() : take_line();
    if (!more) {
      return false;
    }
    if (full()) {
      if (errors_.empty()) {
        wrong(line_, "", core::Text("记录过多", "there are too many records"));
      }
      return false;
    }
  }
  return true;
}

void Importer::wrong(std::uint32_t line, std::string path, core::Text message) {
  errors_.emplace_back(line, std::move(path), std::move(message));
}

void Importer::wrong(std::uint32_t line, const core::Refusal& refusal) {
  for (const core::FieldError& field : refusal.fields) {
    wrong(line, field.path, field.message);
  }
  if (refusal.fields.empty()) {
    wrong(line, "", refusal.detail);
  }
}

std::optional<Importer::Column> Importer::column_of(std::string_view title) const {
  const std::size_t dot = title.find('.');
  const Descriptor* message = v1::Recipient::descriptor();
  Column column;
  if (dot != std::string_view::npos) {
    const FieldDescriptor* parent = field_of(*message, title.substr(0, dot));
    if (parent == nullptr || parent->is_repeated() || parent->message_type() == nullptr) {
      return std::nullopt;
    }
    column.parent = parent->json_name();
    message = parent->message_type();
    title.remove_prefix(dot + 1);
  }
  const FieldDescriptor* field = field_of(*message, title);
  if (field == nullptr) {
    return std::nullopt;
  }
  column.name = field->json_name();
  column.is_json = field->is_repeated() || field->message_type() != nullptr;
  column.is_number = is_number(*field);
  return column;
}

bool Importer::read_header() {
  header_read_ = true;
  const std::optional<wire::CsvRecord> header = csv_.next();
  if (!header) {
    wrong(1, "",
          csv_.fault() == wire::CsvFault::none ? core::Text("缺少表头", "there is no header")
                                               : fault_text(csv_.fault()));
    return false;
  }
  for (const std::string& cell : header->cells) {
    const std::string title(trimmed(cell));
    std::optional<Column> column = column_of(title);
    const bool again = column && std::any_of(columns_.begin(), columns_.end(), [&column](const Column& known) {
                         return known.name == column->name && known.parent == column->parent;
                       });
    if (!column || again) {
      // A file without a header has data in its place; only what could be a field's name is shown.
      wrong(header->line, is_name(title) ? title : "header",
            again ? core::Text("此列重复", "this column is given twice")
                  : core::Text("表头中有未知的列", "the header has an unknown column"));
      continue;
    }
    columns_.push_back(std::move(*column));
  }
  return errors_.empty();
}

std::optional<std::string> Importer::json_of(const wire::CsvRecord& record) {
  if (record.cells.size() != columns_.size()) {
    wrong(record.line, "", core::Text("列数与表头不符", "there are more or fewer cells than the header has"));
    return std::nullopt;
  }
  boost::json::object object;
  const std::size_t before = errors_.size();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const std::string& cell = record.cells[i];
    if (cell.empty()) {
      continue;
    }
    boost::json::object& holder =
        column.parent.empty() ? object
                              : object.emplace(column.parent, boost::json::object()).first->value().as_object();
    if (!column.is_json) {
      holder[column.name] = column.is_number ? number_or_text(cell) : boost::json::value(cell);
      continue;
    }
    boost::json::error_code error;
    boost::json::value value = boost::json::parse(cell, error);
    if (error) {
      wrong(record.line, column.name, core::Text("单元格须为 JSON", "the cell has to hold JSON"));
      continue;
    }
    holder[column.name] = std::move(value);
  }
  return errors_.size() == before ? std::optional(boost::json::serialize(object)) : std::nullopt;
}

bool Importer::take_csv() {
  if (!header_read_) {
    return read_header();
  }
  const std::optional<wire::CsvRecord> record = csv_.next();
  if (!record) {
    if (csv_.fault() != wire::CsvFault::none) {
      wrong(csv_.line(), "", fault_text(csv_.fault()));
    }
    return false;
  }
  line_ = record->line;
  if (const std::optional<std::string> json = json_of(*record)) {
    take_json(record->line, *json);
  }
  return true;
}

bool Importer::take_line() {
  if (rest_.empty()) {
    return false;
  }
  const std::size_t end = std::min(rest_.find('\n'), rest_.size());
  const std::string_view line = trimmed(rest_.substr(0, end));
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  ++line_;
  if (!line.empty()) {
    take_json(line_, line);
  }
  return true;
}

void Importer::take_json(std::uint32_t line, std::string_view json) {
  wire::JsonLimits limits;
  limits.text_bytes_max = recipient_body_bytes_max * 8;
  limits.depth_max = json_depth_max;
  v1::Recipient message;
  const core::Result<void> read = wire::decode_json(json, message, limits);
  if (!read) {
    wrong(line, read.error());
    return;
  }
  take_recipient(line, message);
}

void Importer::take_recipient(std::uint32_t line, const v1::Recipient& message) {
  Outcome<core::Recipient> recipient = checked_recipient(message);
  if (!recipient) {
    for (const WrongField& field : recipient.error().errors) {
      wrong(line, field.path, field.message);
    }
    return;
  }
  const auto [known, is_new] = lines_by_id_.emplace(recipient->id.value, line);
  if (!is_new) {
    const std::string first = std::to_string(known->second);
    wrong(line, "id", core::Text("与第 " + first + " 行重复", "stands in line " + first + " already"));
    return;
  }
  recipients_.push_back(std::move(*recipient));
}

}  // namespace tuanyuan::http
