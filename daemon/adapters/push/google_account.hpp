#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "adapters/push/service_account.hpp"
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
  explicit GoogleAccount(ServiceAccount account) : account_(std::move(account)) {}

  ServiceAccount account_;
  std::string project_;
  Url token_url_;
};

}  // namespace tuanyuan::push
