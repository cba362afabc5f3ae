#include "adapters/mqtt/inbound.hpp"

#include <utility>

#include "adapters/mqtt/limits.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/enums.hpp"
#include "adapters/wire/json.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::mqtt {
namespace {

constexpr const char* malformed_reason = "malformed";
constexpr std::size_t answer_json_depth_max = 4;
constexpr std::size_t notice_json_depth_max = 8;
constexpr std::size_t id_chars_max = 64;

bool parse(std::string_view payload, Encoding encoding, std::size_t bytes_max, std::size_t depth_max,
           google::protobuf::Message& into) {
  if (payload.size() > bytes_max) {
    return false;
  }
  if (encoding == Encoding::protobuf) {
    const bool read = into.ParseFromArray(payload.data(), static_cast<int>(payload.size()));
    if (!read) {
      into.Clear();  // what is left of it may be no text at all
    }
    return read;
  }
  wire::JsonLimits limits;
  limits.text_bytes_max = bytes_max;
  limits.depth_max = depth_max;
  return wire::decode_json_partly(payload, into, limits).has_value();
}

Malformed refused(const core::RecipientId& connection) {
  Malformed malformed;
  malformed.receipt.recipient_id = connection;
  malformed.receipt.result = core::ReceiptResult::refused;
  malformed.receipt.reason = malformed_reason;
  return malformed;
}

// An id is repeated in the receipt only where it could be one, so that nobody is made to carry rubbish about.
std::string short_id(const std::string& id) {
  return id.size() <= id_chars_max ? id : std::string();
}

}  // namespace

Encoding encoding_of(std::string_view payload) {
  return payload.starts_with('{') ? Encoding::json : Encoding::protobuf;
}

ReplyTo reply_to(const Incoming& message, const core::RecipientId& connection, const Topics& topics) {
  ReplyTo reply;
  reply.encoding = encoding_of(message.payload);
  reply.batch = message.wants_batch;
  if (!message.response_topic.empty() && topics.is_receipt_topic_of(message.response_topic, connection)) {
    reply.topic = message.response_topic;
    reply.correlation_data = message.correlation_data;
  } else {
    reply.topic = topics.of(ReceiptTopic{connection});
  }
  return reply;
}

std::variant<core::Acknowledgement, Malformed> decode_acknowledgement(std::string_view payload,
                                                                      const core::RecipientId& connection) {
  v1::Acknowledgement message;
  const bool read =
      parse(payload, encoding_of(payload), acknowledgement_bytes_max, answer_json_depth_max, message);
  auto answer = wire::from_proto(message);
  if (!read || !answer) {
    Malformed malformed = refused(connection);
    malformed.receipt.alert_id = core::AlertId(short_id(message.alert_id()));
    malformed.receipt.revision = message.revision();
    malformed.receipt.kind = wire::from_proto(message.kind());
    malformed.names_its_answer = !malformed.receipt.alert_id.empty() && malformed.receipt.kind.has_value();
    return malformed;
  }
  if (answer->recipient_id.empty()) {
    answer->recipient_id = connection;
  }
  return std::move(*answer);
}

std::variant<core::Sighting, Malformed> decode_sighting(std::string_view payload,
                                                        const core::RecipientId& connection) {
  v1::Sighting message;
  const bool read = parse(payload, encoding_of(payload), sighting_bytes_max, answer_json_depth_max, message);
  auto sighting = wire::from_proto(message);
  if (!read || !sighting) {
    Malformed malformed = refused(connection);
    malformed.receipt.alert_id = core::AlertId(short_id(message.alert_id()));
    malformed.receipt.sighting_id = core::SightingId(short_id(message.sighting_id()));
    malformed.names_its_answer = !malformed.receipt.sighting_id.empty();
    return malformed;
  }
  if (sighting->recipient_id.empty()) {
    sighting->recipient_id = connection;
  }
  return std::move(*sighting);
}

std::optional<bool> decode_presence(std::string_view payload) {
  if (payload == "online") {
    return true;
  }
  if (payload.empty() || payload == "offline") {
    return false;
  }
  return std::nullopt;
}

std::optional<core::Version> version_of_notice(std::string_view payload, Encoding encoding,
                                               const core::AlertId& alert) {
  v1::Notice notice;
  if (encoding == Encoding::json) {
    v1::JsonNotice message;
    if (!parse(payload, encoding, notice_bytes_max, notice_json_depth_max, message)) {
      return std::nullopt;
    }
    notice.Swap(message.mutable_notice());
  } else {
    v1::SignedNotice message;
    if (!parse(payload, encoding, notice_bytes_max, 0, message) || !notice.ParseFromString(message.notice())) {
      return std::nullopt;
    }
  }
  if (notice.alert_id() != alert.value) {
    return std::nullopt;
  }
  return core::Version{notice.revision(), notice.step()};
}

}  // namespace tuanyuan::mqtt
