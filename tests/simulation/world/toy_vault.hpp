#pragma once

#include "ports/vault.hpp"
#include "simulation/world/random.hpp"

namespace tuanyuan::simulation {

/// A vault that costs nothing and always draws the same keys. What it has sealed cannot be read by eye, and opens
/// only with the key and context it was sealed under, so that a checker can look for what lies about in the clear.
class ToyVault final : public ports::Vault {
 public:
  explicit ToyVault(Random random) : random_(random) {}

  ports::DataKey generate() override;
  std::string wrap(const ports::DataKey& key, std::string_view context) override;
  std::optional<ports::DataKey> unwrap(std::string_view wrapped, std::string_view context) override;
  std::string seal(const ports::DataKey& key, std::string_view plain, std::string_view context) override;
  std::optional<std::string> open(const ports::DataKey& key, std::string_view sealed,
                                  std::string_view context) override;
  std::string digest(std::string_view bytes) override;
  std::string keyed_digest(std::string_view bytes) override;

 private:
  Random random_;
};

/// 32 bytes, the same for the same text; no cryptography.
std::string toy_digest(std::string_view text);

}  // namespace tuanyuan::simulation
