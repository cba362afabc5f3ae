#include "adapters/crypto/verifier.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "adapters/crypto/jws.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "core/limits.hpp"
#include "tuanyuan/v1/keys.pb.h"

namespace tuanyuan::crypto {
namespace {

core::Refusal malformed() {
  return core::Refusal(core::Errc::malformed, core::Text("不是已签名的通知", "this is not a signed notice"));
}

core::Refusal unknown_key() {
  return core::Refusal(core::Errc::unavailable, core::Text("签名密钥未知", "the signing key is not known"));
}

core::Refusal forbidden(const char* chinese, const char* english) {
  return core::Refusal(core::Errc::forbidden, core::Text(chinese, english));
}

template <class Message>
bool parse(std::string_view bytes, Message& into) {
  return bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
         into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

/// What is left once a signature by `key` over `bytes` has been found good.
core::Result<VerifiedNotice> accept(const v1::Notice& message, std::string bytes, const CertifiedKey& key) {
  auto notice = wire::from_proto(message);
  if (!notice) {
    return malformed();
  }
  if (notice->status != key.use) {
    return forbidden("演练与实战的密钥不符", "an exercise is signed by a key for actual alerts, or the reverse");
  }
  if (notice->issued_at > key.not_after + std::chrono::minutes(core::clock_skew_minutes_max)) {
    return forbidden("签发时密钥已过期", "the key had expired when the notice was issued");
  }
  return VerifiedNotice{std::move(*notice), std::move(bytes), key.key.key_id()};
}

core::Result<VerifiedNotice> accept_protobuf(const std::string& bytes, const CertifiedKey& key) {
  v1::Notice message;
  if (!parse(bytes, message)) {
    return malformed();
  }
  return accept(message, bytes, key);
}

bool is_published_under_its_name(const v1::Key& published, const CertifiedKey& key) {
  return published.algorithm() == v1::Signature::ED25519 && published.key_id() == key.key.key_id();
}

}  // namespace

core::Result<TrustedKeys> TrustedKeys::from_published(std::string_view payload, const TrustAnchors& anchors) {
  v1::Keys message;
  const bool json = !payload.empty() && payload.front() == '{';
  const bool parsed = payload.size() <= published_keys_bytes_max &&
                      (json ? wire::decode_json(payload, message).has_value() : parse(payload, message));
  if (!parsed || message.keys_size() > published_keys_max) {
    return core::Refusal(core::Errc::malformed, core::Text("不是公布的密钥", "these are not published keys"));
  }
  TrustedKeys keys;
  for (const v1::Key& published : message.keys()) {
    auto key = certified_key(published.certificate(), anchors);
    if (key && is_published_under_its_name(published, *key)) {
      keys.add(std::move(*key));
    }
  }
  return keys;
}

void TrustedKeys::add(CertifiedKey key) {
  std::string key_id = key.key.key_id();
  keys_.insert_or_assign(std::move(key_id), std::move(key));
}

const CertifiedKey* TrustedKeys::find(std::string_view key_id) const {
  const auto found = keys_.find(key_id);
  return found == keys_.end() ? nullptr : &found->second;
}

core::Result<VerifiedNotice> verify_signed_notice(std::string_view signed_notice, const TrustedKeys& keys) {
  v1::SignedNotice envelope;
  if (signed_notice.size() > signed_notice_bytes_max || !parse(signed_notice, envelope)) {
    return malformed();
  }
  core::Refusal refusal = unknown_key();
  std::size_t seen = 0;
  for (const v1::Signature& signature : envelope.signatures()) {
    if (++seen > signatures_max) {
      break;
    }
    const CertifiedKey* key = keys.find(signature.key_id());
    if (key == nullptr || signature.algorithm() != v1::Signature::ED25519) {
      continue;
    }
    if (!key->key.verify(envelope.notice(), signature.value())) {
      refusal = forbidden("签名无效", "the signature is no good");
      continue;
    }
    auto accepted = accept_protobuf(envelope.notice(), *key);
    if (accepted.has_value()) {
      return accepted;
    }
    refusal = accepted.error();
  }
  return refusal;
}

core::Result<VerifiedNotice> verify_jws(std::string_view jws, const TrustedKeys& keys) {
  auto parts = jws_parse(jws);
  if (!parts) {
    return malformed();
  }
  const CertifiedKey* key = keys.find(parts->key_id);
  if (key == nullptr) {
    return unknown_key();
  }
  if (!jws_verify(*parts, key->key)) {
    return forbidden("签名无效", "the signature is no good");
  }
  v1::Notice message;
  if (!wire::decode_json(parts->payload, message)) {
    return malformed();
  }
  return accept(message, std::move(parts->payload), *key);
}

core::Result<VerifiedNotice> verify_json_notice(std::string_view json, const TrustedKeys& keys) {
  if (json.size() > signed_notice_bytes_max) {
    return malformed();
  }
  boost::json::parse_options options;
  options.max_depth = 16;
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({json.data(), json.size()}, failed, {}, options);
  if (failed || !parsed.is_object()) {
    return malformed();
  }
  const boost::json::value* jws = parsed.get_object().if_contains("jws");
  if (jws == nullptr || !jws->is_string()) {
    return malformed();
  }
  return verify_jws({jws->get_string().data(), jws->get_string().size()}, keys);
}

}  // namespace tuanyuan::crypto
