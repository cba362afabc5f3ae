#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/delivery.hpp"

namespace tuanyuan::mqtt {

/// One message on its way to the broker, QoS 1.
struct Outgoing {
  std::string topic;
  std::shared_ptr<const std::string> payload;  ///< none: empty, which clears a retained topic
  std::string content_type;
  std::string correlation_data;
  std::uint32_t expiry_s = 0;  ///< MQTT 5 message expiry; 0: none
  bool retain = false;
  bool is_photo = false;  ///< follows the notices; in order with the other photos

  Outgoing() = default;
  Outgoing(std::string where, std::shared_ptr<const std::string> what, std::string type)
      : topic(std::move(where)), payload(std::move(what)), content_type(std::move(type)) {}
};

inline constexpr const char* protobuf_type = "application/x-protobuf";
inline constexpr const char* json_type = "application/json";

/// Where messages leave. An interface so that what is above it can be tested without a broker. Loop thread.
class Outlet {
 public:
  virtual ~Outlet() = default;

  virtual bool is_up() const = 0;

  /// Publishes all of them in this order and answers once, within publish_deadline, with the worst of their
  /// outcomes (see worse()). Accepted: the broker has acknowledged each. Never throws but for cancellation.
  virtual boost::asio::awaitable<core::DeliveryOutcome> publish(std::vector<Outgoing> messages) = 0;
};

/// Where receipts leave: handed over and forgotten, for who misses one asks again. Loop thread.
class ReceiptOutlet {
 public:
  virtual ~ReceiptOutlet() = default;
  virtual void send_receipts(const std::vector<Outgoing>& messages) = 0;
};

/// The outcome of two things that belong together. One refused for good spoils both; otherwise one unknown makes
/// both unknown, and so does one retried beside one accepted, for something has gone out.
core::DeliveryOutcome worse(core::DeliveryOutcome left, core::DeliveryOutcome right);

/// What the broker's answer to a PUBLISH means (MQTT 5, section 2.4). Below 0x80: accepted. A topic, payload or
/// size that the broker will not have: rejected. Anything else, such as not authorised or over quota, can be put
/// right at the broker: retry.
core::DeliveryOutcome outcome_of_reason(int reason_code);

}  // namespace tuanyuan::mqtt
