#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"
#include "core/time.hpp"

namespace tuanyuan::crypto {

inline constexpr std::size_t certificates_max = 64;  ///< in one PEM text

/// PKCS#8, unencrypted. Throws std::runtime_error where it is none; never asks for a passphrase.
PrivateKey read_private_key(std::string_view pem);
std::string private_key_pem(EVP_PKEY* key);

/// Every certificate of a PEM text, at least one. Throws std::runtime_error where there is none or one is
/// damaged.
std::vector<Certificate> read_certificates(std::string_view pem);
/// One certificate, DER or PEM; null where it is none or its times cannot be read.
Certificate parse_certificate(std::string_view bytes);
std::string certificate_pem(X509* certificate);
std::string certificate_der(X509* certificate);

/// The subject's common name; empty where it has none.
std::string common_name(const X509* certificate);

/// Whether both its times are times: whoever signs may write anything there.
bool has_readable_times(const X509* certificate);
/// To the second, as certificates have it. Throw std::runtime_error where the time cannot be read.
core::Instant not_before(const X509* certificate);
core::Instant not_after(const X509* certificate);

}  // namespace tuanyuan::crypto
