#include "tools/ctl/problem.hpp"

#include "tools/ctl/json_view.hpp"

namespace tuanyuan::ctl {
namespace {

constexpr std::size_t foreign_body_chars_max = 400;

std::string field_lines(const boost::json::value& problem) {
  std::string lines;
  for (const boost::json::value& error : items_at(problem, "errors")) {
    lines += "\n  ";
    if (const auto line = text_at(error, "line"); !line.empty()) {
      lines += "line " + line + ": ";
    }
    if (const auto path = text_at(error, "path"); !path.empty()) {
      lines += path + ": ";
    }
    lines += text_at(error, "message");
  }
  return lines;
}

}  // namespace

Failure refusal(HttpResponse response) {
  const std::string status = "refused (" + std::to_string(response.status) + ")";
  const auto problem = parse_json(response.body);
  if (!problem || !problem->is_object()) {
    return {Exit::refused,
            status + (response.body.empty() ? "" : ": ") + response.body.substr(0, foreign_body_chars_max)};
  }
  std::string text = status;
  const std::string title = text_at(*problem, "title");
  const std::string detail = text_at(*problem, "detail");
  if (!title.empty()) {
    text += ": " + title;
  }
  if (!detail.empty() && detail != title) {
    text += ": " + detail;
  }
  text += field_lines(*problem);
  return {Exit::refused, std::move(text), std::move(response.body)};
}

}  // namespace tuanyuan::ctl
