#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/refusal.hpp"

namespace google::protobuf {
class Message;
}

namespace tuanyuan::wire {

/// What a JSON text may at most be; beyond it the text is refused, never cut.
struct JsonLimits {
  std::size_t text_bytes_max = 12 * 1024 * 1024;  ///< a report with a photo of 8 MiB in base64
  std::size_t depth_max = 16;                     ///< objects and arrays inside each other
  std::size_t elements_max =
      10'000;                   ///< list elements and map entries together: `[{},{},…]` is small only as text
  std::size_t errors_max = 64;  ///< after that many wrong fields nobody reads on
};

/// Reads one JSON object into a message of any type, by the protobuf JSON mapping, strictly: both
/// lowerCamelCase and original names are accepted, null is absence, 64-bit numbers may be texts, bytes are
/// base64 in either alphabet, times are RFC 3339. Refused, all at once and each with its path, are unknown and
/// repeated names, wrong types, numbers out of range or not finite, enumerators by number or unknown name. That
/// a field is missing is for the rules to say, not for the codec.
///
/// Refusals: `malformed` (not JSON, not UTF-8, nested too deep; no paths), `too_large` (longer, or of more
/// elements, than the limits) and `invalid` with fields. `into` is cleared first, and empty after a refusal.
/// Error texts never hold a value of the text. May be called on any thread.
core::Result<void> decode_json(std::string_view text, google::protobuf::Message& into,
                               const JsonLimits& limits = {});

/// The same, but after a refusal `into` has what could be read: so that an answer which is refused can be told
/// which one it was.
core::Result<void> decode_json_partly(std::string_view text, google::protobuf::Message& into,
                                      const JsonLimits& limits);

/// Writes a message by the protobuf JSON mapping, compact and always the same for the same content: fields in
/// the order of their declaration under lowerCamelCase names, those without presence always, the others when
/// set; map keys sorted; 64-bit numbers as texts; bytes in standard base64; times in UTC. Texts in the message
/// have to be UTF-8, which parsing guarantees, and are not escaped beyond what JSON requires.
std::string encode_json(const google::protobuf::Message& message);

/// The same, appended: for documents that hold a message and more, such as {"notice":{…},"jws":"…"}.
void append_json(const google::protobuf::Message& message, std::string& out);

/// Appends a JSON text with its quotes.
void append_json_string(std::string_view text, std::string& out);

}  // namespace tuanyuan::wire
