// The two readers of base64 (RFC 4648): what either takes is bytes that it writes in one way.
#include <string>

#include "adapters/crypto/base64.hpp"
#include "adapters/wire/json_base64.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  std::string url;
  wire::append_base64url(text, url);
  require(crypto::to_base64url(text) == url);
  require(crypto::from_base64url(url) == text && wire::decode_base64(url) == text);
  std::string standard;
  wire::append_base64(text, standard);
  require(wire::decode_base64(standard) == text);

  const auto strict = crypto::from_base64url(text);
  require(!strict || crypto::to_base64url(*strict) == text);
  const auto lenient = wire::decode_base64(text);
  require(!strict || lenient == strict);
  require(!lenient || lenient->size() <= text.size());
  return 0;
}
