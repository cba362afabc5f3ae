#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::push {

/// The key of a service account of HarmonyOS' Push Kit, by which requests carry a token that is made here: a JWT
/// (RFC 7519) by PS256 (RFC 7518, section 3.5).
class ServiceAccount {
 public:
  struct Names {
    std::string key_id;
    std::string sub_account;  ///< who says so
    std::string audience;     ///< to whom: the address where other accounts get their tokens
  };

  /// `pem`: an RSA key of at least 2,048 bits (PKCS #8 in PEM). The refusal (invalid) never repeats any of it.
  static core::Result<ServiceAccount> parse(std::string_view pem, Names names);

  /// Throws std::runtime_error where OpenSSL fails.
  std::string sign(core::Instant issued_at, std::chrono::seconds lasts) const;

 private:
  struct Pkey;
  ServiceAccount(std::shared_ptr<const Pkey> key, Names names);

  std::shared_ptr<const Pkey> key_;
  Names names_;
};

}  // namespace tuanyuan::push
