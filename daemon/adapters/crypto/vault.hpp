#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"
#include "ports/vault.hpp"

namespace tuanyuan::crypto {

inline constexpr std::size_t master_keys_max = 8;

/// The master keys of a deployment, 32 bytes each, newest first: the first one wraps, all of them unwrap, so
/// that the key rotates while what older ones wrapped stays readable.
using MasterKeys = std::vector<std::string>;

/// A file of one key a line in hexadecimal, newest first; blank lines and lines that begin with # are
/// skipped. Throws std::runtime_error, naming the path and never the content, where the file cannot be read,
/// can be read by everybody, or holds anything else.
MasterKeys load_master_key(const std::filesystem::path& path);

/// What such a file holds for `keys`.
std::string master_key_text(const MasterKeys& keys);

/// AES-256-GCM with a random 96-bit nonce; the context is authenticated beside the text. An envelope is
///
///     version (1 byte, 1) | nonce (12 bytes) | ciphertext | tag (16 bytes)
///
/// The keys in use are derived from the master keys by HKDF-SHA-256 with a label for each purpose, so that no
/// key serves two. Digests that link are keyed under the oldest master key (the last line): a tombstone made
/// years ago must still be found after a rotation, so the last line stays until the tombstones may go.
/// Any thread.
class OpenSslVault final : public ports::Vault {
 public:
  /// Throws std::invalid_argument without a key, with too many or with one not of 32 bytes.
  explicit OpenSslVault(const MasterKeys& master_keys);
  ~OpenSslVault() override;
  OpenSslVault(const OpenSslVault&) = delete;
  OpenSslVault& operator=(const OpenSslVault&) = delete;

  ports::DataKey generate() override;
  std::string wrap(const ports::DataKey& key, std::string_view context) override;
  std::optional<ports::DataKey> unwrap(std::string_view wrapped, std::string_view context) override;
  std::string seal(const ports::DataKey& key, std::string_view plain, std::string_view context) override;
  std::optional<std::string> open(const ports::DataKey& key, std::string_view sealed,
                                  std::string_view context) override;
  std::string digest(std::string_view bytes) override;
  std::string keyed_digest(std::string_view bytes) override;

 private:
  std::vector<std::string> wrapping_keys_;
  std::mutex linking_;
  MacContext linking_mac_;  ///< has taken the key
};

}  // namespace tuanyuan::crypto
