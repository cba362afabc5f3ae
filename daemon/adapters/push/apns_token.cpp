#include "adapters/push/apns_token.hpp"

#include <algorithm>
#include <utility>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

bool is_id(std::string_view text) {
  constexpr std::size_t id_chars = 10;
  return text.size() == id_chars && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

}  // namespace

ApnsKey::ApnsKey(SigningKey key, std::string key_id, std::string team_id)
    : key_(std::move(key)), key_id_(std::move(key_id)), team_id_(std::move(team_id)) {}

core::Result<ApnsKey> ApnsKey::parse(std::string_view pem, std::string key_id, std::string team_id) {
  if (!is_id(key_id) || !is_id(team_id)) {
    return core::Refusal(core::Errc::invalid, core::Text("key_id 与 team_id 须各为十位字母或数字",
                                                         "key_id and team_id have ten letters or digits each"));
  }
  auto key = SigningKey::parse(pem, SigningKey::Kind::p256);
  if (!key) {
    return key.error();
  }
  return ApnsKey(std::move(*key), std::move(key_id), std::move(team_id));
}

std::string ApnsKey::sign(core::Instant issued_at) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(issued_at).time_since_epoch().count();
  return key_.token(R"({"alg":"ES256","kid":")" + key_id_ + R"("})",
                    R"({"iss":")" + team_id_ + R"(","iat":)" + std::to_string(seconds) + "}");
}

bool ApnsKey::is_same_as(const ApnsKey& other) const {
  return key_id_ == other.key_id_ && team_id_ == other.team_id_ && key_.is_same_as(other.key_);
}

ApnsTokens::ApnsTokens(ports::Clock& clock, ApnsKey key) : clock_(clock), key_(std::move(key)) {}

core::Duration ApnsTokens::age() const {
  return std::chrono::duration_cast<core::Duration>(clock_.steady_now() - minted_at_);
}

/// Then the token says another time than everybody else.
bool ApnsTokens::is_clock_set() const {
  const auto drift = clock_.wall_now() - (issued_at_ + age());
  return drift > apns_clock_drift_max || drift < -apns_clock_drift_max;
}

bool ApnsTokens::may_be_replaced() const {
  return age() >= apns_token_age_min || (is_refused_ && !is_early_ && is_clock_set());
}

void ApnsTokens::mint() {
  is_early_ = is_refused_ && age() < apns_token_age_min;
  is_refused_ = false;
  minted_at_ = clock_.steady_now();
  issued_at_ = clock_.wall_now();
  token_ = key_.sign(issued_at_);
}

const std::string& ApnsTokens::current() {
  const bool is_wrong = is_refused_ || is_clock_set();
  if (token_.empty() || age() >= apns_token_age_max || (is_wrong && may_be_replaced())) {
    mint();
  }
  return token_;
}

ApnsTokens::Replaced ApnsTokens::replace(const std::string& refused) {
  if (refused != token_) {
    return Replaced::already;
  }
  is_refused_ = true;
  if (!may_be_replaced()) {
    return Replaced::too_soon;
  }
  mint();
  return Replaced::now;
}

core::Duration ApnsTokens::until_replaceable() {
  return std::max<core::Duration>(apns_token_age_min - age(), core::Duration(0));
}

void ApnsTokens::use(ApnsKey key) {
  if (!key_.is_same_as(key)) {
    key_ = std::move(key);
    token_.clear();
    is_refused_ = false;
  }
}

}  // namespace tuanyuan::push
