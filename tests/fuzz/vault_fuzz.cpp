// What is sealed opens under its key and context only, whatever somebody made of it; and nothing that was not
// sealed here ever opens.
#include <string>

#include "adapters/crypto/vault.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

/// Envelopes of other makers, and one of our own with the input laid over its end.
void strangers(crypto::OpenSslVault& vault, const ports::DataKey& key, std::string_view bytes) {
  require(!vault.open(key, bytes, "report"));
  require(!vault.unwrap(bytes, "alert"));
  std::string envelope = vault.seal(key, "plain text of a report", "report");
  const std::string genuine = envelope;
  const std::string_view over = bytes.substr(0, envelope.size());
  envelope.replace(envelope.size() - over.size(), over.size(), over);
  require(vault.open(key, envelope, "report").has_value() == (envelope == genuine));
}

void our_own(crypto::OpenSslVault& vault, const ports::DataKey& key, std::string_view bytes) {
  const std::string sealed = vault.seal(key, bytes, bytes);
  require(vault.open(key, sealed, bytes) == bytes);
  require(!vault.open(key, sealed, std::string(bytes) + '.') && !vault.open(vault.generate(), sealed, bytes));
  require(!vault.open(key, sealed.substr(0, sealed.size() - 1), bytes));
  const auto unwrapped = vault.unwrap(vault.wrap(key, bytes), bytes);
  require(unwrapped && unwrapped->bytes == key.bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static crypto::OpenSslVault vault({std::string(32, 'n'), std::string(32, 'o')});
  static const ports::DataKey key = vault.generate();
  const std::string_view bytes = fuzz::text_of(data, size);
  strangers(vault, key, bytes);
  our_own(vault, key, bytes);
  return 0;
}
