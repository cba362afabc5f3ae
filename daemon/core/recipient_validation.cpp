#include "core/recipient_validation.hpp"

#include <optional>
#include <string>
#include <utility>

#include "core/field_checks.hpp"
#include "core/group_address.hpp"
#include "core/identifiers.hpp"
#include "core/language_tag.hpp"
#include "core/limits.hpp"
#include "core/opening_hours.hpp"

namespace tuanyuan::core {
namespace {

std::string indexed(const char* list, std::size_t index) {
  return std::string(list) + '[' + std::to_string(index) + ']';
}

void check_id(FieldChecks& checks, const char* path, const RecipientId& id) {
  if (!is_recipient_id(id.value)) {
    checks.refuse(path, Text("须为 1 至 64 个字母、数字、下划线或连字符",
                             "has to be 1 to 64 letters, digits, underscores or hyphens"));
  }
}

void check_count(FieldChecks& checks, const char* path, std::size_t count, std::size_t most) {
  if (count > most) {
    const std::string limit = std::to_string(most);
    checks.refuse(path, Text("不得超过 " + limit + " 项", "may have at most " + limit + " entries"));
  }
}

void check_names(FieldChecks& checks, const Recipient& recipient) {
  check_id(checks, "id", recipient.id);
  checks.text("name", recipient.name, {.chars_max = recipient_name_chars_max, .required = true});
  if (!recipient.via.empty()) {
    check_id(checks, "via", recipient.via);
    if (recipient.via == recipient.id) {
      checks.refuse("via", Text("不得为自身", "may not be the recipient itself"));
    }
  }
  if (!recipient.unit.empty()) {
    check_id(checks, "unit", recipient.unit);
  }
}

void check_place(FieldChecks& checks, const Recipient& recipient) {
  checks.require(static_cast<bool>(recipient.division), "division");
  if (recipient.position) {
    checks.position("", *recipient.position);
  } else if (recipient.coverage.empty()) {
    checks.refuse("coverage", Text("位置与覆盖范围至少填一项", "is required where there is no position"));
  }
  check_count(checks, "coverage", recipient.coverage.size(), coverage_entries_max);
}

void check_hours(FieldChecks& checks, const std::string& hours) {
  if (!checks.text("hours", hours, {.chars_max = hours_chars_max})) {
    return;
  }
  const Result<OpeningHours> parsed = OpeningHours::parse(hours);
  if (parsed.has_error()) {
    checks.refuse("hours", parsed.error().detail);
  }
}

void check_languages(FieldChecks& checks, const std::vector<std::string>& languages) {
  check_count(checks, "languages", languages.size(), recipient_languages_max);
  for (std::size_t index = 0; index < languages.size(); ++index) {
    if (!is_language_tag(languages[index])) {
      checks.refuse(indexed("languages", index), Text("须为 BCP 47 语言标签", "has to be a BCP 47 language tag"));
    }
  }
}

bool is_http_url(std::string_view text) {
  const bool secure = text.starts_with("https://");
  return (secure || text.starts_with("http://")) && text.size() > (secure ? 8U : 7U) &&
         text.find(' ') == std::string_view::npos;
}

void check_address(FieldChecks& checks, const std::string& path, const Endpoint& endpoint) {
  switch (endpoint.channel) {
    case ChannelKind::mqtt:
      if (!endpoint.address.empty()) {
        checks.refuse(path, Text("mqtt 不填地址", "has to be empty for mqtt"));
      }
      return;
    case ChannelKind::sms:
    case ChannelKind::voice:
      checks.phone(path, endpoint.address, true);
      return;
    case ChannelKind::webhook:
      if (checks.text(path, endpoint.address, {.chars_max = address_chars_max, .required = true}) &&
          !is_http_url(endpoint.address)) {
        checks.refuse(path, Text("须为 https 网址", "has to be an https URL"));
      }
      return;
    default:
      if (checks.text(path, endpoint.address, {.chars_max = address_chars_max, .required = true, .lines = true})) {
        if (std::optional<Text> fault = group_fault(endpoint.channel, endpoint.address)) {
          checks.refuse(path, std::move(*fault));
        }
      }
  }
}

void check_endpoints(FieldChecks& checks, const std::vector<Endpoint>& endpoints) {
  check_count(checks, "endpoints", endpoints.size(), endpoints_max);
  for (std::size_t index = 0; index < endpoints.size(); ++index) {
    const std::string path = indexed("endpoints", index);
    check_address(checks, path + ".address", endpoints[index]);
    checks.text(path + ".secret", endpoints[index].secret, {.chars_max = secret_chars_max, .lines = true});
  }
}

}  // namespace

Result<void> validate(const Recipient& recipient) {
  FieldChecks checks;
  check_names(checks, recipient);
  check_place(checks, recipient);
  check_hours(checks, recipient.hours);
  checks.text("liaison.post", recipient.liaison.post, {.chars_max = short_text_chars_max});
  checks.phone("liaison.telephone", recipient.liaison.telephone, false);
  check_languages(checks, recipient.languages);
  check_endpoints(checks, recipient.endpoints);
  if (!checks.empty()) {
    return Refusal(checks.take());
  }
  return {};
}

}  // namespace tuanyuan::core
