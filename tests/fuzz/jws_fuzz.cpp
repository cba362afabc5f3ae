// Whatever comes in is no JWS, or is spelt in one way only; and nobody made it with a key that was made here.
#include "adapters/crypto/base64.hpp"
#include "adapters/crypto/jws.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan::crypto;
  static const VerifyingKey key(SigningKey::generate().public_key());
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  if (const auto parts = jws_parse(text)) {
    require(text == parts->signing_input + '.' + to_base64url(parts->signature));
    require(!jws_verify(*parts, key));
  }
  return 0;
}
