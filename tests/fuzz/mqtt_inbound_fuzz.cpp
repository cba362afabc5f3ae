#include <string>
#include <string_view>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/retained_watch.hpp"
#include "adapters/mqtt/topics.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;

namespace {

using namespace tuanyuan;

/// What is read as a topic is written as the very same again.
void topic(const mqtt::Topics& topics, std::string_view text) {
  if (const auto parsed = topics.parse(text)) {
    require(topics.of(parsed->topic, parsed->encoding) == text);
  }
}

/// Whatever comes in is either an answer that names its recipient or a refusal that says so.
void payload(const mqtt::Topics& topics, std::string_view text) {
  const core::RecipientId connection("station-1");
  const auto answer = mqtt::decode_acknowledgement(text, connection);
  if (const auto* malformed = std::get_if<mqtt::Malformed>(&answer)) {
    require(malformed->receipt.result == core::ReceiptResult::refused);
    require(malformed->receipt.recipient_id == connection);
  } else {
    require(!std::get<core::Acknowledgement>(answer).recipient_id.empty());
  }
  const auto sighting = mqtt::decode_sighting(text, connection);
  if (const auto* read = std::get_if<core::Sighting>(&sighting)) {
    require(!read->recipient_id.empty() && !read->sighting_id.empty());
  }
  mqtt::decode_presence(text);
  for (const mqtt::Encoding encoding : {mqtt::Encoding::protobuf, mqtt::Encoding::json}) {
    const mqtt::Topic notice =
        mqtt::NoticeTopic{core::Audience::partner, core::Division{210102}, core::AlertId("a")};
    require(mqtt::seen_of(mqtt::ParsedTopic{notice, encoding}, text).has_value());
  }
  mqtt::Incoming message;
  message.payload = text;
  message.response_topic = std::string(text);
  require(mqtt::reply_to(message, connection, topics).topic.starts_with("tuanyuan/v1/receipts/station-1"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mqtt::Topics topics("tuanyuan/v1");
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  topic(topics, text);
  topic(topics, topics.prefix() + std::string(text));
  payload(topics, text);
  return 0;
}
