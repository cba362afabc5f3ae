#include "adapters/push/webhook_message.hpp"

#include <string_view>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/push/retry_after.hpp"
#include "adapters/wire/json.hpp"
#include "core/joined.hpp"

namespace tuanyuan::push {
namespace {

using core::DeliveryOutcome;

constexpr std::size_t id_bytes = 16;  ///< of the digest: enough that no two are ever the same

bool is_success(int status) {
  return status >= 200 && status < 300;
}
bool is_refusal(int status) {
  return status == 400 || status == 410 || status == 413 || status == 422;
}

ports::SendResult of_answer(const HttpResult& result, core::Instant now) {
  constexpr int gone = 410;
  ports::SendResult sent;
  if (is_success(result.status)) {
    sent.outcome = DeliveryOutcome::accepted;
  } else if (is_refusal(result.status)) {
    sent.outcome = DeliveryOutcome::rejected;
    sent.address_dead = result.status == gone;
  } else {
    sent.outcome = DeliveryOutcome::retry;
    sent.retry_after = parse_retry_after(result.retry_after, now);
  }
  return sent;
}

}  // namespace

std::string webhook_id(const core::RecipientId& recipient, const core::AlertId& alert, core::Version version,
                       core::Parcel parcel) {
  // Neither kind of id holds a line break.
  const std::string revision = std::to_string(version.revision);
  const std::string step = std::to_string(version.step);
  const std::string text = core::joined({"tuanyuan webhook\n", recipient.value, "\n", alert.value, "\n", revision,
                                         "\n", step, parcel == core::Parcel::notice_clear ? "\ndown" : ""});
  return to_hex(std::string_view(sha256(text)).substr(0, id_bytes));
}

core::Result<std::string> open_webhook_body(const ports::Dispatch& dispatch) {
  const core::Delivery& delivery = dispatch.delivery;
  const bool takes_down = delivery.parcel == core::Parcel::notice_clear;
  const std::string_view copy = dispatch.copy ? std::string_view(dispatch.copy->json) : std::string_view();
  if (!takes_down && (!copy.starts_with(R"({"notice":)") || !copy.ends_with('}'))) {
    return core::Refusal(core::Errc::invalid);
  }
  std::string body = R"({"kind":)";
  wire::append_json_string(core::to_string(takes_down ? core::NoticeKind::close : delivery.kind), body);
  body += R"(,"alertId":)";
  wire::append_json_string(delivery.alert_id.value, body);
  body += R"(,"revision":)" + std::to_string(delivery.version.revision);
  body += R"(,"step":)" + std::to_string(delivery.version.step);
  if (!takes_down) {
    body += ',';
    body += copy.substr(1, copy.size() - 2);  // "notice" and "jws", as they were signed
  }
  return body;
}

core::Result<std::string> webhook_body(const ports::Dispatch& dispatch, const std::string& acknowledge_url) {
  auto body = open_webhook_body(dispatch);
  if (body) {
    *body += ending_with_link(acknowledge_url, body->size(), body->max_size());
  }
  return body;
}

ports::SendResult outcome_of(const HttpResult& result, core::Instant now) {
  if (result.outcome == HttpResult::Outcome::answered) {
    return of_answer(result, now);
  }
  ports::SendResult sent;
  if (result.failure == HttpFailure::not_due) {
    sent.outcome = DeliveryOutcome::held;
    sent.unsent = true;
  } else if (result.outcome == HttpResult::Outcome::not_sent) {
    const bool is_refused =
        result.failure == HttpFailure::malformed || result.failure == HttpFailure::address_refused;
    sent.outcome = is_refused ? DeliveryOutcome::rejected : DeliveryOutcome::retry;
    sent.unsent = is_refused;
  }
  return sent;
}

}  // namespace tuanyuan::push
