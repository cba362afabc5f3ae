#pragma once

#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "core/caller.hpp"
#include "core/time.hpp"

namespace tuanyuan::http {

struct TlsFiles {
  std::string certificate;  ///< PEM, with the chain
  std::string key;          ///< PEM
  std::string ca;           ///< PEM: whose client certificates are taken
};

/// What a listener's handshakes go by.
struct TlsSettings {
  std::shared_ptr<boost::asio::ssl::context> context;
  core::Instant not_after;  ///< of the server's certificate
};

/// TLS 1.2 and later, HTTP/1.1 by ALPN; a client certificate is asked for, and one that is offered has to be
/// good. Sessions resume, with their client certificate. Throws boost::system::system_error or
/// std::runtime_error where a file cannot be read, or certificate and key do not belong together.
TlsSettings load_tls(const TlsFiles& files);

/// Whom a client certificate names; that it is of our CA and not expired, TLS has verified. A certificate that
/// contradicts itself gives a caller without roles: its holder is known to be one of ours, and is forbidden
/// everything that needs a role.
using Identify = std::function<core::Caller(const X509*)>;

/// When the certificate ends, to the second; the beginning of all time where that cannot be read.
core::Instant end_of(const X509* certificate);

}  // namespace tuanyuan::http
