#include "adapters/mqtt/paho_convert.hpp"

#include <utility>

#include "adapters/mqtt/outlet.hpp"

namespace tuanyuan::mqtt {
namespace {

std::string text_of(const MQTTLenString& text) {
  return text.data != nullptr ? std::string(text.data, static_cast<std::size_t>(text.len)) : std::string();
}

std::string text_property(MQTTProperties& properties, MQTTPropertyCodes code) {
  const MQTTProperty* property = MQTTProperties_getProperty(&properties, code);
  return property != nullptr ? text_of(property->value.data) : std::string();
}

bool has_user_property(MQTTProperties& properties, std::string_view name, std::string_view value) {
  const int count = MQTTProperties_propertyCount(&properties, MQTTPROPERTY_CODE_USER_PROPERTY);
  for (int i = 0; i < count; ++i) {
    const MQTTProperty* property = MQTTProperties_getPropertyAt(&properties, MQTTPROPERTY_CODE_USER_PROPERTY, i);
    if (property != nullptr && text_of(property->value.data) == name && text_of(property->value.value) == value) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string explain(const ::mqtt::token& token) {
  return "Paho code " + std::to_string(token.get_return_code()) + ", reason " +
         std::to_string(static_cast<int>(token.get_reason_code()));
}

std::string address_of(std::string uri) {
  if (uri.starts_with("mqtts://")) {
    return "ssl://" + uri.substr(8);
  }
  if (uri.starts_with("mqtt://")) {
    return "tcp://" + uri.substr(7);
  }
  return uri;
}

::mqtt::const_message_ptr message_of(const Outgoing& outgoing) {
  ::mqtt::properties properties;
  if (!outgoing.content_type.empty()) {
    properties.add(::mqtt::property(::mqtt::property::CONTENT_TYPE, outgoing.content_type));
  }
  if (!outgoing.correlation_data.empty()) {
    properties.add(::mqtt::property(::mqtt::property::CORRELATION_DATA, outgoing.correlation_data));
  }
  if (outgoing.expiry_s != 0) {
    const auto seconds = static_cast<std::int32_t>(outgoing.expiry_s);
    properties.add(::mqtt::property(::mqtt::property::MESSAGE_EXPIRY_INTERVAL, seconds));
  }
  ::mqtt::binary_ref payload = outgoing.payload ? ::mqtt::binary_ref(outgoing.payload) : ::mqtt::binary_ref("");
  const auto message = ::mqtt::message::create(outgoing.topic, std::move(payload), qos, outgoing.retain);
  if (!properties.empty()) {
    message->set_properties(std::move(properties));
  }
  return message;
}

Incoming incoming_of(const ::mqtt::const_message_ptr& message) {
  Incoming incoming;
  incoming.topic = message->get_topic();
  incoming.payload = message->get_payload_str();
  incoming.keep = message;
  // Paho's C++ copies a property to read it; its C does not, but lacks const.
  auto& properties = const_cast<MQTTProperties&>(message->get_properties().c_struct());
  if (properties.count > 0) {
    incoming.response_topic = text_property(properties, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
    incoming.correlation_data = text_property(properties, MQTTPROPERTY_CODE_CORRELATION_DATA);
    incoming.wants_batch = has_user_property(properties, "receipts", "batch");
  }
  return incoming;
}

core::DeliveryOutcome outcome_of_refusal(int code) {
  switch (code) {
    case MQTTASYNC_BAD_UTF8_STRING:
    case MQTTASYNC_NULL_PARAMETER:
    case MQTTASYNC_BAD_STRUCTURE:
    case MQTTASYNC_BAD_QOS:
      return core::DeliveryOutcome::rejected;
    default:
      return core::DeliveryOutcome::retry;
  }
}

core::DeliveryOutcome outcome_of(const ::mqtt::token& token, bool succeeded) {
  const core::DeliveryOutcome outcome = outcome_of_reason(static_cast<int>(token.get_reason_code()));
  const bool connection_ended = !succeeded && outcome == core::DeliveryOutcome::accepted;
  return connection_ended ? core::DeliveryOutcome::unknown : outcome;
}

}  // namespace tuanyuan::mqtt
