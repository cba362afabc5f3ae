#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace tuanyuan::crypto {

/// Frees an OpenSSL object with the function that belongs to its kind.
template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Kdf = std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using CertificateStore = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using CertificateStoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Asn1Object = std::unique_ptr<ASN1_OBJECT, Freed<ASN1_OBJECT_free>>;
using Asn1Time = std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>>;
using ExtendedKeyUsage = std::unique_ptr<EXTENDED_KEY_USAGE, Freed<EXTENDED_KEY_USAGE_free>>;

/// What OpenSSL allocated and its caller frees.
struct OpenSslFreed {
  void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};
using OpenSslBytes = std::unique_ptr<unsigned char, OpenSslFreed>;

/// Throws std::runtime_error naming the step and OpenSSL's reason, and empties OpenSSL's error queue: for
/// what fails only when the machine is out of memory or entropy, or when a key file is not what it should be.
void require(bool succeeded, std::string_view step);

inline const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* unsigned_data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// `count` bytes of OpenSSL's generator.
std::string random_bytes(std::size_t count);

/// SHA-256, 32 bytes.
std::string sha256(std::string_view bytes);

/// Everything a memory BIO has collected.
std::string contents(const Bio& memory);

/// A read-only BIO over `bytes`, which must outlive it.
Bio reader(std::string_view bytes);

}  // namespace tuanyuan::crypto
