#pragma once

#include <string>
#include <string_view>

#include "adapters/push/signing_key.hpp"
#include "adapters/push/url.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::push {

/// A Google service account, as the file has it that the console hands out: who asks for tokens, by which key,
/// where.
class GoogleAccount {
 public:
  /// The refusal (invalid) names what is wrong and repeats nothing of the file.
  static core::Result<GoogleAccount> parse(std::string_view json);

  const std::string& project() const { return project_; }
  const Url& token_url() const { return token_url_; }
  /// What a token is asked for by (RFC 7523): a form with a JWT by RS256, good for an hour.
  std::string token_form(core::Instant now) const;

 private:
  explicit GoogleAccount(SigningKey key) : key_(std::move(key)) {}

  SigningKey key_;
  std::string key_id_;
  std::string email_;
  std::string project_;
  std::string token_address_;
  Url token_url_;
};

}  // namespace tuanyuan::push
