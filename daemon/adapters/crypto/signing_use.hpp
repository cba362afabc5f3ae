#pragma once

#include <optional>
#include <string_view>

#include "core/notice.hpp"

// What the certificate of a notice-signing key says about its use, twice: in the subject's organisational unit
// for people, and for programs in a critical extended key usage, by object identifiers of our own under the
// arc of UUIDs (ITU-T X.667). The usage is critical and the only one, so that such a certificate is no client
// or server certificate, and a client certificate is none of these.
namespace tuanyuan::crypto {

struct SigningUse {
  core::Status status;
  std::string_view organisational_unit;
  const char* usage;  ///< object identifier
};

inline constexpr SigningUse signing_uses[] = {
    {core::Status::actual, "notice-signing-actual", "2.25.134714312796613954990702616806652605459"},
    {core::Status::exercise, "notice-signing-exercise", "2.25.166750731193570932619414137073612382829"},
};

inline constexpr const SigningUse& signing_use(core::Status status) {
  return signing_uses[status == core::Status::actual ? 0 : 1];
}

}  // namespace tuanyuan::crypto
