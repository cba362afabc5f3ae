#include "adapters/mqtt5/client_session.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "adapters/mqtt5/encode.hpp"
#include "adapters/mqtt5/topic.hpp"
#include "adapters/mqtt5/wire_format.hpp"

namespace tuanyuan::mqtt5 {
namespace {

core::Refusal unavailable() {
  return core::Refusal(core::Errc::unavailable);
}
core::Refusal invalid() {
  return core::Refusal(core::Errc::invalid);
}

bool is_publishable(const Publish& message) {
  return is_topic_name(message.topic) && is_valid_string(message.topic) &&
         message.topic.size() <= string_bytes_max && message.topic_alias == 0 && message.qos != Qos::exactly_once;
}

/// Where a PUBLISH holds its packet id: behind the first octet, the remaining length and the topic.
std::size_t packet_id_offset(const Bytes& packet, std::size_t topic_bytes) {
  std::size_t at = 1;
  while ((packet[at] & 0x80) != 0) {
    ++at;
  }
  return at + 1 + 2 + topic_bytes;
}

}  // namespace

std::string_view describe(SessionError error) {
  switch (error) {
    case SessionError::malformed:
      return "malformed";
    case SessionError::protocol_violation:
      return "protocol violation";
    case SessionError::refused:
      return "refused";
    case SessionError::disconnected_by_peer:
      return "disconnected by peer";
    case SessionError::connack_timeout:
      return "no CONNACK in time";
    case SessionError::pingresp_timeout:
      return "no PINGRESP in time";
    case SessionError::acknowledgement_timeout:
      return "no acknowledgement in time";
  }
  return "unknown";
}

ClientSession::ClientSession(const SessionLimits& limits) : limits_(&limits), decoder_(limits.packet_bytes_max) {}

void ClientSession::open(const Connect& connect, SteadyTime now) {
  if (connect.topic_alias_maximum != 0) {
    throw std::invalid_argument("topic aliases are not resolved");
  }
  lost();
  state_ = State::connecting;
  connecting_since_ = now;
  connection_ += 1;
  keep_alive_s_ = connect.keep_alive_s;
  receive_maximum_ = connect.receive_maximum;
  asked_clean_start_ = connect.clean_start;
  send(connect, now);
}

void ClientSession::lost() {
  state_ = State::closed;
  decoder_ = Decoder(limits_->packet_bytes_max);
  output_.clear();
  ping_sent_.reset();
  unacknowledged_messages_ = 0;
  resend_.reset();
  for (auto entry = in_flight_.begin(); entry != in_flight_.end();) {
    const auto current = entry++;
    if (current->kind != Request::publish) {
      forget(current);
    } else {
      current->sent = false;
    }
  }
}

void ClientSession::receive(std::span<const std::uint8_t> octets, SteadyTime now) {
  if (state_ != State::connecting && state_ != State::connected) {
    return;
  }
  decoder_.feed(octets);
  while (std::optional<Packet> packet = decoder_.next()) {
    handle(std::move(*packet), now);
    if (state_ == State::closing) {
      return;
    }
  }
  if (decoder_.error() != DecodeError::none) {
    fail(SessionError::malformed, reason_of(decoder_.error()), now);
  }
}

void ClientSession::handle(Packet packet, SteadyTime now) {
  if (auto* connack = std::get_if<Connack>(&packet)) {
    handle_connack(std::move(*connack), now);
  } else if (state_ != State::connected) {
    violation(now);  // section 3.2: CONNACK comes first
  } else if (auto* message = std::get_if<Publish>(&packet)) {
    handle_publish(std::move(*message), now);
  } else if (auto* puback = std::get_if<Puback>(&packet)) {
    handle_puback(*puback, now);
  } else if (auto* suback = std::get_if<Suback>(&packet)) {
    handle_answer<Subscribed>(Request::subscribe, std::move(*suback), now);
  } else if (auto* unsuback = std::get_if<Unsuback>(&packet)) {
    handle_answer<Unsubscribed>(Request::unsubscribe, std::move(*unsuback), now);
  } else if (std::holds_alternative<Pingresp>(packet)) {
    ping_sent_.reset();
  } else if (auto* disconnect = std::get_if<Disconnect>(&packet)) {
    // The peer has closed its side: nothing is to be said back.
    state_ = State::closing;
    events_.emplace_back(Failed{SessionError::disconnected_by_peer, disconnect->reason});
  } else {
    violation(now);  // what only clients send
  }
}

void ClientSession::handle_connack(Connack connack, SteadyTime now) {
  if (state_ != State::connecting) {
    violation(now);
    return;
  }
  if (is_error(connack.reason)) {
    state_ = State::closing;
    events_.emplace_back(Failed{SessionError::refused, connack.reason});
    return;
  }
  // [MQTT-3.2.2-4]: a session that we do not have cannot be gone on with.
  if (connack.session_present && (asked_clean_start_ || !may_resume_)) {
    violation(now);
    return;
  }
  state_ = State::connected;
  peer_receive_maximum_ = connack.receive_maximum;
  peer_packet_bytes_max_ = connack.packet_bytes_max;
  peer_maximum_qos_ = connack.maximum_qos;
  peer_retains_ = connack.retain_available;
  keep_alive_s_ = connack.server_keep_alive_s.value_or(keep_alive_s_);
  may_resume_ = true;
  const bool session_present = connack.session_present;
  events_.emplace_back(Connected{std::move(connack)});
  resume(session_present, now);
}

void ClientSession::resume(bool session_present, SteadyTime now) {
  if (!session_present) {
    for (const InFlight& entry : in_flight_) {
      events_.emplace_back(Unacknowledged{entry.token});
    }
    in_flight_.clear();
    by_packet_id_.clear();
  }
  publishes_in_flight_ = 0;
  if (!in_flight_.empty()) {
    resend_ = in_flight_.begin();
  }
  send_again(now);
  send_waiting(now);
}

/// Section 4.4: what was not acknowledged is sent again with its packet id, in its order, before anything new;
/// within what the peer now takes at once (section 4.9).
void ClientSession::send_again(SteadyTime now) {
  while (resend_ && publishes_in_flight_ < window()) {
    InFlight& entry = **resend_;
    if (entry.kind == Request::publish) {
      entry.packet[0] |= publish_flag::dup;
      entry.sent = true;
      entry.sent_at = now;
      output_.insert(output_.end(), entry.packet.begin(), entry.packet.end());
      last_sent_ = now;
      publishes_in_flight_ += 1;
    }
    step_over_resent();
  }
}

void ClientSession::step_over_resent() {
  ++*resend_;
  if (*resend_ == in_flight_.end()) {
    resend_.reset();
  }
}

void ClientSession::handle_publish(Publish message, SteadyTime now) {
  if (message.topic_alias != 0) {
    fail(SessionError::protocol_violation, ReasonCode::topic_alias_invalid, now);
    return;
  }
  const std::uint16_t packet_id = message.packet_id;
  const bool answered = message.qos == Qos::at_least_once;
  if (answered && limits_->acknowledge_by_hand) {
    if (unacknowledged_messages_ == receive_maximum_) {
      fail(SessionError::protocol_violation, ReasonCode::receive_maximum_exceeded, now);
      return;
    }
    unacknowledged_messages_ += 1;
  }
  events_.emplace_back(Message{std::move(message), connection_});
  if (answered && !limits_->acknowledge_by_hand) {
    Puback puback;
    puback.packet_id = packet_id;
    send(puback, now);
  }
}

void ClientSession::handle_puback(const Puback& puback, SteadyTime now) {
  const auto entry = find(puback.packet_id, true);
  // One for a publish of an earlier connection may still come; it says nothing.
  if (entry == in_flight_.end()) {
    return;
  }
  events_.emplace_back(Published{entry->token, puback.reason});
  forget(entry);
  send_again(now);
  send_waiting(now);
}

template <class Done, class Answer>
void ClientSession::handle_answer(Request kind, Answer answer, SteadyTime now) {
  const auto entry = find(answer.packet_id, false);
  if (entry == in_flight_.end() || entry->kind != kind || entry->asked != answer.reasons.size()) {
    violation(now);
    return;
  }
  events_.emplace_back(Done{entry->token, std::move(answer.reasons)});
  forget(entry);
}

core::Result<Token> ClientSession::publish(Publish message, SteadyTime now) {
  if (!is_publishable(message)) {
    return invalid();
  }
  if (message.qos == Qos::at_most_once) {
    if (state_ != State::connected) {
      return unavailable();
    }
    message.packet_id = 0;
    message.dup = false;
    send(message, now);
    return next_token();
  }
  if (waiting_.size() >= limits_->waiting_max) {
    return core::Refusal(core::Errc::overloaded);
  }
  Waiting entry;
  message.packet_id = 1;
  message.dup = false;
  encode(message, entry.packet);
  entry.packet_id_at = packet_id_offset(entry.packet, message.topic.size());
  entry.token = next_token();
  waiting_.push_back(std::move(entry));
  send_waiting(now);
  return last_token_;
}

void ClientSession::send_waiting(SteadyTime now) {
  while (state_ == State::connected && !resend_ && !waiting_.empty() && publishes_in_flight_ < window()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (const std::optional<ReasonCode> reason = peer_forbids(next.packet)) {
      events_.emplace_back(Published{next.token, *reason});
      continue;
    }
    const std::uint16_t packet_id = next_packet_id();
    next.packet[next.packet_id_at] = static_cast<std::uint8_t>(packet_id >> 8);
    next.packet[next.packet_id_at + 1] = static_cast<std::uint8_t>(packet_id);
    output_.insert(output_.end(), next.packet.begin(), next.packet.end());
    last_sent_ = now;
    in_flight_.push_back({Request::publish, next.token, packet_id, 0, now, std::move(next.packet), true});
    by_packet_id_[packet_id] = std::prev(in_flight_.end());
    publishes_in_flight_ += 1;
  }
}

/// What the peer's CONNACK excluded (sections 3.2.2.3.4 to 3.2.2.3.6) would only cost us the connection.
std::optional<ReasonCode> ClientSession::peer_forbids(const Bytes& packet) const {
  if (peer_packet_bytes_max_ != 0 && packet.size() > peer_packet_bytes_max_) {
    return ReasonCode::packet_too_large;
  }
  if (peer_maximum_qos_ == Qos::at_most_once) {
    return ReasonCode::qos_not_supported;
  }
  if (!peer_retains_ && (packet[0] & publish_flag::retain) != 0) {
    return ReasonCode::retain_not_supported;
  }
  return std::nullopt;
}

bool ClientSession::requests_are_full() const {
  const auto requests = std::count_if(in_flight_.begin(), in_flight_.end(),
                                      [](const InFlight& entry) { return entry.kind != Request::publish; });
  return static_cast<std::size_t>(requests) >= requests_in_flight_max;
}

void ClientSession::expect_answer(Request kind, std::uint16_t packet_id, std::size_t asked, SteadyTime now) {
  in_flight_.push_back({kind, next_token(), packet_id, asked, now, {}, true});
  by_packet_id_[packet_id] = std::prev(in_flight_.end());
}

core::Result<Token> ClientSession::subscribe(Subscribe request, SteadyTime now) {
  if (state_ != State::connected) {
    return unavailable();
  }
  const bool valid = std::all_of(request.subscriptions.begin(), request.subscriptions.end(), [](const auto& one) {
    return is_valid_string(one.filter) && is_topic_filter(one.filter) && !(one.no_local && is_shared(one.filter));
  });
  if (!valid || request.subscriptions.empty()) {
    return invalid();
  }
  if (requests_are_full()) {
    return core::Refusal(core::Errc::overloaded);
  }
  request.packet_id = next_packet_id();
  send(request, now);
  expect_answer(Request::subscribe, request.packet_id, request.subscriptions.size(), now);
  return last_token_;
}

core::Result<Token> ClientSession::unsubscribe(Unsubscribe request, SteadyTime now) {
  if (state_ != State::connected) {
    return unavailable();
  }
  const bool valid = std::all_of(request.filters.begin(), request.filters.end(), [](const auto& filter) {
    return is_valid_string(filter) && is_topic_filter(filter);
  });
  if (!valid || request.filters.empty()) {
    return invalid();
  }
  if (requests_are_full()) {
    return core::Refusal(core::Errc::overloaded);
  }
  request.packet_id = next_packet_id();
  send(request, now);
  expect_answer(Request::unsubscribe, request.packet_id, request.filters.size(), now);
  return last_token_;
}

void ClientSession::acknowledge(std::uint32_t connection, std::uint16_t packet_id, ReasonCode reason,
                                SteadyTime now) {
  if (connection != connection_ || state_ != State::connected || unacknowledged_messages_ == 0) {
    return;
  }
  unacknowledged_messages_ -= 1;
  Puback puback;
  puback.packet_id = packet_id;
  puback.reason = reason;
  send(puback, now);
}

void ClientSession::close(ReasonCode reason, SteadyTime now) {
  if (state_ == State::connected) {
    Disconnect disconnect;
    disconnect.reason = reason;
    send(disconnect, now);
  }
  if (state_ != State::closed) {
    state_ = State::closing;
  }
}

void ClientSession::tick(SteadyTime now) {
  if (state_ == State::connecting && now >= connecting_since_ + limits_->connack_ms_max) {
    fail(SessionError::connack_timeout, ReasonCode::success, now);
    return;
  }
  if (state_ != State::connected) {
    return;
  }
  if (!in_flight_.empty() && now >= in_flight_.front().sent_at + limits_->acknowledgement_ms_max) {
    fail(SessionError::acknowledgement_timeout, ReasonCode::unspecified_error, now);
  } else if (ping_sent_ && now >= *ping_sent_ + limits_->pingresp_ms_max) {
    fail(SessionError::pingresp_timeout, ReasonCode::keep_alive_timeout, now);
  } else if (keep_alive_s_ != 0 && !ping_sent_ && now >= last_sent_ + ping_after()) {
    send(Pingreq{}, now);
    ping_sent_ = now;
  }
}

std::optional<SteadyTime> ClientSession::deadline() const {
  if (state_ == State::connecting) {
    return connecting_since_ + limits_->connack_ms_max;
  }
  if (state_ != State::connected) {
    return std::nullopt;
  }
  std::optional<SteadyTime> earliest;
  const auto consider = [&](SteadyTime at) { earliest = earliest ? std::min(*earliest, at) : at; };
  if (!in_flight_.empty()) {
    consider(in_flight_.front().sent_at + limits_->acknowledgement_ms_max);
  }
  if (ping_sent_) {
    consider(*ping_sent_ + limits_->pingresp_ms_max);
  } else if (keep_alive_s_ != 0) {
    consider(last_sent_ + ping_after());
  }
  return earliest;
}

Bytes ClientSession::take_output() {
  return std::exchange(output_, {});
}

std::vector<Event> ClientSession::take_events() {
  return std::exchange(events_, {});
}

template <class AnyPacket>
void ClientSession::send(const AnyPacket& packet, SteadyTime now) {
  encode(packet, output_);
  last_sent_ = now;
}

/// Section 4.13: where the connection stands, the peer is told why it ends.
void ClientSession::fail(SessionError error, ReasonCode reason, SteadyTime now) {
  if (state_ == State::connected && is_error(reason)) {
    Disconnect disconnect;
    disconnect.reason = reason;
    send(disconnect, now);
  }
  state_ = State::closing;
  events_.emplace_back(Failed{error, reason});
}

ClientSession::InFlightList::iterator ClientSession::find(std::uint16_t packet_id, bool publish) {
  const auto found = by_packet_id_.find(packet_id);
  if (found == by_packet_id_.end() || (found->second->kind == Request::publish) != publish) {
    return in_flight_.end();
  }
  return found->second;
}

void ClientSession::forget(InFlightList::iterator entry) {
  if (resend_ && *resend_ == entry) {
    step_over_resent();
  }
  publishes_in_flight_ -= entry->kind == Request::publish && entry->sent ? 1 : 0;
  by_packet_id_.erase(entry->packet_id);
  in_flight_.erase(entry);
}

Token ClientSession::next_token() {
  last_token_ += 1;
  if (last_token_ == 0) {
    last_token_ = 1;
  }
  return last_token_;
}

/// Terminates: window() and requests_in_flight_max leave at least one of the 65,535 ids free.
std::uint16_t ClientSession::next_packet_id() {
  do {
    last_packet_id_ = static_cast<std::uint16_t>(last_packet_id_ + 1);
  } while (last_packet_id_ == 0 || by_packet_id_.contains(last_packet_id_));
  return last_packet_id_;
}

/// A quarter before the end of the interval, so that a timer which fires late still keeps the promise
/// [MQTT-3.1.2-20].
std::chrono::milliseconds ClientSession::ping_after() const {
  return std::chrono::milliseconds(keep_alive_s_ * 750);
}

std::size_t ClientSession::window() const {
  return std::min(limits_->in_flight_max, peer_receive_maximum_);
}

}  // namespace tuanyuan::mqtt5
