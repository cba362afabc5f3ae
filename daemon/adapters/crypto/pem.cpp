#include "adapters/crypto/pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>
#include <limits>
#include <stdexcept>

namespace tuanyuan::crypto {
namespace {

constexpr std::string_view pem_mark = "-----BEGIN ";

/// Keys come unencrypted; OpenSSL must not ask a terminal for a passphrase.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

core::Instant to_instant(const ASN1_TIME* time) {
  std::tm parts{};
  require(ASN1_TIME_to_tm(time, &parts) == 1, "reading a certificate's time");
  return core::Instant{std::chrono::seconds{::timegm(&parts)}};
}

}  // namespace

PrivateKey read_private_key(std::string_view pem) {
  const Bio source = reader(pem);
  PrivateKey key(PEM_read_bio_PrivateKey(source.get(), nullptr, no_passphrase, nullptr));
  require(key != nullptr, "reading a private key");
  return key;
}

std::string private_key_pem(EVP_PKEY* key) {
  const Bio memory(BIO_new(BIO_s_secmem()));
  require(memory != nullptr &&
              PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "writing a private key");
  return contents(memory);
}

std::vector<Certificate> read_certificates(std::string_view pem) {
  const Bio source = reader(pem);
  std::vector<Certificate> certificates;
  while (certificates.size() < certificates_max) {
    Certificate next(PEM_read_bio_X509(source.get(), nullptr, no_passphrase, nullptr));
    if (next == nullptr) {
      break;
    }
    certificates.push_back(std::move(next));
  }
  // At the end there is no further beginning; anything else is damage, not an end.
  const unsigned long code = ERR_peek_last_error();
  const bool at_end = code == 0 || ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
  require(!certificates.empty() && at_end, "reading certificates");
  ERR_clear_error();
  return certificates;
}

Certificate parse_certificate(std::string_view bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return nullptr;
  }
  Certificate certificate;
  if (bytes.find(pem_mark) != std::string_view::npos) {
    const Bio source = reader(bytes);
    certificate.reset(PEM_read_bio_X509(source.get(), nullptr, no_passphrase, nullptr));
  } else {
    const unsigned char* at = unsigned_data(bytes);
    certificate.reset(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
    if (at != unsigned_data(bytes) + bytes.size()) {
      certificate.reset();
    }
  }
  if (certificate != nullptr && !has_readable_times(certificate.get())) {
    certificate.reset();
  }
  ERR_clear_error();
  return certificate;
}

std::string certificate_pem(X509* certificate) {
  const Bio memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1, "writing a certificate");
  return contents(memory);
}

std::string certificate_der(X509* certificate) {
  unsigned char* data = nullptr;
  const int size = i2d_X509(certificate, &data);
  require(size > 0, "writing a certificate");
  const OpenSslBytes owned(data);
  return std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
}

bool has_readable_times(const X509* certificate) {
  std::tm parts{};
  const bool readable = ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &parts) == 1 &&
                        ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1;
  ERR_clear_error();
  return readable;
}

core::Instant not_before(const X509* certificate) {
  return to_instant(X509_get0_notBefore(certificate));
}

core::Instant not_after(const X509* certificate) {
  return to_instant(X509_get0_notAfter(certificate));
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) {
    return {};
  }
  const ASN1_STRING* name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
          static_cast<std::size_t>(ASN1_STRING_length(name))};
}

}  // namespace tuanyuan::crypto
