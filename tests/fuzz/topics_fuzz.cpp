// Topics: the codec's rules (MQTT 5, section 4.7), the daemon's reading of them and the station's.
#include <string>

#include "adapters/mqtt/acl.hpp"
#include "adapters/mqtt/topics.hpp"
#include "adapters/mqtt5/topic.hpp"
#include "core/unicode.hpp"
#include "fuzz/property.hpp"
#include "tools/station/topics.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

void rules(std::string_view text) {
  const bool no_nul = text.find('\0') == text.npos;
  require(mqtt5::is_valid_string(text) == (no_nul && core::is_valid_utf8(text)));
  if (!mqtt5::is_valid_string(text)) {
    return;
  }
  if (mqtt5::is_topic_name(text)) {
    require(mqtt5::is_shared(text) || (mqtt5::is_topic_filter(text) && mqtt5::matches(text, text)));
    require(mqtt5::matches("#", text) == !text.starts_with('$'));
    require(!mqtt5::matches(std::string(text) + "x", text));
  }
  if (mqtt5::is_topic_filter(text)) {
    static_cast<void>(mqtt5::matches(text, "tuanyuan/v1/keys"));
  }
}

/// What the daemon takes for a topic of its own can be published to, matches a filter of its own or is one that
/// only others hear, and is written the same again.
void daemons(std::string_view text) {
  static const mqtt::Topics topics("tuanyuan/v1");
  const auto parsed = topics.parse(text);
  if (!parsed) {
    return;
  }
  require(topics.of(parsed->topic, parsed->encoding) == text);
  require(mqtt5::is_valid_string(text) && mqtt5::is_topic_name(text));
  if (const auto* receipts = std::get_if<mqtt::ReceiptTopic>(&parsed->topic)) {
    require(topics.is_receipt_topic_of(text, receipts->recipient));
  }
}

void stations(std::string_view text) {
  for (const bool json : {false, true}) {
    const station::Topics topics("tuanyuan/v1", core::RecipientId("s"), core::Audience::partner,
                                 core::Division{210102}, json);
    if (!topics.read(text) || !mqtt5::is_valid_string(text) || !mqtt5::is_topic_name(text)) {
      continue;
    }
    const std::vector<std::string> filters = topics.filters();
    const bool subscribed = std::any_of(filters.begin(), filters.end(), [text](const std::string& filter) {
      return mqtt5::matches(filter, text);
    });
    require(subscribed || text.starts_with("tuanyuan/v1/photos/"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::string below = "tuanyuan/v1/" + std::string(text);
  for (const std::string_view topic : {text, std::string_view(below)}) {
    rules(topic);
    daemons(topic);
    stations(topic);
  }
  return 0;
}
