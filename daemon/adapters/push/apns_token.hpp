#pragma once

#include <string>
#include <string_view>

#include "adapters/push/signing_key.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::push {

/// A team's key for APNs' provider tokens, as Apple hands it out (a .p8 file: PKCS #8 in PEM, P-256).
class ApnsKey {
 public:
  /// `key_id` and `team_id`: ten letters and digits each. The refusal (invalid) never repeats any of them.
  static core::Result<ApnsKey> parse(std::string_view pem, std::string key_id, std::string team_id);

  /// A provider token: a JWT (RFC 7519) by ES256.
  std::string sign(core::Instant issued_at) const;
  bool is_same_as(const ApnsKey& other) const;

 private:
  ApnsKey(SigningKey key, std::string key_id, std::string team_id);

  SigningKey key_;
  std::string key_id_;
  std::string team_id_;
};

/// The one provider token that all requests carry. APNs takes none that is older than an hour, and none that
/// was made anew within twenty minutes. One that it calls expired although it is fresh says a wrong time: another
/// one is of use only once the clock has been set, and then, once, it is not waited for. (Unverified: whether APNs
/// counts those that it refused. Developers saw it complain of the third within twenty minutes,
/// https://developer.apple.com/forums/thread/770438.) Loop thread.
class ApnsTokens {
 public:
  ApnsTokens(ports::Clock& clock, ApnsKey key);

  const std::string& current();
  /// APNs has called the present one expired, and there may be no other yet: it is of no use to show it again.
  bool is_refused() const { return is_refused_; }
  core::Duration age() const;

  enum class Replaced {
    now,      ///< there is a new one
    already,  ///< the one refused is not the present one any more
    too_soon  ///< not yet: the present one stays
  };
  /// APNs says of this token that it has expired.
  Replaced replace(const std::string& refused);
  /// How long the present one has to stay.
  core::Duration until_replaceable();
  /// From now on. The same key again changes nothing.
  void use(ApnsKey key);

 private:
  void mint();
  bool is_clock_set() const;
  bool may_be_replaced() const;

  ports::Clock& clock_;
  ApnsKey key_;
  std::string token_;  ///< empty: none yet
  ports::Clock::Steady minted_at_{};
  core::Instant issued_at_;  ///< as it says itself
  bool is_refused_ = false;
  bool is_early_ = false;  ///< it took the place of one that was refused, within the twenty minutes
};

}  // namespace tuanyuan::push
