#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/delivery.hpp"
#include "core/notice.hpp"

namespace tuanyuan::ports {

/// One outbox row with what it carries, ready to be sent.
struct Dispatch {
  core::Delivery delivery;
  std::shared_ptr<const core::SignedCopy> copy;  ///< of a notice
  std::shared_ptr<const core::Photo> photo;      ///< of a photo
  core::Instant expires_at;                      ///< when a broker or gateway may forget it
  core::Endpoint endpoint;                       ///< of a gateway: where it goes, with its secret; MQTT has none
  std::vector<std::string> languages;            ///< of a gateway: the recipient's, for texts that are composed
  /// Whether it is still to be sent, asked right before it leaves: it may wait for its turn, a token or a
  /// connection, and its alert may end meanwhile. It is given `delivery`. None: it is.
  std::function<bool(const core::Delivery&)> still_due;
  /// It was that recipient's and is no more: what is taken there says nothing of the recipient.
  bool is_former = false;

  Dispatch() = default;
};
inline bool is_still_due(const Dispatch& dispatch) {
  return !dispatch.still_due || dispatch.still_due(dispatch.delivery);
}

struct SendResult {
  core::DeliveryOutcome outcome = core::DeliveryOutcome::unknown;
  core::Duration retry_after{0};  ///< what the other side asked for; 0: nothing
  bool address_dead = false;      ///< rejected because nobody is at this address any more, by a code that says so
  core::Instant dead_since{};     ///< likewise: by the other side's clock; the epoch: it does not say
  bool of_address = false;        ///< to be retried: only this address is asked to wait, and all others go on
  bool needs_people = false;      ///< to be retried: we are refused, not the message: key, topic, right of use
  bool unsent = false;            ///< refused here, before anything left: it says nothing of the other side
};

/// A way to reach recipients: a broker, a gateway. It hurts nobody else: its queue, its in-flight limit and
/// its health are its own (promise 6). Loop thread.
class Channel {
 public:
  virtual ~Channel() = default;

  virtual core::ChannelKind kind() const = 0;
  /// How many sends it wants outstanding at the most.
  virtual std::size_t in_flight_max() const = 0;
  /// How many more it could send within moments. Whatever is handed over beyond that would only come back.
  virtual std::size_t room() const { return in_flight_max(); }
  /// Whether there is any sense in handing something over now (connected, breaker closed).
  virtual bool is_up() const = 0;
  /// What shares a fate with others on their way to the same place: the receiver's host, for a channel with many;
  /// the same for all where there is one gateway.
  virtual std::string lane(const Dispatch&) const { return {}; }
  /// Whether what it has accepted is with the recipient's equipment (a webhook, a group chat). Where it is not (a
  /// text message on its way to a handset), RECEIVED comes later, by a report of its own.
  virtual bool accepted_is_received() const { return true; }
  /// One attempt. Answers within its own deadline; never throws. The dispatch is the caller's, and stays as it is
  /// until then: of a thousand under way there is one copy each.
  virtual boost::asio::awaitable<SendResult> send(const Dispatch& dispatch) = 0;
};

}  // namespace tuanyuan::ports
