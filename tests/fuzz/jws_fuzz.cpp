#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/crypto/base64.hpp"
#include "adapters/crypto/jws.hpp"

// Whatever comes in, parsing must not fail in any way but by saying that it is no JWS; and what parses is
// spelt in one way only.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan::crypto;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parts = jws_parse(text)) {
    static const VerifyingKey key(SigningKey::generate().public_key());
    if (jws_verify(*parts, key) || text != parts->signing_input + '.' + to_base64url(parts->signature)) {
      std::abort();
    }
  }
  return 0;
}
