#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "adapters/push/signing_key.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::push {

/// A key by which a program says who it is, in tokens of its own making (JWT, RFC 7519): HarmonyOS' Push Kit takes
/// them as they are, Google gives access tokens for them (RFC 7523).
class ServiceAccount {
 public:
  struct Names {
    std::string key_id;
    std::string issuer;    ///< who says so
    std::string audience;  ///< to whom: the address where access tokens are had
    std::string scope;     ///< what for; empty: it is not said
  };

  /// `pem`: an RSA key of at least 2,048 bits (PKCS #8 in PEM). The refusal (invalid) never repeats any of it.
  static core::Result<ServiceAccount> parse(std::string_view pem, Names names, SigningKey::Kind kind);

  /// Throws std::runtime_error where OpenSSL fails.
  std::string sign(core::Instant issued_at, std::chrono::seconds lasts) const;

 private:
  ServiceAccount(SigningKey key, Names names);

  SigningKey key_;
  Names names_;
};

}  // namespace tuanyuan::push
