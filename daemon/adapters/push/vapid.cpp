#include "adapters/push/vapid.hpp"

#include <chrono>
#include <utility>

#include "adapters/push/limits.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {

Vapid::Vapid(SigningKey key, std::string_view point, std::string subject)
    : key_(std::move(key)), subject_(std::move(subject)) {
  wire::append_base64url(point, point_);
}

core::Result<Vapid> Vapid::parse(std::string_view pem, std::string subject) {
  if (!subject.starts_with("mailto:") && !subject.starts_with("https:")) {
    return core::Refusal(core::Errc::invalid,
                         core::Text("subject 须为 mailto: 或 https: 网址", "subject is a mailto: or https: URI"));
  }
  auto key = SigningKey::parse(pem, SigningKey::Kind::p256);
  if (!key) {
    return key.error();
  }
  const auto point = key->public_point();
  if (!point) {
    return point.error();
  }
  return Vapid(std::move(*key), *point, std::move(subject));
}

std::string Vapid::authorization(const Url& service, core::Instant now) {
  const std::string origin = service.origin();
  const auto found = tokens_.find(origin);
  if (found != tokens_.end() && now >= found->second.made_at &&
      now < found->second.made_at + vapid_token_kept_for) {
    return found->second.field;
  }
  if (tokens_.size() >= vapid_tokens_max) {
    tokens_.clear();  // they are quickly made
  }
  // It has to be good for as long again as it is kept: a clock may be wrong, a request wait.
  const auto until =
      std::chrono::floor<std::chrono::seconds>(now + vapid_token_kept_for + vapid_token_kept_for / 2);
  std::string claims = "{";
  append_member("aud", origin, claims);
  claims += R"(,"exp":)" + std::to_string(until.time_since_epoch().count());
  append_member("sub", subject_, claims);
  claims += "}";
  std::string field = "vapid t=" + key_.token(R"({"typ":"JWT","alg":"ES256"})", claims) + ", k=" + point_;
  tokens_[origin] = {field, now};
  return field;
}

}  // namespace tuanyuan::push
