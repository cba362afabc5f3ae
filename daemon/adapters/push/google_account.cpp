#include "adapters/push/google_account.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "adapters/push/answer_code.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/rest_channel.hpp"

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
  auto key = SigningKey::parse(text_at(json, "private_key"), SigningKey::Kind::rsa);
  if (!key) {
    return unfit("private_key");
  }
  GoogleAccount account(std::move(*key));
  account.key_id_ = text_at(json, "private_key_id");
  account.email_ = text_at(json, "client_email");
  account.project_ = text_at(json, "project_id");
  account.token_address_ = text_at(json, "token_uri");
  if (account.email_.empty()) {
    return unfit("client_email");
  }
  if (!is_project(account.project_)) {
    return unfit("project_id");
  }
  auto url = parse_url(account.token_address_);
  if (!url) {
    return unfit("token_uri");
  }
  account.token_url_ = std::move(*url);
  return account;
}

std::string GoogleAccount::token_form(core::Instant now) const {
  constexpr std::int64_t hour_s = 3'600;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string header = R"({"alg":"RS256","typ":"JWT")";
  append_member("kid", key_id_, header);
  std::string claims = "{";
  append_member("iss", email_, claims);
  append_member("scope", scope, claims);
  append_member("aud", token_address_, claims);
  claims += R"(,"iat":)" + std::to_string(seconds) + R"(,"exp":)" + std::to_string(seconds + hour_s);
  const std::string token = key_.token(header + "}", claims + "}");
  return "grant_type=" + percent_encoded(grant) + "&assertion=" + token;
}

}  // namespace tuanyuan::push
