#include "adapters/push/apns_message.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <cctype>

#include "adapters/push/limits.hpp"
#include "adapters/push/retry_after.hpp"
#include "adapters/push/webhook_message.hpp"
#include "adapters/wire/json.hpp"
#include "core/joined.hpp"

namespace tuanyuan::push {
namespace {

using core::DeliveryOutcome;

/// As Apple's "Handling notification responses from APNs" lists them.
constexpr std::array<std::string_view, 31> reasons = {
    "BadCollapseId",
    "BadDeviceToken",
    "BadExpirationDate",
    "BadMessageId",
    "BadPriority",
    "BadTopic",
    "DeviceTokenNotForTopic",
    "DuplicateHeaders",
    "IdleTimeout",
    "InvalidPushType",
    "MissingDeviceToken",
    "MissingTopic",
    "PayloadEmpty",
    "TopicDisallowed",
    "BadCertificate",
    "BadCertificateEnvironment",
    "ExpiredProviderToken",
    "Forbidden",
    "InvalidProviderToken",
    "MissingProviderToken",
    "UnrelatedKeyIdInToken",
    "BadPath",
    "MethodNotAllowed",
    "ExpiredToken",
    "Unregistered",
    "PayloadTooLarge",
    "TooManyProviderTokenUpdates",
    "TooManyRequests",
    "InternalServerError",
    "ServiceUnavailable",
    "Shutdown",
};

bool is_of(int status, std::initializer_list<int> all) {
  return std::find(all.begin(), all.end(), status) != all.end();
}

bool is_dead(int status, std::string_view reason) {
  constexpr int bad_request = 400;
  constexpr int gone = 410;
  return (status == bad_request && (reason == "BadDeviceToken" || reason == "DeviceTokenNotForTopic")) ||
         (status == gone && (reason == "Unregistered" || reason == "ExpiredToken"));
}

/// What an answer's body ({"reason":"…","timestamp":…}) has by this name; null where it has not.
boost::json::value member_of(std::string_view body, std::string_view name) {
  if (body.empty() || body.size() > apns_answer_bytes_max) {
    return nullptr;
  }
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({body.data(), body.size()}, failed, {}, options);
  const boost::json::object* object = failed ? nullptr : parsed.if_object();
  const boost::json::value* member = object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
  return member == nullptr ? boost::json::value() : *member;
}

/// As of when APNs knows that the app is gone from the device: milliseconds.
core::Instant dead_since(std::string_view body) {
  const boost::json::value timestamp = member_of(body, "timestamp");
  const std::int64_t* at_ms = timestamp.if_int64();
  return core::from_epoch_ms(at_ms == nullptr ? 0 : std::max<std::int64_t>(*at_ms, 0));
}

void judge_answer(const HttpResult& result, core::Instant now, ApnsVerdict& verdict) {
  constexpr int ok = 200;
  constexpr int forbidden = 403;
  if (result.status == ok) {
    verdict.sent.outcome = DeliveryOutcome::accepted;
    return;
  }
  verdict.reason = apns_reason(result.body);
  verdict.sent.outcome = DeliveryOutcome::retry;
  verdict.sent.retry_after = parse_retry_after(result.retry_after, now);
  if (is_dead(result.status, verdict.reason)) {
    verdict.sent.outcome = DeliveryOutcome::rejected;
    verdict.sent.address_dead = true;
    verdict.sent.dead_since = dead_since(result.body);
  } else if (is_of(result.status, {400, 404, 405, 413})) {
    verdict.sent.outcome = DeliveryOutcome::rejected;
  } else if (result.status == forbidden) {
    verdict.need = verdict.reason == "ExpiredProviderToken" ? ApnsNeed::new_token : ApnsNeed::operator_;
    verdict.sent.needs_people = verdict.need == ApnsNeed::operator_;
  } else if (verdict.reason == "TooManyRequests") {
    verdict.sent.of_address = true;  // too many to this device
  } else if (verdict.reason == "TooManyProviderTokenUpdates") {
    verdict.sent.retry_after = apns_token_age_min;
  }
}

struct Frame {
  const core::Notice* notice = nullptr;
  std::string headline;
  bool is_critical = false;
};

std::string payload_of(const Frame& frame, std::string_view body) {
  const core::Notice& notice = *frame.notice;
  std::string text = R"({"aps":{"alert":{"title":)";
  wire::append_json_string(frame.headline, text);
  text += R"(,"body":)";
  wire::append_json_string(body, text);
  text += '}';
  if (core::is_recall(notice.kind)) {
    text += R"(,"interruption-level":"active")";
  } else if (frame.is_critical) {
    // Needs an entitlement from Apple (from memory: not verified against its documentation).
    text += R"(,"sound":{"critical":1,"name":"default","volume":1.0},"interruption-level":"critical")";
  } else {
    text += R"(,"sound":"default","interruption-level":"time-sensitive")";
  }
  text += R"(,"mutable-content":1},"kind":)";
  wire::append_json_string(core::to_string(notice.kind), text);
  text += R"(,"alertId":)";
  wire::append_json_string(notice.alert_id.value, text);
  text += R"(,"revision":)" + std::to_string(notice.version.revision);
  text += R"(,"step":)" + std::to_string(notice.version.step);
  if (notice.photo && !notice.photo->url.empty()) {
    text += R"(,"image":)";
    wire::append_json_string(notice.photo->url, text);
  }
  text += '}';
  return text;
}

}  // namespace

std::string apns_id(const core::RecipientId& recipient, const core::Delivery& delivery) {
  std::string hex = webhook_id(recipient, delivery.alert_id, delivery.version, delivery.parcel);
  hex[12] = '8';
  hex[16] = '8';
  const std::string_view id = hex;
  return core::joined(
      {id.substr(0, 8), "-", id.substr(8, 4), "-", id.substr(12, 4), "-", id.substr(16, 4), "-", id.substr(20)});
}

bool is_device_token(std::string_view text) {
  return !text.empty() && text.size() <= apns_device_token_chars_max &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

core::Result<std::string> apns_payload(const core::Notice& notice, const Words& words,
                                       const std::vector<std::string>& languages, bool is_critical) {
  Frame frame;
  frame.notice = &notice;
  frame.is_critical = is_critical && notice.status == core::Status::actual;
  frame.headline = words.headline(notice, languages, core::at_most_bytes(apns_title_bytes_max));
  const core::Fits fits = [&frame](std::string_view body) {
    return payload_of(frame, body).size() <= apns_composed_bytes_max;
  };
  std::string payload = payload_of(frame, words.bodies(notice, languages, fits));
  if (payload.size() > apns_composed_bytes_max) {
    return core::Refusal(core::Errc::too_large);
  }
  return payload;
}

std::string apns_reason(std::string_view body) {
  const boost::json::value reason = member_of(body, "reason");
  const boost::json::string* text = reason.if_string();
  if (text == nullptr) {
    return {};
  }
  const std::string_view said(text->data(), text->size());
  return std::string(std::find(reasons.begin(), reasons.end(), said) == reasons.end() ? "other" : said);
}

ApnsVerdict apns_verdict(const HttpResult& result, core::Instant now) {
  ApnsVerdict verdict;
  if (result.outcome == HttpResult::Outcome::answered) {
    judge_answer(result, now, verdict);
    return verdict;
  }
  verdict.reason = to_string(result.failure);
  verdict.sent = outcome_of(result, now);
  if (result.failure == HttpFailure::address_refused) {  // a setting's fault, not the phone's
    verdict.sent.outcome = DeliveryOutcome::retry;
    verdict.sent.unsent = false;
  }
  return verdict;
}

}  // namespace tuanyuan::push
