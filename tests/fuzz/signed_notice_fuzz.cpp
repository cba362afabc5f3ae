#include <string>
#include <string_view>

#include "adapters/crypto/pki.hpp"
#include "adapters/crypto/verifier.hpp"
#include "adapters/wire/document_codec.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

struct Keys {
  crypto::CertificateAuthority authority = crypto::CertificateAuthority::make(
      "CA", crypto::Validity{core::from_epoch_ms(0), core::from_epoch_ms(4'000'000'000'000)});
  crypto::TrustAnchors anchors{authority.certificate()};
  crypto::TrustedKeys trusted;

  Keys() {
    const auto key = crypto::SigningKey::generate();
    const std::string certificate =
        authority.certify(key, core::Status::exercise,
                          crypto::Validity{core::from_epoch_ms(0), core::from_epoch_ms(4'000'000'000'000)});
    trusted.add(crypto::certified_key(certificate, anchors).value());
  }
};

}  // namespace

// Nothing that is made without the key verifies; and nothing, verified or not, brings the readers down.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Keys keys;
  const std::string_view bytes = fuzz::text_of(data, size);
  require(!crypto::verify_signed_notice(bytes, keys.trusted));
  require(!crypto::verify_json_notice(bytes, keys.trusted));
  const auto published = crypto::TrustedKeys::from_published(bytes, keys.anchors);
  require(!published || published->size() == 0);
  static_cast<void>(crypto::identify(bytes));
  static_cast<void>(crypto::read_signing_certificate(bytes));
  wire::ProtobufDocumentCodec codec;
  static_cast<void>(codec.decode_notice(bytes));
  static_cast<void>(codec.decode_report(bytes));
  static_cast<void>(codec.decode_sighting(bytes));
  return 0;
}
