#include "adapters/push/sms_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/push/digests.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::size_t code_digits = 4;
constexpr std::uint32_t code_count = 10'000;
/// Earlier versions of a notice that a late reply may still be to.
constexpr std::uint32_t revisions_looked_at = 16;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The first run of exactly four digits.
std::string_view code_in(std::string_view reply) {
  for (std::size_t at = 0; at < reply.size();) {
    const std::size_t begin = at;
    while (at < reply.size() && is_digit(reply[at])) {
      ++at;
    }
    if (at - begin == code_digits) {
      return reply.substr(begin, code_digits);
    }
    at = std::max(at, begin + 1);
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\r' || c == '\n' || c == '\t' || c == '\0'; };
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_plain_yes(std::string_view reply) {
  constexpr std::array<std::string_view, 9> words{"1", "收到", "已阅", "确认", "好", "Y", "y", "OK", "ok"};
  return std::find(words.begin(), words.end(), trimmed(reply)) != words.end();
}

std::optional<ports::Told> by_code(std::string_view code, const std::vector<ports::Told>& told) {
  for (const ports::Told& each : told) {
    for (std::uint32_t back = 0; back < std::min(each.revision + 1, revisions_looked_at); ++back) {
      if (reply_code(each.alert_id, each.revision - back, each.recipient) == code) {
        ports::Told confirmed = each;
        confirmed.revision -= back;
        confirmed.is_recall = each.is_recall && back == 0;
        return confirmed;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::size_t sms_parts(std::string_view text) {
  const std::size_t units = core::utf16_units(text);
  return units <= sms_units_of_one ? 1 : (units + sms_units_of_several - 1) / sms_units_of_several;
}

core::Fits at_most_parts(std::size_t parts) {
  return [parts](std::string_view text) { return sms_parts(text) <= parts; };
}

std::string reply_code(const core::AlertId& alert, std::uint32_t revision, const core::RecipientId& recipient) {
  const std::string digest =
      sha256("tuanyuan reply\n" + alert.value + "\n" + std::to_string(revision) + "\n" + recipient.value);
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < sizeof number; ++at) {
    number = number << 8U | static_cast<unsigned char>(digest[at]);
  }
  std::string code = std::to_string(number % code_count);
  return std::string(code_digits - code.size(), '0') + code;
}

std::string reply_line(std::string_view code, bool is_recall, std::string_view language) {
  if (language.starts_with("zh")) {
    return "\n回复" + std::string(code) + (is_recall ? "确认已撤下" : "确认已阅");
  }
  return "\nReply " + std::string(code) + (is_recall ? " once taken down" : " to confirm");
}

std::optional<ports::Told> confirmed_by(std::string_view reply, const std::vector<ports::Told>& told) {
  if (const std::string_view code = code_in(reply); !code.empty()) {
    return by_code(code, told);
  }
  std::vector<ports::Told> open;
  std::copy_if(told.begin(), told.end(), std::back_inserter(open),
               [](const ports::Told& each) { return !each.is_recall; });
  return is_plain_yes(reply) && open.size() == 1 ? std::optional(open.front()) : std::nullopt;
}

Verdict judge_sendsms(const HttpResult& result, core::Instant now) {
  Verdict verdict = judge_by_status(result, now);
  verdict.sent.address_dead = false;
  if (result.body.find("Do not try again") != std::string::npos) {
    verdict.sent.outcome = core::DeliveryOutcome::rejected;
    verdict.reason += "/not_routable";
  }
  return verdict;
}

SmsReport sms_report(std::string_view status) {
  int bits = 0;
  const auto [end, error] = std::from_chars(status.data(), status.data() + status.size(), bits);
  if (error != std::errc() || end != status.data() + status.size()) {
    return SmsReport::other;
  }
  if ((bits & 1) != 0) {
    return SmsReport::delivered;
  }
  return (bits & (2 | 16)) != 0 ? SmsReport::failed : SmsReport::other;
}

}  // namespace tuanyuan::push
