#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::ports {

/// A key of one alert: 32 bytes for AES-256-GCM, in memory only while it is used.
struct DataKey {
  std::string bytes;
};

/// Seals the child's data. Every alert has a data key of its own, which the ledger holds wrapped under the
/// deployment's master key; destroying the wrapped key destroys the data (promise 7). `context` is
/// authenticated beside the text, so that a sealed document cannot be moved to another place unnoticed.
/// Synchronous, microseconds; any thread.
class Vault {
 public:
  virtual ~Vault() = default;

  virtual DataKey generate() = 0;
  virtual std::string wrap(const DataKey& key, std::string_view context) = 0;
  /// Nothing: the wrapped key was made under another master key, or tampered with.
  virtual std::optional<DataKey> unwrap(std::string_view wrapped, std::string_view context) = 0;

  virtual std::string seal(const DataKey& key, std::string_view plain, std::string_view context) = 0;
  /// Nothing: not sealed under this key and context, or tampered with.
  virtual std::optional<std::string> open(const DataKey& key, std::string_view sealed,
                                          std::string_view context) = 0;

  /// SHA-256, 32 bytes.
  virtual std::string digest(std::string_view bytes) = 0;
  /// HMAC-SHA-256 under a key derived from the master key, 32 bytes: for linking without revealing.
  virtual std::string keyed_digest(std::string_view bytes) = 0;
};

}  // namespace tuanyuan::ports
