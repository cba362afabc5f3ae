#include "adapters/mqtt/scripted_broker.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "adapters/mqtt5/encode.hpp"

namespace tuanyuan::mqtt::test {

using boost::asio::ip::tcp;

struct ScriptedBroker::Connection {
  explicit Connection(tcp::socket accepted) : socket(std::move(accepted)) {}

  tcp::socket socket;
  mqtt5::Decoder decoder{16 * 1024 * 1024};
  mqtt5::Bytes waiting;
  bool writing = false;
};

ScriptedBroker::ScriptedBroker(boost::asio::io_context& context) : context_(context) {
  // A port of our own, found once, so that the broker can come back to it.
  tcp::acceptor probe(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  port_ = probe.local_endpoint().port();
}

ScriptedBroker::~ScriptedBroker() {
  *alive_ = false;
  vanish();
}

std::string ScriptedBroker::uri() const {
  return "mqtt://127.0.0.1:" + std::to_string(port_);
}

void ScriptedBroker::listen() {
  acceptor_.emplace(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), port_));
  accept();
}

void ScriptedBroker::vanish() {
  acceptor_.reset();
  drop();
}

void ScriptedBroker::drop() {
  if (connection_) {
    boost::system::error_code ignored;
    connection_->socket.close(ignored);
    connection_.reset();
  }
}

void ScriptedBroker::accept() {
  acceptor_->async_accept([this, alive = alive_](boost::system::error_code failed, tcp::socket socket) {
    if (failed || !*alive) {
      return;
    }
    drop();
    connection_ = std::make_shared<Connection>(std::move(socket));
    connection_->socket.set_option(tcp::no_delay(true));
    boost::asio::co_spawn(context_, serve(connection_), boost::asio::detached);
    accept();
  });
}

boost::asio::awaitable<void> ScriptedBroker::serve(std::shared_ptr<Connection> connection) {
  const auto alive = alive_;
  std::array<std::uint8_t, 16'384> chunk{};
  for (;;) {
    const auto buffer = boost::asio::buffer(chunk);
    const auto [failed, size] =
        co_await connection->socket.async_read_some(buffer, boost::asio::as_tuple(boost::asio::use_awaitable));
    if (!*alive || connection != connection_) {
      co_return;
    }
    if (failed) {
      connection_.reset();
      co_return;
    }
    connection->decoder.feed(std::span<const std::uint8_t>(chunk.data(), size));
    while (auto packet = connection->decoder.next()) {
      handle(*packet);
      if (connection != connection_) {
        co_return;
      }
    }
  }
}

boost::asio::awaitable<void> ScriptedBroker::write(std::shared_ptr<Connection> connection) {
  while (!connection->waiting.empty()) {
    const mqtt5::Bytes octets = std::exchange(connection->waiting, {});
    const auto buffer = boost::asio::buffer(octets);
    const auto [failed, size] = co_await boost::asio::async_write(
        connection->socket, buffer, boost::asio::as_tuple(boost::asio::use_awaitable));
    if (failed) {
      break;
    }
  }
  connection->writing = false;
}

std::size_t ScriptedBroker::unsent_bytes() const {
  return connection_ ? connection_->waiting.size() : 0;
}

void ScriptedBroker::send(const mqtt5::Packet& packet) {
  if (!connection_) {
    return;
  }
  mqtt5::encode(packet, connection_->waiting);
  if (!connection_->writing) {
    connection_->writing = true;
    boost::asio::co_spawn(context_, write(connection_), boost::asio::detached);
  }
}

void ScriptedBroker::publish(std::string topic, std::string payload) {
  mqtt5::Publish message;
  message.topic = std::move(topic);
  message.payload = std::move(payload);
  publish(std::move(message));
}

void ScriptedBroker::publish(mqtt5::Publish message) {
  message.qos = mqtt5::Qos::at_least_once;
  last_packet_id_ = static_cast<std::uint16_t>(last_packet_id_ % 65'535 + 1);
  message.packet_id = last_packet_id_;
  send(message);
}

void ScriptedBroker::handle(const mqtt5::Packet& packet) {
  if (const auto* connect = std::get_if<mqtt5::Connect>(&packet)) {
    connects.push_back(*connect);
    mqtt5::Connack answer;
    answer.reason = connack_reason;
    if (answers_connect) {
      send(answer);
    }
  } else if (const auto* subscribe = std::get_if<mqtt5::Subscribe>(&packet)) {
    subscribes.push_back(*subscribe);
    mqtt5::Suback answer;
    answer.packet_id = subscribe->packet_id;
    answer.reasons.assign(subscribe->subscriptions.size(), suback_reason);
    if (answers_subscribe) {
      send(answer);
    }
  } else if (const auto* publish = std::get_if<mqtt5::Publish>(&packet)) {
    publishes.push_back(*publish);
    mqtt5::Puback answer;
    answer.packet_id = publish->packet_id;
    answer.reason = puback_reason;
    if (publish->qos != mqtt5::Qos::at_least_once) {
      return;
    }
    if (answers_publish) {
      send(answer);
    } else {
      unanswered_.push_back(answer);
    }
  } else if (std::get_if<mqtt5::Puback>(&packet) != nullptr) {
    ++pubacks;
  } else if (const auto* disconnect = std::get_if<mqtt5::Disconnect>(&packet)) {
    disconnects.push_back(*disconnect);
  } else if (std::get_if<mqtt5::Pingreq>(&packet) != nullptr) {
    send(mqtt5::Pingresp{});
  }
}

void ScriptedBroker::answer_late() {
  answers_publish = true;
  for (const mqtt5::Puback& answer : std::exchange(unanswered_, {})) {
    send(answer);
  }
}

std::vector<mqtt5::Publish> ScriptedBroker::published_to(const std::string& topic) const {
  std::vector<mqtt5::Publish> found;
  for (const mqtt5::Publish& message : publishes) {
    if (message.topic == topic) {
      found.push_back(message);
    }
  }
  return found;
}

}  // namespace tuanyuan::mqtt::test
