#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/crypto/pki.hpp"
#include "tools/ctl/failure.hpp"

namespace tuanyuan::ctl {

inline constexpr std::chrono::days authority_days{3650};
inline constexpr int signing_keys_max = 99;  ///< of one use, kept side by side in one directory

/// A deployment's PKI as files in one directory, which only its owner may read:
///
///     ca.crt, ca.key           the authority; the key belongs on a machine of its own
///     master.key               what the vault's keys are derived from
///     server.crt, .key         of the API and the broker
///     daemon.crt, .key         the daemon's at the broker
///     signing-actual-N.…       notice-signing keys, .crt and .key, N from 1
///     signing-exercise-N.…
///
/// The constructor and the functions that read throw std::runtime_error where a file is missing or damaged.
class PkiStore {
 public:
  /// Makes all of the above. Failure (usage): the directory has an authority already, or a name is none.
  static Outcome<void> init(const std::filesystem::path& directory, const std::vector<std::string>& server_names,
                            core::Instant now, std::chrono::days days);

  explicit PkiStore(std::filesystem::path directory);

  const std::string& ca_certificate() const { return authority_.certificate(); }
  Outcome<crypto::Issued> recipient(const std::string& id, core::Instant now, std::chrono::days days) const;
  Outcome<crypto::Issued> officer(const crypto::OfficerCertificate& wanted, core::Instant now,
                                  std::chrono::days days) const;
  Outcome<crypto::Issued> server(const std::vector<std::string>& names, core::Instant now,
                                 std::chrono::days days) const;
  /// The next signing key of that use, beside those that are there: their names without endings.
  Outcome<std::string> add_signing_key(core::Status use, core::Instant now, std::chrono::days days) const;

 private:
  std::filesystem::path directory_;
  crypto::CertificateAuthority authority_;
};

/// A directory that only its owner may enter, if there is none yet.
void make_private_directory(const std::filesystem::path& directory);

/// <base>.crt and <base>.key.
void write_issued(const std::filesystem::path& base, const crypto::Issued& issued, bool synced);

}  // namespace tuanyuan::ctl
