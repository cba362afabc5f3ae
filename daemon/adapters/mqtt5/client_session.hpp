#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/packet.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::mqtt5 {

/// Milliseconds since a point of the caller's choice, never running backwards.
using SteadyTime = std::chrono::milliseconds;

/// The same for every session of a program, which is why sessions only point to it.
struct SessionLimits {
  std::size_t packet_bytes_max = 262'144;  ///< of one packet received
  std::uint16_t in_flight_max = 100;       ///< QoS 1 publishes sent and not acknowledged
  std::size_t waiting_max = 1'000;         ///< QoS 1 publishes behind those
  std::chrono::milliseconds connack_ms_max{10'000};
  std::chrono::milliseconds acknowledgement_ms_max{30'000};  ///< PUBACK, SUBACK, UNSUBACK
  std::chrono::milliseconds pingresp_ms_max{10'000};
  /// Whether QoS 1 messages are acknowledged only by acknowledge(), after the caller has made them durable.
  bool acknowledge_by_hand = false;
};

/// Why a connection has to be closed.
enum class SessionError : std::uint8_t {
  malformed,             ///< the peer's octets are not MQTT 5: see decode_error()
  protocol_violation,    ///< well formed, but not allowed now
  refused,               ///< CONNACK with an error
  disconnected_by_peer,  ///< DISCONNECT
  connack_timeout,
  pingresp_timeout,
  acknowledgement_timeout,
};

/// SUBSCRIBE and UNSUBSCRIBE packets of one session that are not answered.
inline constexpr std::size_t requests_in_flight_max = 100;

/// A name for logs.
std::string_view describe(SessionError error);

/// What the caller's request is called until it is answered. Never 0, unique in a session.
using Token = std::uint32_t;

/// The peer accepted the connection. Without `connack.session_present` every subscription has to be made again.
struct Connected {
  Connack connack;
};

/// A message arrived. `connection` has to be handed to acknowledge().
struct Message {
  Publish publish;
  std::uint32_t connection = 0;
};

/// The peer answered a QoS 1 publish, or could not be sent it: `reason` is then what the peer would say.
struct Published {
  Token token = 0;
  ReasonCode reason = ReasonCode::success;
};

/// Sent, but the peer has forgotten the session: whether it had it is unknown, and it is not sent again.
struct Unacknowledged {
  Token token = 0;
};

struct Subscribed {
  Token token = 0;
  std::vector<ReasonCode> reasons;
};

struct Unsubscribed {
  Token token = 0;
  std::vector<ReasonCode> reasons;
};

/// The connection is over. What output is left (a DISCONNECT that says why) should be written before closing.
struct Failed {
  SessionError error = SessionError::malformed;
  ReasonCode reason = ReasonCode::success;
};

using Event = std::variant<Connected, Message, Published, Unacknowledged, Subscribed, Unsubscribed, Failed>;

/// The client's side of MQTT 5 without any input or output of its own: octets, events and time come in as
/// arguments, octets and events go out. It survives its connections: QoS 1 publishes that were not acknowledged
/// are sent again where the peer kept the session (section 4.4).
///
/// A few hundred octets when idle. Not thread-safe.
class ClientSession {
 public:
  enum class State : std::uint8_t { closed, connecting, connected, closing };

  /// `limits` has to outlive the session.
  explicit ClientSession(const SessionLimits& limits);
  ClientSession(ClientSession&&) = default;
  ClientSession& operator=(ClientSession&&) = default;

  // What happens to the session ------------------------------------------------------------------------------

  /// A new connection stands: asks for the session. Topic aliases are not offered to the peer, so
  /// `connect.topic_alias_maximum` has to be 0 (std::invalid_argument).
  void open(const Connect& connect, SteadyTime now);

  void receive(std::span<const std::uint8_t> octets, SteadyTime now);

  /// Time has passed: keep-alive and deadlines. To be called at deadline() at the latest.
  void tick(SteadyTime now);

  /// The connection is gone, for whatever reason. Subscriptions asked for and not answered are forgotten.
  void lost();

  // What the caller wants --------------------------------------------------------------------------------------

  /// QoS 1 is taken at any time and answered by Published or Unacknowledged; overloaded when `waiting_max` are
  /// waiting. QoS 0 needs a connection (unavailable) and is never answered. The packet id is the session's.
  core::Result<Token> publish(Publish message, SteadyTime now);

  /// Needs a connection (unavailable). The packet id is the session's.
  /// Overloaded where `requests_in_flight_max` are not answered yet.
  core::Result<Token> subscribe(Subscribe request, SteadyTime now);
  core::Result<Token> unsubscribe(Unsubscribe request, SteadyTime now);

  /// With `acknowledge_by_hand`: to be called once for each QoS 1 message, when it is durable. Ignored when
  /// `connection` is over; the peer will then send the message again.
  void acknowledge(std::uint32_t connection, std::uint16_t packet_id, ReasonCode reason, SteadyTime now);

  /// Says good-bye: after the output is written the connection may be closed. `disconnect_with_will` leaves the
  /// will to be published.
  void close(ReasonCode reason, SteadyTime now);

  // What comes out -------------------------------------------------------------------------------------------

  /// Octets to write, in order; taken once. A caller whose writes stand still should stop reading.
  Bytes take_output();
  bool has_output() const { return !output_.empty(); }

  std::vector<Event> take_events();

  /// When tick() is next needed.
  std::optional<SteadyTime> deadline() const;

  State state() const { return state_; }
  DecodeError decode_error() const { return decoder_.error(); }
  std::size_t in_flight() const { return publishes_in_flight_; }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  /// A QoS 1 publish as it travels, but for its packet id, which is written in when it goes out.
  struct Waiting {
    Token token = 0;
    std::size_t packet_id_at = 0;
    Bytes packet;
  };

  enum class Request : std::uint8_t { publish, subscribe, unsubscribe };

  /// Sent and not answered. Only publishes keep their octets, to be sent again.
  struct InFlight {
    Request kind = Request::publish;
    Token token = 0;
    std::uint16_t packet_id = 0;
    std::size_t asked = 0;  ///< filters in a SUBSCRIBE or UNSUBSCRIBE
    SteadyTime sent_at{};
    Bytes packet;
    bool sent = true;  ///< on this connection
  };
  using InFlightList = std::list<InFlight>;

  void handle(Packet packet, SteadyTime now);
  void handle_connack(Connack connack, SteadyTime now);
  void handle_publish(Publish publish, SteadyTime now);
  void handle_puback(const Puback& puback, SteadyTime now);
  template <class Done, class Answer>
  void handle_answer(Request kind, Answer answer, SteadyTime now);

  void resume(bool session_present, SteadyTime now);
  void send_again(SteadyTime now);
  void step_over_resent();
  void send_waiting(SteadyTime now);
  std::optional<ReasonCode> peer_forbids(const Bytes& packet) const;
  bool requests_are_full() const;
  void expect_answer(Request kind, std::uint16_t packet_id, std::size_t asked, SteadyTime now);
  InFlightList::iterator find(std::uint16_t packet_id, bool publish);
  void forget(InFlightList::iterator entry);

  template <class AnyPacket>
  void send(const AnyPacket& packet, SteadyTime now);
  void fail(SessionError error, ReasonCode reason, SteadyTime now);
  void violation(SteadyTime now) { fail(SessionError::protocol_violation, ReasonCode::protocol_error, now); }
  Token next_token();
  std::uint16_t next_packet_id();
  std::chrono::milliseconds ping_after() const;
  std::size_t window() const;

  const SessionLimits* limits_;
  Decoder decoder_;
  Bytes output_;
  std::vector<Event> events_;
  std::list<Waiting> waiting_;
  InFlightList in_flight_;  // oldest first
  std::unordered_map<std::uint16_t, InFlightList::iterator> by_packet_id_;
  /// The next one to send again on this connection; none when all are.
  std::optional<InFlightList::iterator> resend_;

  SteadyTime last_sent_{};
  SteadyTime connecting_since_{};
  std::optional<SteadyTime> ping_sent_;
  std::size_t publishes_in_flight_ = 0;
  std::uint32_t connection_ = 0;
  Token last_token_ = 0;
  std::uint32_t peer_packet_bytes_max_ = 0;
  std::uint16_t last_packet_id_ = 0;
  std::uint16_t keep_alive_s_ = 0;
  std::uint16_t receive_maximum_ = receive_maximum_default;
  std::uint16_t peer_receive_maximum_ = receive_maximum_default;
  std::uint16_t unacknowledged_messages_ = 0;
  Qos peer_maximum_qos_ = Qos::exactly_once;
  bool peer_retains_ = true;
  bool may_resume_ = false;
  bool asked_clean_start_ = true;
  State state_ = State::closed;
};

}  // namespace tuanyuan::mqtt5
