#include "adapters/crypto/notary.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "adapters/crypto/base64.hpp"
#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/jws.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/wire/enums.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "adapters/wire/times.hpp"
#include "tuanyuan/v1/keys.pb.h"

namespace tuanyuan::crypto {
namespace {

ports::PublicKey public_part(const NotaryKey& key) {
  ports::PublicKey published;
  published.key_id = key.key.key_id();
  published.use = key.use;
  published.public_key = key.key.public_key();
  published.certificate = key.certificate;
  published.not_before = key.not_before;
  published.not_after = key.not_after;
  return published;
}

v1::Keys to_message(const std::vector<ports::PublicKey>& keys) {
  v1::Keys message;
  for (const ports::PublicKey& key : keys) {
    v1::Key& added = *message.add_keys();
    added.set_key_id(key.key_id);
    added.set_algorithm(v1::Signature::ED25519);
    added.set_use(key.use == core::Status::actual ? v1::Key::ACTUAL : v1::Key::EXERCISE);
    added.set_public_key(key.public_key);
    added.set_certificate(key.certificate);
    *added.mutable_not_before() = wire::to_proto(key.not_before);
    *added.mutable_not_after() = wire::to_proto(key.not_after);
  }
  return message;
}

/// RFC 7517 and RFC 8037. `notice_use` is ours (RFC 7517 leaves room): `use` can only say that it is for
/// signatures. No value needs escaping: all are base64 or our own words.
std::string jwk(const NotaryKey& key) {
  std::string text = R"({"kty":"OKP","crv":"Ed25519","kid":")";
  text += key.key.key_id();
  text += R"(","x":")";
  text += to_base64url(raw_public_key(key.key.handle()));
  text += R"(","use":"sig","alg":"EdDSA","notice_use":")";
  text += core::to_string(key.use);
  text += R"(","x5c":[")";
  text += to_base64(key.certificate);
  text += R"("]})";
  return text;
}

}  // namespace

NotaryKey load_notary_key(std::string_view key_pem, std::string_view certificate_pem) {
  SigningKey key = SigningKey::from_pem(key_pem);
  const Certificate certificate = parse_certificate(certificate_pem);
  if (certificate == nullptr) {
    throw std::runtime_error("the certificate of a signing key cannot be read");
  }
  std::string der = certificate_der(certificate.get());
  const auto certified = read_signing_certificate(der);
  if (!certified) {
    throw std::runtime_error("the certificate of a signing key is not for signing notices");
  }
  if (certified->key.key_id() != key.key_id()) {
    throw std::runtime_error("a signing key and its certificate do not belong together");
  }
  return NotaryKey{std::move(key), std::move(der), certified->use, certified->not_before, certified->not_after};
}

OpenSslNotary::OpenSslNotary(std::vector<NotaryKey> keys) : keys_(std::move(keys)) {
  std::sort(keys_.begin(), keys_.end(), [](const NotaryKey& a, const NotaryKey& b) {
    return a.not_after != b.not_after ? a.not_after > b.not_after : a.key.key_id() < b.key.key_id();
  });
  for (auto key = keys_.begin(); key != keys_.end(); ++key) {
    const bool again = std::any_of(std::next(key), keys_.end(), [key](const NotaryKey& other) {
      return other.key.key_id() == key->key.key_id();
    });
    if (again) {
      throw std::invalid_argument("a signing key is configured twice");
    }
  }
}

std::vector<const NotaryKey*> OpenSslNotary::valid_keys(core::Status use, core::Instant now) const {
  std::vector<const NotaryKey*> valid;
  for (const NotaryKey& key : keys_) {
    if (key.use == use && key.not_before <= now && now < key.not_after) {
      valid.push_back(&key);
    }
  }
  return valid;
}

core::Result<core::SignedCopy> OpenSslNotary::sign(const core::Notice& notice, core::Instant now) {
  const std::vector<const NotaryKey*> signers = valid_keys(notice.status, now);
  if (signers.empty()) {
    return core::Refusal(core::Errc::unavailable,
                         core::Text("没有此用途的有效签名密钥", "no signing key of this use is valid now"));
  }
  const v1::Notice message = wire::to_proto(notice);
  v1::SignedNotice envelope;
  envelope.set_notice(wire::serialize(message));
  for (const NotaryKey* signer : signers) {
    v1::Signature& signature = *envelope.add_signatures();
    signature.set_key_id(signer->key.key_id());
    signature.set_algorithm(v1::Signature::ED25519);
    signature.set_value(signer->key.sign(envelope.notice()));
  }
  const std::string json = wire::encode_json(message);
  core::SignedCopy copy;
  copy.protobuf = envelope.SerializeAsString();
  copy.json = R"({"notice":)" + json + R"(,"jws":")" + jws_sign(signers.front()->key, json) + "\"}";
  return copy;
}

ports::PublishedKeys OpenSslNotary::published(core::Instant now) {
  ports::PublishedKeys published;
  published.jwk_set = R"({"keys":[)";
  for (const NotaryKey& key : keys_) {
    if (now >= key.not_after + published_after_expiry) {
      continue;
    }
    if (!published.keys.empty()) {
      published.jwk_set += ',';
    }
    published.jwk_set += jwk(key);
    published.keys.push_back(public_part(key));
  }
  published.jwk_set += "]}";
  const v1::Keys message = to_message(published.keys);
  published.protobuf = message.SerializeAsString();
  published.json = wire::encode_json(message);
  return published;
}

}  // namespace tuanyuan::crypto
