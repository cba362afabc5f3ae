#pragma once

#include <memory>
#include <string>
#include <string_view>

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
  struct Pkey;
  ApnsKey(std::shared_ptr<const Pkey> key, std::string key_id, std::string team_id);

  std::shared_ptr<const Pkey> key_;
  std::string key_id_;
  std::string team_id_;
};

/// The one provider token that all requests carry. APNs takes none that is older than an hour, and none that
/// was made anew within twenty minutes. Loop thread.
class ApnsTokens {
 public:
  ApnsTokens(ports::Clock& clock, ApnsKey key);

  const std::string& current();

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
  core::Duration age() const;

  ports::Clock& clock_;
  ApnsKey key_;
  std::string token_;  ///< empty: none yet
  ports::Clock::Steady minted_at_{};
  core::Instant issued_at_;  ///< as it says itself
};

}  // namespace tuanyuan::push
