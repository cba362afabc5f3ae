#include "adapters/crypto/jws.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "adapters/crypto/base64.hpp"

namespace tuanyuan::crypto {
namespace {

/// The kid of a header that this reader may go by.
std::optional<std::string> key_id_in(std::string_view header) {
  if (header.size() > jws_header_bytes_max) {
    return std::nullopt;
  }
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({header.data(), header.size()}, failed, {}, options);
  if (failed || !parsed.is_object() || parsed.get_object().contains("crit")) {
    return std::nullopt;
  }
  const boost::json::object& fields = parsed.get_object();
  const boost::json::value* algorithm = fields.if_contains("alg");
  const boost::json::value* key_id = fields.if_contains("kid");
  if (algorithm == nullptr || !algorithm->is_string() || algorithm->get_string() != "EdDSA" || key_id == nullptr ||
      !key_id->is_string()) {
    return std::nullopt;
  }
  return std::string(key_id->get_string().c_str(), key_id->get_string().size());
}

}  // namespace

std::string jws_sign(const SigningKey& key, std::string_view payload) {
  // A key id is base64url and needs no escaping.
  std::string jws = to_base64url(R"({"alg":"EdDSA","kid":")" + key.key_id() + "\"}");
  jws += '.';
  jws += to_base64url(payload);
  const std::string signature = key.sign(jws);
  jws += '.';
  jws += to_base64url(signature);
  return jws;
}

std::optional<JwsParts> jws_parse(std::string_view jws) {
  if (jws.size() > jws_bytes_max) {
    return std::nullopt;
  }
  const std::size_t first = jws.find('.');
  const std::size_t second = first == std::string_view::npos ? first : jws.find('.', first + 1);
  if (second == std::string_view::npos || jws.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto header = from_base64url(jws.substr(0, first));
  auto payload = from_base64url(jws.substr(first + 1, second - first - 1));
  auto signature = from_base64url(jws.substr(second + 1));
  if (!header || !payload || !signature || signature->size() != ed25519_signature_bytes) {
    return std::nullopt;
  }
  auto key_id = key_id_in(*header);
  if (!key_id) {
    return std::nullopt;
  }
  return JwsParts{std::move(*key_id), std::string(jws.substr(0, second)), std::move(*payload),
                  std::move(*signature)};
}

}  // namespace tuanyuan::crypto
