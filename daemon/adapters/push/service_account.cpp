#include "adapters/push/service_account.hpp"

#include <utility>

#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {

ServiceAccount::ServiceAccount(SigningKey key, Names names) : key_(std::move(key)), names_(std::move(names)) {}

core::Result<ServiceAccount> ServiceAccount::parse(std::string_view pem, Names names, SigningKey::Kind kind) {
  auto key = SigningKey::parse(pem, kind);
  if (!key) {
    return key.error();
  }
  return ServiceAccount(std::move(*key), std::move(names));
}

std::string ServiceAccount::sign(core::Instant issued_at, std::chrono::seconds lasts) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(issued_at).time_since_epoch();
  std::string header = "{";
  append_member("alg", key_.algorithm(), header);
  append_member("typ", "JWT", header);
  append_member("kid", names_.key_id, header);
  std::string claims = "{";
  append_member("iss", names_.issuer, claims);
  if (!names_.scope.empty()) {
    append_member("scope", names_.scope, claims);
  }
  append_member("aud", names_.audience, claims);
  claims += R"(,"iat":)" + std::to_string(seconds.count());
  claims += R"(,"exp":)" + std::to_string((seconds + lasts).count());
  return key_.token(header + "}", claims + "}");
}

}  // namespace tuanyuan::push
