#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "adapters/crypto/notary.hpp"
#include "adapters/crypto/openssl_handles.hpp"
#include "adapters/crypto/pki.hpp"
#include "core/notice.hpp"

namespace tuanyuan::station {

inline constexpr core::Instant today{core::Duration(1'790'000'000'000)};

/// A deployment as a station meets it: a CA, a key for real alerts and one for exercises, and notices signed
/// by them.
class Deployment {
 public:
  /// `at`: the middle of everybody's validity; signing is done then.
  explicit Deployment(core::Instant at = today)
      : at_(at),
        ca_(crypto::CertificateAuthority::make("ca", validity(std::chrono::days(30), at))),
        notary_(keys(ca_, at)) {}

  static crypto::Validity validity(std::chrono::days span, core::Instant at = today) {
    return {at - span, at + span};
  }

  const std::string& ca() const { return ca_.certificate(); }
  const crypto::CertificateAuthority& authority() const { return ca_; }
  std::string keys_protobuf() { return notary_.published(at_).protobuf; }
  std::string keys_json() { return notary_.published(at_).json; }
  core::SignedCopy sign(const core::Notice& notice) { return notary_.sign(notice, at_).value(); }

 private:
  static std::vector<crypto::NotaryKey> keys(const crypto::CertificateAuthority& ca, core::Instant at) {
    std::vector<crypto::NotaryKey> both;
    for (const core::Status use : {core::Status::actual, core::Status::exercise}) {
      const crypto::SigningKey made = crypto::SigningKey::generate();
      both.push_back(
          crypto::load_notary_key(made.to_pem(), ca.certify(made, use, validity(std::chrono::days(10), at))));
    }
    return both;
  }

  core::Instant at_;
  crypto::CertificateAuthority ca_;
  crypto::OpenSslNotary notary_;
};

inline constexpr core::Position heping{41.7886, 123.4136};
inline constexpr core::Position dalian{38.9140, 121.6147};  // some 360 km away

inline core::Notice notice_at(core::Version version, core::NoticeKind kind = core::NoticeKind::alert) {
  core::Notice notice;
  notice.alert_id = core::AlertId("0198c0de-0000-7000-8000-00000000000a");
  notice.version = version;
  notice.kind = kind;
  notice.status = core::Status::exercise;
  notice.audience = core::Audience::partner;
  notice.issued_at = today;
  notice.expires_at = today + std::chrono::hours(24);
  notice.issuer = "210100000000";
  notice.texts = {core::NoticeText{"zh-CN", "【演练】寻找儿童", "【演练】正文", "【演练】播报"}};
  if (!core::is_recall(kind)) {
    notice.circle = core::Circle{core::Position{41.7930, 123.3908}, 100, false};
    notice.divisions = {core::Division{210102}, core::Division{210103}};
  }
  return notice;
}

inline core::Notice with_photo(core::Notice notice, const std::string& bytes, std::string url = {}) {
  notice.photo = core::PhotoReference{crypto::sha256(bytes), "image/jpeg",
                                      static_cast<std::uint32_t>(bytes.size()), std::move(url)};
  return notice;
}

}  // namespace tuanyuan::station
