#include "adapters/push/answer_code.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>

#include "adapters/push/retry_after.hpp"
#include "adapters/push/webhook_message.hpp"

namespace tuanyuan::push {
namespace {

using core::DeliveryOutcome;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

boost::json::value parsed_or_null(std::string_view body) {
  boost::system::error_code failed;
  boost::json::value parsed = boost::json::parse(body, failed);
  return failed ? boost::json::value() : parsed;
}

const boost::json::value* at_path(const boost::json::value& from, std::initializer_list<std::string_view> path) {
  const boost::json::value* here = &from;
  for (const std::string_view name : path) {
    const boost::json::object* object = here->if_object();
    here = object == nullptr ? nullptr : object->if_contains(name);
    if (here == nullptr) {
      return nullptr;
    }
  }
  return here;
}

std::optional<std::int64_t> number_of(const boost::json::value& value) {
  if (const std::int64_t* number = value.if_int64()) {
    return *number;
  }
  const boost::json::string* text = value.if_string();
  std::int64_t read = 0;
  if (text == nullptr || text->empty()) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), read);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(read) : std::nullopt;
}

ports::SendResult of_meaning(const CodeRow& row) {
  ports::SendResult sent;
  switch (row.meaning) {
    case CodeMeaning::accepted:
      sent.outcome = DeliveryOutcome::accepted;
      break;
    case CodeMeaning::dead:
      sent.address_dead = true;
      [[fallthrough]];
    case CodeMeaning::rejected:
      sent.outcome = DeliveryOutcome::rejected;
      break;
    case CodeMeaning::people:
      sent.needs_people = true;
      [[fallthrough]];
    case CodeMeaning::retry:
    case CodeMeaning::throttled:
      sent.outcome = DeliveryOutcome::retry;
      sent.retry_after = std::chrono::seconds(row.wait_seconds);
      break;
  }
  return sent;
}

}  // namespace

std::optional<std::int64_t> number_in(std::string_view body, std::initializer_list<std::string_view> names) {
  const boost::json::value parsed = parsed_or_null(body);
  const boost::json::object* object = parsed.if_object();
  if (object == nullptr) {
    return std::nullopt;
  }
  for (const std::string_view name : names) {
    if (const boost::json::value* value = object->if_contains(name)) {
      return number_of(*value);
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> number_below(std::string_view body, std::string_view outer, std::string_view name) {
  const boost::json::value parsed = parsed_or_null(body);
  const boost::json::value* found = at_path(parsed, {outer, name});
  return found == nullptr ? std::nullopt : number_of(*found);
}

std::vector<std::string> texts_in(std::string_view body, std::initializer_list<std::string_view> path) {
  const boost::json::value parsed = parsed_or_null(body);
  const boost::json::value* found = at_path(parsed, path);
  std::vector<std::string> texts;
  if (found == nullptr) {
    return texts;
  }
  if (const boost::json::string* text = found->if_string()) {
    texts.emplace_back(*text);
  }
  if (const boost::json::array* list = found->if_array()) {
    for (const boost::json::value& each : *list) {
      if (const boost::json::string* text = each.if_string()) {
        texts.emplace_back(*text);
      }
    }
  }
  return texts;
}

Verdict judge_by_status(const HttpResult& result, core::Instant now) {
  Verdict verdict;
  verdict.sent = outcome_of(result, now);
  verdict.reason = reason_of(result);
  return verdict;
}

Verdict judge_by_code(const HttpResult& result, std::optional<std::int64_t> code, std::span<const CodeRow> table,
                      core::Instant now) {
  if (result.outcome != HttpResult::Outcome::answered) {
    return judge_by_status(result, now);
  }
  Verdict verdict;
  verdict.reason = reason_of(result) + (code ? "/" + std::to_string(*code) : "");
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const CodeRow& each) { return code == each.code; });
  if (row != table.end() && (is_success(result.status) || row->meaning != CodeMeaning::accepted)) {
    verdict.sent = of_meaning(*row);
  } else if (!is_success(result.status)) {
    verdict.sent = outcome_of(result, now);
    verdict.sent.address_dead = false;
  } else if (code) {
    verdict.sent.outcome = DeliveryOutcome::retry;
  }
  if (verdict.sent.outcome == DeliveryOutcome::retry) {
    verdict.sent.retry_after = std::max(verdict.sent.retry_after, parse_retry_after(result.retry_after, now));
  }
  return verdict;
}

}  // namespace tuanyuan::push
