// What Apple, or whoever stands in for it, answers; and what somebody takes for a key or a device token.
#include <algorithm>
#include <string>

#include "adapters/push/apns_message.hpp"
#include "adapters/push/apns_token.hpp"
#include "adapters/push/limits.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

const core::Instant now{std::chrono::hours(24 * 365 * 50)};

void answers(std::string_view text) {
  for (const int status : {200, 400, 403, 410, 413, 429, 500, 503}) {
    push::HttpResult result;
    result.outcome = push::HttpResult::Outcome::answered;
    result.status = status;
    result.body = text;
    result.retry_after = text.substr(0, 64);
    const push::ApnsVerdict verdict = push::apns_verdict(result, now);
    require(verdict.sent.outcome == core::DeliveryOutcome::accepted || status != 200);
    require(!verdict.sent.address_dead || verdict.sent.outcome == core::DeliveryOutcome::rejected);
    require(!verdict.sent.address_dead || status == 400 || status == 410);
    require(verdict.sent.dead_since >= core::Instant() &&
            (verdict.sent.address_dead || verdict.sent.dead_since == core::Instant()));
    require(verdict.sent.retry_after <= push::apns_token_age_min);
    require(std::all_of(verdict.reason.begin(), verdict.reason.end(),
                        [](unsigned char c) { return std::isalpha(c) != 0; }));
  }
}

/// One that is taken stands in a path as it is.
void device_tokens(std::string_view text) {
  if (push::is_device_token(text)) {
    require(text.size() <= push::apns_device_token_chars_max && text.find_first_of("/?#%. \r\n") == text.npos);
  }
}

void keys(std::string_view text) {
  const auto key = push::ApnsKey::parse(text, "ABC123DEFG", "TEAM567890");
  if (key) {
    const std::string token = key->sign(now);
    require(std::count(token.begin(), token.end(), '.') == 2);
    require(token.find_first_of(" \r\n\"") == token.npos);
  }
  const std::string id(text.substr(0, 10));
  require(!push::ApnsKey::parse("", id, id));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  answers(text);
  device_tokens(text);
  keys(text);
  return 0;
}
