#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/mqtt/topics.hpp"
#include "core/answer.hpp"
#include "core/notice.hpp"

namespace tuanyuan::mqtt {

/// A message as it came in. The views point into what `keep` holds.
struct Incoming {
  std::shared_ptr<const void> keep;
  std::string_view topic;
  std::string_view payload;
  std::string response_topic;
  std::string correlation_data;
  bool wants_batch = false;  ///< user property `receipts: batch`
};

/// A payload that begins with `{` is JSON (contract, section 4).
Encoding encoding_of(std::string_view payload);

/// Where the receipt goes and how.
struct ReplyTo {
  std::string topic;
  std::string correlation_data;
  Encoding encoding = Encoding::protobuf;
  bool batch = false;

  friend bool operator==(const ReplyTo&, const ReplyTo&) = default;
};
/// The response topic counts only where it is the connection's own receipts topic or lies below it.
ReplyTo reply_to(const Incoming& message, const core::RecipientId& connection, const Topics& topics);

/// A payload that is not what the contract says. The receipt refuses it as "malformed" and names what could be
/// read; `names_its_answer` tells whether that is enough for the sender to know what is meant.
struct Malformed {
  core::Receipt receipt;
  bool names_its_answer = false;
};

/// Of a payload within its limit; longer ones are malformed. `connection` stands for the recipient where the
/// payload names none. Pure, any input.
std::variant<core::Acknowledgement, Malformed> decode_acknowledgement(std::string_view payload,
                                                                      const core::RecipientId& connection);
std::variant<core::Sighting, Malformed> decode_sighting(std::string_view payload,
                                                        const core::RecipientId& connection);

/// `online` or `offline`; an emptied topic counts as offline. Nothing for anything else.
std::optional<bool> decode_presence(std::string_view payload);

/// The version of a notice found on one of our own topics, of `alert` alone; nothing where it is none. Its
/// signature is not looked at: who can write below our prefix is the broker's to say.
std::optional<core::Version> version_of_notice(std::string_view payload, Encoding encoding,
                                               const core::AlertId& alert);

}  // namespace tuanyuan::mqtt
