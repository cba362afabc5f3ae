#include "adapters/http/tls.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <ctime>
#include <stdexcept>
#include <string_view>

namespace tuanyuan::http {
namespace {

constexpr unsigned char session_context[] = "tuanyuan-api";
/// A resumed session is not verified again, so it must not live long.
constexpr long session_seconds_max = 3'600;
constexpr long sessions_max = 20'000;

constexpr unsigned char alpn_http11[] = "\x08http/1.1";

/// RFC 7301: who offers protocols, and not ours, is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  const int result =
      SSL_select_next_proto(&found, chosen_size, alpn_http11, sizeof(alpn_http11) - 1, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_protocol(SSL_CTX* native) {
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
}

/// Without the context a session that has a client certificate would not be resumed.
void set_sessions(SSL_CTX* native) {
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_SERVER);
  SSL_CTX_set_session_id_context(native, session_context, sizeof(session_context) - 1);
  SSL_CTX_set_timeout(native, session_seconds_max);
  SSL_CTX_sess_set_cache_size(native, sessions_max);
}

}  // namespace

core::Instant end_of(const X509* certificate) {
  std::tm utc{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &utc) != 1) {
    return {};
  }
  return core::Instant(std::chrono::seconds(timegm(&utc)));
}

TlsSettings load_tls(const TlsFiles& files) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  set_protocol(native);
  set_sessions(native);
  context->use_certificate_chain_file(files.certificate);
  context->use_private_key_file(files.key, ssl::context::pem);
  if (SSL_CTX_check_private_key(native) != 1) {
    throw std::runtime_error("the server's certificate and key do not belong together");
  }
  context->load_verify_file(files.ca);
  // An anchor may be an intermediate authority: the deployment's own, under a root that is none of its business.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_PARTIAL_CHAIN);
  SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(files.ca.c_str()));
  // Optional here: who has none is told so in HTTP (401), not by a broken handshake.
  context->set_verify_mode(ssl::verify_peer);
  const core::Instant end = end_of(SSL_CTX_get0_certificate(native));
  if (end == core::Instant()) {
    throw std::runtime_error("the server's certificate has no end");
  }
  return {context, end};
}

}  // namespace tuanyuan::http
