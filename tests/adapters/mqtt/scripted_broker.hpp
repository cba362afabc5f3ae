#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/packet.hpp"

namespace tuanyuan::mqtt::test {

/// A broker for one client, over plain loopback TCP, that behaves well unless told otherwise and writes down
/// everything it gets. It runs on the test's own loop, so that a test changes its ways between two packets.
class ScriptedBroker {
 public:
  explicit ScriptedBroker(boost::asio::io_context& context);
  ~ScriptedBroker();

  /// From now on there is something to connect to; the port stays the same.
  void listen();
  /// Nobody can connect any more, and whoever is connected is cut off.
  void vanish();
  /// Cuts the connection, as a crash does.
  void drop();
  std::string uri() const;

  void send(const mqtt5::Packet& packet);
  /// An application message to the client, QoS 1.
  void publish(std::string topic, std::string payload);
  void publish(mqtt5::Publish message);
  /// What answers_publish kept back; from now on at once again.
  void answer_late();

  bool is_connected() const { return connection_ != nullptr; }
  /// Octets for the client that its side has not taken yet.
  std::size_t unsent_bytes() const;

  // How it behaves.
  mqtt5::ReasonCode connack_reason = mqtt5::ReasonCode::success;
  bool answers_connect = true;
  mqtt5::ReasonCode suback_reason = mqtt5::ReasonCode::granted_qos_1;
  bool answers_subscribe = true;
  mqtt5::ReasonCode puback_reason = mqtt5::ReasonCode::success;
  bool answers_publish = true;

  // What it got, in order, over all connections.
  std::vector<mqtt5::Connect> connects;
  std::vector<mqtt5::Subscribe> subscribes;
  std::vector<mqtt5::Publish> publishes;
  std::vector<mqtt5::Disconnect> disconnects;
  std::size_t pubacks = 0;

  std::vector<mqtt5::Publish> published_to(const std::string& topic) const;

 private:
  struct Connection;

  boost::asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
  static boost::asio::awaitable<void> write(std::shared_ptr<Connection> connection);
  void accept();
  void handle(const mqtt5::Packet& packet);

  boost::asio::io_context& context_;
  std::optional<boost::asio::ip::tcp::acceptor> acceptor_;
  std::uint16_t port_ = 0;
  std::uint16_t last_packet_id_ = 0;
  std::vector<mqtt5::Puback> unanswered_;
  std::shared_ptr<Connection> connection_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tuanyuan::mqtt::test
