#pragma once

#include <mqtt/message.h>
#include <mqtt/token.h>

#include <string>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/outlet.hpp"
#include "core/delivery.hpp"

namespace tuanyuan::mqtt {

// Paho's types from ours, and ours from Paho's. Any thread.

inline constexpr int qos = 1;  ///< of all that is published and subscribed to

/// Paho 1.3.12 knows the schemes of an address by their older names only.
std::string address_of(std::string uri);
::mqtt::const_message_ptr message_of(const Outgoing& outgoing);
Incoming incoming_of(const ::mqtt::const_message_ptr& message);

/// What a publish that Paho did not even take means. Not connected, full: another time. Anything else is in the
/// message itself (a topic that is no UTF-8), and stays.
core::DeliveryOutcome outcome_of_refusal(int code);
/// What Paho's answer to a publish means.
core::DeliveryOutcome outcome_of(const ::mqtt::token& token, bool succeeded);
/// Paho's code and the broker's reason, for the log.
std::string explain(const ::mqtt::token& token);

}  // namespace tuanyuan::mqtt
