#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/push/signing_key.hpp"
#include "adapters/push/url.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::push {

/// By what a push service knows who sends (RFC 8292): the key that browsers subscribed with, and where its owner
/// can be reached. A token is for one push service, and is kept for half a day. Loop thread.
class Vapid {
 public:
  /// `pem`: a private key on P-256. `subject`: a mailto: or https: URI. The refusal (invalid) repeats nothing of
  /// the key.
  static core::Result<Vapid> parse(std::string_view pem, std::string subject);

  /// The Authorization field for this push service.
  std::string authorization(const Url& service, core::Instant now);

 private:
  Vapid(SigningKey key, std::string_view point, std::string subject);

  struct Token {
    std::string field;
    core::Instant made_at;
  };
  SigningKey key_;
  std::string point_;  ///< the public one, in base64url
  std::string subject_;
  std::map<std::string, Token> tokens_;  ///< by origin
};

}  // namespace tuanyuan::push
