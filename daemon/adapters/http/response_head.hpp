#pragma once

#include <optional>
#include <string>

#include "adapters/http/message.hpp"
#include "core/time.hpp"

namespace tuanyuan::http {

/// How a response goes out.
struct Framing {
  bool close = false;    ///< the connection ends after it
  bool chunked = false;  ///< the body comes piece by piece
  bool secure = false;   ///< over TLS
  core::Instant now;
};

/// Status line and header fields, with the empty line (RFC 9112). Nothing that is answered may be stored
/// anywhere: it may be of the child.
std::string head_of(const Response& response, const Framing& framing);

/// One piece of a chunked body (RFC 9112, section 7.1); an empty one ends it.
std::string chunk_of(std::string_view piece);

}  // namespace tuanyuan::http
