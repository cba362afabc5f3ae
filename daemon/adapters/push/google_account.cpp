#include "adapters/push/google_account.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "adapters/push/answer_code.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::string_view scope = "https://www.googleapis.com/auth/firebase.messaging";
constexpr std::string_view grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

std::string text_at(std::string_view json, std::string_view name) {
  std::vector<std::string> texts = texts_in(json, {name});
  return texts.size() == 1 ? std::move(texts.front()) : std::string();
}

core::Refusal unfit(const std::string& name) {
  return core::Refusal(core::Errc::invalid, core::Text("服务账号文件缺少或写错了 " + name,
                                                       "the service account's file has no good " + name));
}

/// It stands in a path.
bool is_project(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

}  // namespace

core::Result<GoogleAccount> GoogleAccount::parse(std::string_view json) {
  if (json.size() > key_file_bytes_max) {
    return unfit("size");
  }
  ServiceAccount::Names names{text_at(json, "private_key_id"), text_at(json, "client_email"),
                              text_at(json, "token_uri"), std::string(scope)};
  auto url = parse_url(names.audience);
  if (names.issuer.empty()) {
    return unfit("client_email");
  }
  auto signer = ServiceAccount::parse(text_at(json, "private_key"), std::move(names), SigningKey::Kind::rsa);
  if (!signer) {
    return unfit("private_key");
  }
  GoogleAccount account(std::move(*signer));
  account.project_ = text_at(json, "project_id");
  if (!is_project(account.project_)) {
    return unfit("project_id");
  }
  if (!url) {
    return unfit("token_uri");
  }
  account.token_url_ = std::move(*url);
  return account;
}

std::string GoogleAccount::token_form(core::Instant now) const {
  constexpr std::chrono::hours lasts{1};
  return "grant_type=" + percent_encoded(grant) + "&assertion=" + account_.sign(now, lasts);
}

}  // namespace tuanyuan::push
