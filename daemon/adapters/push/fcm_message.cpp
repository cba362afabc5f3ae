#include "adapters/push/fcm_message.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>

#include "adapters/push/limits.hpp"
#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {
namespace {

using core::DeliveryOutcome;

constexpr std::chrono::seconds quota_pause{60};  // unverified: what Google asks for where it sends no Retry-After

constexpr std::array<std::string_view, 14> codes = {
    "UNREGISTERED",       "INVALID_ARGUMENT",  "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR", "QUOTA_EXCEEDED",
    "UNAVAILABLE",        "INTERNAL",          "UNAUTHENTICATED",    "PERMISSION_DENIED",      "NOT_FOUND",
    "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "UNSPECIFIED_ERROR",  "FAILED_PRECONDITION",
};

std::string_view text_of(const boost::json::object& object, std::string_view name) {
  const boost::json::value* found = object.if_contains(name);
  const boost::json::string* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

/// Among the details of different types, only FCM's own has it.
std::string_view code_among(const boost::json::object& error) {
  const boost::json::value* details = error.if_contains("details");
  const boost::json::array* list = details == nullptr ? nullptr : details->if_array();
  if (list == nullptr) {
    return {};
  }
  for (const boost::json::value& each : *list) {
    const boost::json::object* detail = each.if_object();
    if (detail != nullptr && !text_of(*detail, "errorCode").empty()) {
      return text_of(*detail, "errorCode");
    }
  }
  return {};
}

/// INVALID_ARGUMENT is said of a token that is none, and of a message that is. Of a message, Google's interfaces
/// say beside it which field (unverified: that FCM does so always).
bool is_of_token(std::string_view body) {
  constexpr std::string_view fcm_type = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
  constexpr std::string_view field_type = "type.googleapis.com/google.rpc.BadRequest";
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse(body, failed);
  const boost::json::value* details = failed ? nullptr : parsed.find_pointer("/error/details", failed);
  const boost::json::array* list = details == nullptr ? nullptr : details->if_array();
  if (list == nullptr) {
    return false;
  }
  bool is_fcms = false;
  for (const boost::json::value& each : *list) {
    const boost::json::object* detail = each.if_object();
    const std::string_view type = detail == nullptr ? std::string_view() : text_of(*detail, "@type");
    if (type == field_type) {
      return false;
    }
    is_fcms = is_fcms || (type == fcm_type && text_of(*detail, "errorCode") == "INVALID_ARGUMENT");
  }
  return is_fcms;
}

/// What iOS makes of it, for apps that hear by FCM there.
std::string apple_part(const core::Notice& notice) {
  std::string part = R"("apns":{"headers":{"apns-priority":"10")";
  append_member("apns-collapse-id", notice.alert_id.value, part);
  part += R"(},"payload":{"aps":{"mutable-content":1,)";
  part += core::is_recall(notice.kind) ? R"("interruption-level":"active")"
                                       : R"("sound":"default","interruption-level":"time-sensitive")";
  return part + "}}}";
}

std::string android_part(const core::Notice& notice, const FcmMessage& message) {
  std::string part = R"("android":{"priority":"HIGH")";
  append_member("ttl", std::to_string(message.kept.count()) + "s", part);
  append_member("collapse_key", notice.alert_id.value, part);
  part += R"(,"notification":{)";
  append_member("tag", notice.alert_id.value, part);
  if (!message.android_channel.empty()) {
    append_member("channel_id", message.android_channel, part);
  }
  append_member("notification_priority", core::is_recall(notice.kind) ? "PRIORITY_DEFAULT" : "PRIORITY_MAX", part);
  return part + "}}";
}

/// Only texts may stand in it.
std::string data_part(const core::Notice& notice, const FcmMessage& message) {
  std::string part = R"("data":{)";
  append_member("id", message.id, part);
  append_member("kind", core::to_string(notice.kind), part);
  append_member("status", core::to_string(notice.status), part);
  append_member("alertId", notice.alert_id.value, part);
  append_member("revision", std::to_string(notice.version.revision), part);
  append_member("step", std::to_string(notice.version.step), part);
  if (!message.link.empty()) {
    append_member("acknowledgeUrl", message.link, part);
  }
  return part + "}";
}

}  // namespace

core::Result<std::string> fcm_body(const core::Notice& notice, const Words& words,
                                   const std::vector<std::string>& languages, const FcmMessage& message) {
  const std::string title = words.headline(notice, languages, core::at_most_bytes(fcm_title_bytes_max));
  const std::string rest =
      data_part(notice, message) + "," + android_part(notice, message) + "," + apple_part(notice);
  bool with_image = notice.photo && !notice.photo->url.empty();
  const auto with_body = [&](std::string_view body) {
    std::string json = R"({"message":{)";
    append_member(message.to, message.address, json);
    json += R"(,"notification":{)";
    append_member("title", title, json);
    append_member("body", body, json);
    if (with_image) {
      append_member("image", notice.photo->url, json);
    }
    return json + "}," + rest + "}}";
  };
  // FCM does not count the address.
  const std::size_t most = (message.to == "token" ? fcm_composed_bytes_max : fcm_group_composed_bytes_max) +
                           message.address.size() + message.link.size();
  const core::Fits fits = [&](std::string_view body) { return with_body(body).size() <= most; };
  std::string body = with_body(words.bodies(notice, languages, fits));
  if (body.size() > most && with_image) {
    with_image = false;  // the words are needed more
    body = with_body(words.bodies(notice, languages, fits));
  }
  if (body.size() > most) {
    return core::Refusal(core::Errc::too_large);
  }
  return body;
}

std::string fcm_error(std::string_view body) {
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse(body, failed);
  const boost::json::object* object = failed ? nullptr : parsed.if_object();
  const boost::json::value* found = object == nullptr ? nullptr : object->if_contains("error");
  const boost::json::object* error = found == nullptr ? nullptr : found->if_object();
  if (error == nullptr) {
    return {};
  }
  const std::string_view own = code_among(*error);
  const std::string_view said = own.empty() ? text_of(*error, "status") : own;
  if (said.empty()) {
    return {};
  }
  return std::string(std::find(codes.begin(), codes.end(), said) == codes.end() ? "other" : said);
}

Verdict fcm_verdict(const HttpResult& result, core::Instant now) {
  constexpr int bad_request = 400;
  constexpr int forbidden = 403;
  constexpr int too_many = 429;
  Verdict verdict = judge_by_status(result, now);
  if (result.outcome != HttpResult::Outcome::answered) {
    return verdict;
  }
  verdict.sent.address_dead = false;
  const std::string code = fcm_error(result.body);
  verdict.reason += code.empty() ? "" : "/" + code;
  const bool is_no_token = code == "INVALID_ARGUMENT" && result.status == bad_request && is_of_token(result.body);
  if (is_no_token || code == "UNREGISTERED" || code == "SENDER_ID_MISMATCH") {
    verdict.sent = {};
    verdict.sent.outcome = DeliveryOutcome::rejected;
    verdict.sent.address_dead = true;
  } else if (code == "THIRD_PARTY_AUTH_ERROR" || result.status == forbidden) {
    // Apple's key, or the web push key, that Firebase was given; or what our account may do.
    verdict.sent.needs_people = true;
  } else if (result.status == too_many && verdict.sent.retry_after == core::Duration(0)) {
    verdict.sent.retry_after = quota_pause;
  }
  return verdict;
}

}  // namespace tuanyuan::push
