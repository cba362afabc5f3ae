#include "tools/station/recipients_file.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "adapters/wire/csv.hpp"

namespace tuanyuan::station {
namespace {

std::optional<double> parse_degrees(std::string_view text, double limit) {
  double degrees = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degrees);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && degrees >= -limit && degrees <= limit ? std::optional(degrees) : std::nullopt;
}

std::optional<boost::json::array> parse_list(std::string_view text) {
  boost::system::error_code error;
  boost::json::value value =
      text.empty() ? boost::json::array{} : boost::json::parse({text.data(), text.size()}, error);
  return !error && value.is_array() ? std::optional(value.get_array()) : std::nullopt;
}

/// Reads the cells of one record by the names of their columns.
class RowReader {
 public:
  RowReader(const std::map<std::string, std::size_t>& columns, const wire::CsvRecord& record,
            std::vector<core::FieldError>& errors)
      : columns_(columns), record_(record), errors_(errors) {}

  RecipientRow read() {
    RecipientRow row;
    row.member.id = core::RecipientId(std::string(cell("id")));
    need(!row.member.id.empty(), "id");
    row.member.name = std::string(cell("name"));
    row.member.audience = given(core::parse_audience(cell("audience")), "audience");
    row.member.division = given(core::parse_division(cell("division")), "division");
    read_place(row.member);
    read_coverage(row.member);
    row.via = core::RecipientId(std::string(cell("via")));
    read_endpoints(row);
    return row;
  }

 private:
  std::string_view cell(const std::string& column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() || found->second >= record_.cells.size()
               ? std::string_view()
               : std::string_view(record_.cells[found->second]);
  }

  void need(bool holds, const char* column) {
    if (!holds) {
      errors_.emplace_back("line " + std::to_string(record_.line) + ": " + column,
                           core::Text("缺失或不符合格式", "is missing or not well formed"));
    }
  }

  template <class T>
  T given(std::optional<T> value, const char* column) {
    need(value.has_value(), column);
    return value.value_or(T{});
  }

  void read_place(Member& member) {
    if (cell("latitude").empty() && cell("longitude").empty()) {
      return;
    }
    const core::Position place{given(parse_degrees(cell("latitude"), 90), "latitude"),
                               given(parse_degrees(cell("longitude"), 180), "longitude")};
    member.place = core::to_wgs84(place, given(parse_crs(cell("crs")), "crs"));
  }

  void read_coverage(Member& member) {
    for (const boost::json::value& one : given(parse_list(cell("coverage")), "coverage")) {
      const auto prefix = one.is_string() ? core::parse_coverage(one.get_string()) : std::nullopt;
      member.coverage.push_back(given(prefix, "coverage"));
    }
  }

  void read_endpoints(RecipientRow& row) {
    const boost::json::array endpoints = given(parse_list(cell("endpoints")), "endpoints");
    row.has_mqtt = endpoints.empty() ||
                   std::any_of(endpoints.begin(), endpoints.end(), [](const boost::json::value& endpoint) {
                     const auto* object = endpoint.if_object();
                     const auto* channel = object == nullptr ? nullptr : object->if_contains("channel");
                     return channel != nullptr && channel->is_string() && channel->get_string() == "mqtt";
                   });
  }

  const std::map<std::string, std::size_t>& columns_;
  const wire::CsvRecord& record_;
  std::vector<core::FieldError>& errors_;
};

}  // namespace

std::optional<core::Crs> parse_crs(std::string_view name) {
  static const std::map<std::string_view, core::Crs> names{{"WGS84", core::Crs::wgs84},
                                                           {"CGCS2000", core::Crs::cgcs2000},
                                                           {"GCJ02", core::Crs::gcj02},
                                                           {"BD09", core::Crs::bd09}};
  const auto found = names.find(name);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

core::Result<std::vector<RecipientRow>> read_recipients(std::string_view csv) {
  wire::CsvReader records(csv);
  std::map<std::string, std::size_t> columns;
  if (const auto header = records.next()) {
    for (std::size_t i = 0; i < header->cells.size(); ++i) {
      columns.emplace(header->cells[i], i);
    }
  }
  std::vector<core::FieldError> errors;
  for (const char* column : {"id", "audience", "division"}) {
    if (!columns.contains(column)) {
      errors.emplace_back(std::string("header: ") + column, core::Text("缺少此列", "the column is missing"));
    }
  }
  std::vector<RecipientRow> rows;
  while (errors.empty()) {
    const auto record = records.next();
    if (!record && records.fault() != wire::CsvFault::none) {
      errors.emplace_back("line " + std::to_string(records.line()), core::Text("不是有效的 CSV", "is not CSV"));
      break;
    }
    if (!record) {
      return rows;
    }
    rows.push_back(RowReader(columns, *record, errors).read());
  }
  return core::Refusal(std::move(errors));
}

std::vector<StationPlan> plan_stations(const std::vector<RecipientRow>& rows) {
  std::vector<StationPlan> plans;
  std::unordered_map<std::string, std::size_t> by_id;
  for (const RecipientRow& row : rows) {
    if (row.via.empty() && row.has_mqtt) {
      by_id.emplace(row.member.id.value, plans.size());
      plans.push_back({row.member, {}});
    }
  }
  for (const RecipientRow& row : rows) {
    if (const auto hub = by_id.find(row.via.value); hub != by_id.end()) {
      plans[hub->second].members.push_back(row.member);
    }
  }
  return plans;
}

}  // namespace tuanyuan::station
