#include "tools/ctl/board_view.hpp"

#include <algorithm>
#include <array>

#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

namespace json = boost::json;

constexpr std::array kinds = {"RECEIVED", "DISPLAYED", "CONFIRMED", "ACTING", "REMOVED", "UNABLE"};
constexpr std::array groupings = {std::pair{"byCategory", "category"}, std::pair{"byDivision", "division"},
                                  std::pair{"byRing", "ring km"}, std::pair{"byChannel", "channel"},
                                  std::pair{"byRevision", "revision"}};
constexpr std::size_t bar_columns = 30;
constexpr std::size_t name_columns_max = 30;

std::string percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "" : std::to_string(part * 100 / whole) + '%';
}

std::string sums(const json::value& board) {
  const std::int64_t expected = number_at(board, "expected");
  TextTable table({"", "", "", ""});
  for (const char* kind : kinds) {
    const std::int64_t answered = number_at(board, std::string("counts.") + kind);
    table.add({kind, bar(static_cast<std::size_t>(answered), static_cast<std::size_t>(expected), bar_columns),
               std::to_string(answered), percent(answered, expected)});
  }
  const std::string text = table.str();
  return text.substr(text.find('\n') + 1);
}

std::string grouping(const json::value& board, const char* field, const char* heading) {
  const json::value* groups = find_at(board, field);
  if (groups == nullptr || !groups->is_object() || groups->get_object().empty()) {
    return "";
  }
  std::vector<std::string> names = {heading, "expected"};
  names.insert(names.end(), kinds.begin(), kinds.end());
  TextTable table(std::move(names));
  for (const auto& group : groups->get_object()) {
    std::vector<std::string> row = {std::string(group.key()),
                                    std::to_string(number_at(group.value(), "expected"))};
    for (const char* kind : kinds) {
      row.push_back(std::to_string(number_at(group.value(), std::string("counts.") + kind)));
    }
    table.add(std::move(row));
  }
  return '\n' + table.str();
}

/// Only while anything is still to be sent.
std::string forecast_of(const json::value& board) {
  if (number_at(board, "forecast.waiting") == 0) {
    return "";
  }
  const auto when = [](const json::value& from, const char* path) {
    const std::string at = text_at(from, path);
    return at.empty() ? std::string("unknown") : at;
  };
  TextTable table({"still to send", "rows", "before them", "sent by"});
  for (const json::value& one : items_at(board, "forecast.channels")) {
    table.add({text_at(one, "channel"), text_at(one, "waiting"), text_at(one, "ahead"), when(one, "sentBy")});
  }
  return "\nthe last will have been sent to: " + when(*find_at(board, "forecast"), "sentBy") + '\n' + table.str();
}

std::string tried_ways(const json::value& silent) {
  std::string text;
  for (const json::value& way : items_at(silent, "tried")) {
    text += (text.empty() ? "" : ", ") + std::string(way.is_string() ? way.get_string().c_str() : "");
  }
  return text;
}

/// "mqtt DOWN, sms UP", in the recipient's own order.
std::string endpoint_health(const json::value& silent) {
  std::string text;
  for (const json::value& endpoint : items_at(silent, "endpoints")) {
    text += (text.empty() ? "" : ", ") + text_at(endpoint, "channel") + ' ' + text_at(endpoint, "state");
  }
  return text;
}

std::string silent_list(const json::value& board) {
  const json::array& silent = items_at(board, "silent");
  if (silent.empty()) {
    return "";
  }
  TextTable table({"silent", "name", "category", "post", "telephone", "tried", "endpoints", "awaited", "unable",
                   "next", "due"});
  for (const json::value& one : silent) {
    table.add({text_at(one, "recipientId"), fitted(text_at(one, "name"), name_columns_max),
               text_at(one, "category"), text_at(one, "liaison.post"), text_at(one, "liaison.telephone"),
               tried_ways(one), endpoint_health(one), text_at(one, "awaited"), text_at(one, "reason"),
               text_at(one, "nextStep"), text_at(one, "dueAt")});
  }
  std::string text = '\n' + table.str();
  const std::int64_t more = number_at(board, "silentTotal") - static_cast<std::int64_t>(silent.size());
  return more > 0 ? text + "and " + std::to_string(more) + " more\n" : text;
}

}  // namespace

std::string board_view(const json::value& board) {
  std::string text = "alert " + text_at(board, "alertId") + ", revision " + text_at(board, "revision") +
                     ", step " + text_at(board, "step") + "\nexpected " + text_at(board, "expected") +
                     ", unexpected " + text_at(board, "unexpected") + ", silent " + text_at(board, "silentTotal") +
                     '\n';
  text += sums(board);
  for (const auto& [field, heading] : groupings) {
    text += grouping(board, field, heading);
  }
  return text + forecast_of(board) + silent_list(board);
}

}  // namespace tuanyuan::ctl
