#include "adapters/push/apns_message.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <cctype>
#include <optional>
#include <vector>

#include "adapters/push/limits.hpp"
#include "adapters/push/retry_after.hpp"
#include "adapters/push/webhook_message.hpp"
#include "adapters/wire/json.hpp"
#include "core/exercise_mark.hpp"
#include "tuanyuan/v1/notice.pb.h"

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
  } else if (is_of(result.status, {400, 404, 405, 413})) {
    verdict.sent.outcome = DeliveryOutcome::rejected;
  } else if (result.status == forbidden) {
    verdict.need = verdict.reason == "ExpiredProviderToken" ? ApnsNeed::new_token : ApnsNeed::operator_;
  } else if (verdict.reason == "TooManyProviderTokenUpdates") {
    verdict.sent.retry_after = apns_token_age_min;
  }
}

/// The notice in {"notice":{…},"jws":"…"}, as it was signed.
std::optional<v1::Notice> notice_in(const core::SignedCopy& copy) {
  constexpr std::string_view head = R"({"notice":)";
  constexpr std::string_view tail = R"(,"jws":)";
  const std::string_view json = copy.json;
  const std::size_t end = json.rfind(tail);
  v1::Notice notice;
  if (!json.starts_with(head) || end == json.npos || end < head.size() ||
      !wire::decode_json(json.substr(head.size(), end - head.size()), notice)) {
    return std::nullopt;
  }
  return notice;
}

struct Words {
  std::string headline;
  std::vector<std::string> lines;
  std::string phone;  ///< whom to call: a line with it stays
};

Words words_of(const v1::Notice& notice) {
  Words words;
  if (notice.texts_size() > 0) {
    words.headline = notice.texts(0).headline();
    std::string_view rest = notice.texts(0).body();
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      words.lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
  }
  words.phone = notice.contact().phone();
  return words;
}

/// What is said where a notice has no text of its own.
Words words_of(core::NoticeKind kind, core::Status status) {
  Words words;
  words.headline = core::is_recall(kind) ? "寻找失踪儿童通告已结束" : "寻找失踪儿童";
  if (status == core::Status::exercise) {
    words.headline = std::string(core::exercise_mark_zh) + words.headline;
  }
  return words;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += text.empty() ? line : "\n" + line;
  }
  return text;
}

struct Frame {
  const core::Delivery* delivery = nullptr;
  core::NoticeKind kind = core::NoticeKind::alert;
  std::string_view image;
  bool is_critical = false;
};

std::string payload_of(const Frame& frame, const Words& words) {
  std::string text = R"({"aps":{"alert":{"title":)";
  wire::append_json_string(words.headline, text);
  if (!words.lines.empty()) {
    text += R"(,"body":)";
    wire::append_json_string(joined(words.lines), text);
  }
  text += '}';
  if (core::is_recall(frame.kind)) {
    text += R"(,"interruption-level":"active")";
  } else if (frame.is_critical) {
    // Needs an entitlement from Apple (from memory: not verified against its documentation).
    text += R"(,"sound":{"critical":1,"name":"default","volume":1.0},"interruption-level":"critical")";
  } else {
    text += R"(,"sound":"default","interruption-level":"time-sensitive")";
  }
  text += R"(,"mutable-content":1},"kind":)";
  wire::append_json_string(core::to_string(frame.kind), text);
  text += R"(,"alertId":)";
  wire::append_json_string(frame.delivery->alert_id.value, text);
  text += R"(,"revision":)" + std::to_string(frame.delivery->version.revision);
  text += R"(,"step":)" + std::to_string(frame.delivery->version.step);
  if (!frame.image.empty()) {
    text += R"(,"image":)";
    wire::append_json_string(frame.image, text);
  }
  text += '}';
  return text;
}

/// The longest line that may be left out; the end: there is none.
std::vector<std::string>::iterator spare_line(Words& words) {
  constexpr std::size_t kept = 2;  // who, and where last seen
  auto longest = words.lines.end();
  for (std::size_t at = kept; at < words.lines.size(); ++at) {
    const auto line = words.lines.begin() + static_cast<std::ptrdiff_t>(at);
    const bool is_call = !words.phone.empty() && line->find(words.phone) != line->npos;
    if (!is_call && (longest == words.lines.end() || line->size() > longest->size())) {
      longest = line;
    }
  }
  return longest;
}

core::Result<std::string> fitted(Frame frame, Words words) {
  for (;;) {
    std::string text = payload_of(frame, words);
    if (text.size() <= apns_payload_bytes_max) {
      return text;
    }
    const auto spare = spare_line(words);
    if (spare != words.lines.end()) {
      words.lines.erase(spare);
    } else if (!frame.image.empty()) {
      frame.image = {};
    } else if (!words.lines.empty()) {
      words.lines.pop_back();
    } else {
      return core::Refusal(core::Errc::too_large);
    }
  }
}

}  // namespace

std::string apns_id(const core::RecipientId& recipient, const core::Delivery& delivery) {
  std::string id = webhook_id(recipient, delivery.alert_id, delivery.version, delivery.parcel);
  id[12] = '8';
  id[16] = '8';
  for (const std::size_t at : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}}) {
    id.insert(at, 1, '-');
  }
  return id;
}

bool is_device_token(std::string_view text) {
  return !text.empty() && text.size() <= apns_device_token_chars_max &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
}

core::Result<std::string> apns_payload(const ports::Dispatch& dispatch, bool is_critical) {
  const core::Delivery& delivery = dispatch.delivery;
  Frame frame;
  frame.delivery = &delivery;
  frame.kind = delivery.kind;
  if (delivery.parcel == core::Parcel::notice_clear) {
    frame.kind = core::NoticeKind::close;
    return fitted(frame, words_of(frame.kind, delivery.status));
  }
  const auto notice = dispatch.copy ? notice_in(*dispatch.copy) : std::nullopt;
  if (!notice) {
    return core::Refusal(core::Errc::invalid);
  }
  frame.image = notice->photo().url();
  frame.is_critical = is_critical && delivery.status == core::Status::actual;
  Words words = words_of(*notice);
  if (words.headline.empty()) {
    words.headline = words_of(frame.kind, delivery.status).headline;
  }
  return fitted(frame, std::move(words));
}

std::string apns_reason(std::string_view body) {
  if (body.empty() || body.size() > apns_answer_bytes_max) {
    return {};
  }
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({body.data(), body.size()}, failed, {}, options);
  const boost::json::object* object = failed ? nullptr : parsed.if_object();
  const boost::json::value* reason = object == nullptr ? nullptr : object->if_contains("reason");
  const boost::json::string* text = reason == nullptr ? nullptr : reason->if_string();
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
  if (result.outcome == HttpResult::Outcome::not_sent) {
    verdict.sent.outcome =
        result.failure == HttpFailure::malformed ? DeliveryOutcome::rejected : DeliveryOutcome::retry;
  }
  return verdict;
}

}  // namespace tuanyuan::push
