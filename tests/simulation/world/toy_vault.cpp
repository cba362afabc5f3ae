#include "simulation/world/toy_vault.hpp"

#include <cstring>

namespace tuanyuan::simulation {
namespace {

constexpr std::size_t digest_bytes = 32;
constexpr const char* master = "master";

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01B3;
  }
  return hash;
}

std::string stream(std::uint64_t seed, std::size_t size) {
  runtime::SeededEntropy numbers(seed);
  std::string bytes(size + 8, '\0');
  for (std::size_t at = 0; at < size; at += 8) {
    const std::uint64_t word = numbers.next();
    std::memcpy(bytes.data() + at, &word, 8);
  }
  bytes.resize(size);
  return bytes;
}

std::string masked(std::string_view text, std::uint64_t seed) {
  std::string bytes = stream(seed, text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    bytes[at] = static_cast<char>(bytes[at] ^ text[at]);
  }
  return bytes;
}

std::uint64_t seed_of(std::string_view key, std::string_view context) {
  return hash_of(key) * 31 + hash_of(context);
}

}  // namespace

std::string toy_digest(std::string_view text) {
  return stream(hash_of(text), digest_bytes);
}

ports::DataKey ToyVault::generate() {
  return ports::DataKey{stream(random_.next(), digest_bytes)};
}

std::string ToyVault::wrap(const ports::DataKey& key, std::string_view context) {
  return seal(ports::DataKey{master}, key.bytes, context);
}

std::optional<ports::DataKey> ToyVault::unwrap(std::string_view wrapped, std::string_view context) {
  std::optional<std::string> bytes = open(ports::DataKey{master}, wrapped, context);
  if (!bytes) {
    return std::nullopt;
  }
  return ports::DataKey{std::move(*bytes)};
}

std::string ToyVault::seal(const ports::DataKey& key, std::string_view plain, std::string_view context) {
  const std::string tag = toy_digest(plain).substr(0, 8);
  return masked(tag + std::string(plain), seed_of(key.bytes, context));
}

std::optional<std::string> ToyVault::open(const ports::DataKey& key, std::string_view sealed,
                                          std::string_view context) {
  const std::string bytes = masked(sealed, seed_of(key.bytes, context));
  if (bytes.size() < 8) {
    return std::nullopt;
  }
  std::string plain = bytes.substr(8);
  return toy_digest(plain).substr(0, 8) == bytes.substr(0, 8) ? std::optional(std::move(plain)) : std::nullopt;
}

std::string ToyVault::digest(std::string_view bytes) {
  return toy_digest(bytes);
}

std::string ToyVault::keyed_digest(std::string_view bytes) {
  return toy_digest(master + std::string(bytes));
}

}  // namespace tuanyuan::simulation
