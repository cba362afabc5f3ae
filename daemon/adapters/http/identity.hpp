#pragma once

#include <openssl/x509.h>

#include "adapters/http/message.hpp"

namespace tuanyuan::http {

/// Whom a client certificate names; that it is of our CA and not expired, TLS has verified. O is the unit
/// (GA 380), each OU a role, CN the officer's number, alone or as number@unit; for OU=recipient CN is the
/// recipient's id. What is no role is passed over. A certificate that contradicts itself (a recipient with
/// officers' roles beside, no or several names, an ill-formed unit or number) has no role at all: its holder is
/// known to be one of ours, and is forbidden everything that needs a role.
Identity identify(const X509* certificate);

}  // namespace tuanyuan::http
