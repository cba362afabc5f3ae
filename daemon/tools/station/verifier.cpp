#include "tools/station/verifier.hpp"

#include <utility>

#include "adapters/crypto/openssl_handles.hpp"

namespace tuanyuan::station {
namespace {

Verdict verdict_of(core::Errc code) {
  switch (code) {
    case core::Errc::unavailable:
      return Verdict::unknown_key;
    case core::Errc::forbidden:
      return Verdict::not_genuine;
    default:
      return Verdict::unreadable;
  }
}

}  // namespace

std::string_view describe(Verdict verdict) {
  switch (verdict) {
    case Verdict::genuine:
      return "genuine";
    case Verdict::unknown_key:
      return "unknown-key";
    case Verdict::not_genuine:
      return "not-genuine";
    case Verdict::unreadable:
      return "unreadable";
  }
  return "unreadable";
}

Verifier::Verifier(std::string_view ca) : anchors_(ca) {}

bool Verifier::learn_keys(std::string_view payload) {
  if (payload.empty()) {
    return false;
  }
  if (payload == last_keys_) {
    return true;
  }
  auto keys = crypto::TrustedKeys::from_published(payload, anchors_);
  if (!keys) {
    return false;
  }
  keys_ = std::move(*keys);
  last_keys_ = payload;
  remembered_.clear();
  return true;
}

Verified Verifier::verify(std::string_view payload) {
  std::string digest = crypto::sha256(payload);
  if (const auto found = remembered_.find(digest); found != remembered_.end()) {
    const Remembered& known = found->second;
    if (auto notice = known.notice.lock(); notice != nullptr || known.verdict != Verdict::genuine) {
      return {known.verdict, std::move(notice)};
    }
  }
  Verified verified = verify_anew(payload);
  if (remembered_.size() >= remembered_max) {
    remembered_.clear();
  }
  const bool recall = verified.notice != nullptr && core::is_recall(verified.notice->kind);
  remembered_.insert_or_assign(std::move(digest),
                               Remembered{verified.verdict, verified.notice, recall ? verified.notice : nullptr});
  return verified;
}

Verified Verifier::verify_anew(std::string_view payload) const {
  auto verified = payload.starts_with('{') ? crypto::verify_json_notice(payload, keys_)
                                           : crypto::verify_signed_notice(payload, keys_);
  if (!verified) {
    return {verdict_of(verified.error().code), nullptr};
  }
  return {Verdict::genuine, std::make_shared<const core::Notice>(std::move(verified->notice))};
}

}  // namespace tuanyuan::station
