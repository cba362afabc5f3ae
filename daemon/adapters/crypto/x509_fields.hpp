#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"
#include "core/time.hpp"

// Filling in a certificate before it is signed. All throw std::runtime_error where OpenSSL fails.
namespace tuanyuan::crypto {

/// Version 3 with a random serial number of 159 bits, a public key and a validity.
Certificate new_certificate(EVP_PKEY* key, core::Instant not_before, core::Instant not_after);

/// Appends one attribute to the subject.
void add_to_subject(X509* certificate, int nid, std::string_view value);

/// One extension as OpenSSL's configuration writes it; never with a value from outside.
void add_extension(X509* certificate, X509* issuer, int nid, const char* value);

/// The only extended key usage, by object identifier.
void add_usage(X509* certificate, const std::string& usage, bool critical);

/// DNS names and IP addresses.
void add_alternative_names(X509* certificate, const std::vector<std::string>& names, bool critical);

bool is_ip_address(const std::string& text);

}  // namespace tuanyuan::crypto
