#include "adapters/crypto/x509_fields.hpp"

#include <ctime>

namespace tuanyuan::crypto {
namespace {

constexpr int serial_bits = 159;  // positive and at most 20 octets (RFC 5280, 4.1.2.2)

using GeneralNames = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using GeneralName = std::unique_ptr<GENERAL_NAME, Freed<GENERAL_NAME_free>>;
using OctetString = std::unique_ptr<ASN1_OCTET_STRING, Freed<ASN1_OCTET_STRING_free>>;
using Ia5String = std::unique_ptr<ASN1_IA5STRING, Freed<ASN1_IA5STRING_free>>;

Asn1Time to_asn1(core::Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  Asn1Time time(ASN1_TIME_set(nullptr, static_cast<std::time_t>(seconds)));
  require(time != nullptr, "writing a certificate's time");
  return time;
}

void set_random_serial(X509* certificate) {
  const BigNumber serial(BN_new());
  require(serial != nullptr && BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr,
          "numbering a certificate");
}

GeneralName general_name(const std::string& name) {
  GeneralName made(GENERAL_NAME_new());
  require(made != nullptr, "naming a server");
  if (OctetString address{a2i_IPADDRESS(name.c_str())}) {
    GENERAL_NAME_set0_value(made.get(), GEN_IPADD, address.release());
    return made;
  }
  Ia5String text(ASN1_IA5STRING_new());
  require(text != nullptr && ASN1_STRING_set(text.get(), name.data(), static_cast<int>(name.size())) == 1,
          "naming a server");
  GENERAL_NAME_set0_value(made.get(), GEN_DNS, text.release());
  return made;
}

}  // namespace

Certificate new_certificate(EVP_PKEY* key, core::Instant not_before, core::Instant not_after) {
  Certificate certificate(X509_new());
  require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
              X509_set_pubkey(certificate.get(), key) == 1 &&
              X509_set1_notBefore(certificate.get(), to_asn1(not_before).get()) == 1 &&
              X509_set1_notAfter(certificate.get(), to_asn1(not_after).get()) == 1,
          "making a certificate");
  set_random_serial(certificate.get());
  return certificate;
}

void add_to_subject(X509* certificate, int nid, std::string_view value) {
  require(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), nid, MBSTRING_UTF8, unsigned_data(value),
                                     static_cast<int>(value.size()), -1, 0) == 1,
          "naming a certificate's subject");
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "adding an extension");
}

void add_usage(X509* certificate, const std::string& usage, bool critical) {
  const ExtendedKeyUsage usages(EXTENDED_KEY_USAGE_new());
  Asn1Object object(OBJ_txt2obj(usage.c_str(), 1));
  require(usages != nullptr && object != nullptr && sk_ASN1_OBJECT_push(usages.get(), object.get()) > 0,
          "naming a key usage");
  static_cast<void>(object.release());  // the list owns it now
  require(
      X509_add1_ext_i2d(certificate, NID_ext_key_usage, usages.get(), critical ? 1 : 0, X509V3_ADD_DEFAULT) == 1,
      "adding a key usage");
}

void add_alternative_names(X509* certificate, const std::vector<std::string>& names, bool critical) {
  const GeneralNames list(GENERAL_NAMES_new());
  require(list != nullptr, "naming a server");
  for (const std::string& name : names) {
    GeneralName one = general_name(name);
    require(sk_GENERAL_NAME_push(list.get(), one.get()) > 0, "naming a server");
    static_cast<void>(one.release());  // the list owns it now
  }
  require(
      X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), critical ? 1 : 0, X509V3_ADD_DEFAULT) == 1,
      "naming a server");
}

bool is_ip_address(const std::string& text) {
  return OctetString(a2i_IPADDRESS(text.c_str())) != nullptr;
}

}  // namespace tuanyuan::crypto
