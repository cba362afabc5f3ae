#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/crypto/pki.hpp"
#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/encode.hpp"

namespace tuanyuan::station {

/// A broker of the test's own on a loopback port: TLS with client certificates, every packet shown to the test,
/// which answers as it likes. Goes on the loop of what is tested.
class TlsBroker {
 public:
  class Peer : public std::enable_shared_from_this<Peer> {
   public:
    Peer(TlsBroker& broker, boost::asio::ip::tcp::socket socket)
        : broker_(broker), stream_(std::move(socket), broker.context_) {}

    void start() {
      stream_.async_handshake(boost::asio::ssl::stream_base::server,
                              [self = shared_from_this()](boost::system::error_code error) {
                                if (!error) {
                                  self->resumed = SSL_session_reused(self->stream_.native_handle()) == 1;
                                  self->read();
                                }
                              });
    }

    void send(const mqtt5::Packet& packet) {
      mqtt5::encode(packet, waiting_);
      if (writing_.empty()) {
        write();
      }
    }

    void drop() {
      boost::system::error_code ignored;
      stream_.lowest_layer().close(ignored);
    }

    mqtt5::Connect connect;
    bool resumed = false;

   private:
    /// One write at a time, as a TLS stream wants it.
    void write() {
      writing_ = std::exchange(waiting_, {});
      if (writing_.empty()) {
        return;
      }
      boost::asio::async_write(stream_, boost::asio::buffer(writing_),
                               [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                                 self->writing_.clear();
                                 if (!error) {
                                   self->write();
                                 }
                               });
    }

    void read() {
      stream_.async_read_some(boost::asio::buffer(buffer_),
                              [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                                if (error) {
                                  return;
                                }
                                self->decoder_.feed(std::span(self->buffer_).first(size));
                                while (auto packet = self->decoder_.next()) {
                                  self->broker_.heard(*self, std::move(*packet));
                                }
                                self->read();
                              });
    }

    TlsBroker& broker_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    mqtt5::Decoder decoder_{1'000'000};
    std::array<std::uint8_t, 4'096> buffer_{};
    mqtt5::Bytes waiting_;
    mqtt5::Bytes writing_;
  };

  TlsBroker(boost::asio::io_context& loop, const std::string& ca, const crypto::Issued& own)
      : context_(boost::asio::ssl::context::tls_server),
        acceptor_(loop, {boost::asio::ip::address_v4::loopback(), 0}) {
    context_.use_certificate_chain(boost::asio::buffer(own.certificate));
    context_.use_private_key(boost::asio::buffer(own.key), boost::asio::ssl::context::pem);
    context_.add_certificate_authority(boost::asio::buffer(ca));
    context_.set_verify_mode(boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert);
    const unsigned char name[] = "test";
    SSL_CTX_set_session_id_context(context_.native_handle(), name, sizeof name);
    accept();
  }

  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

  /// Answers as a broker that grants everything does; the test may put itself in front.
  void oblige(Peer& peer, const mqtt5::Packet& packet) {
    if (const auto* connect = std::get_if<mqtt5::Connect>(&packet)) {
      peer.connect = *connect;
      peer.send(mqtt5::Connack{});
    } else if (const auto* subscribe = std::get_if<mqtt5::Subscribe>(&packet)) {
      mqtt5::Suback suback;
      suback.packet_id = subscribe->packet_id;
      suback.reasons.assign(subscribe->subscriptions.size(), mqtt5::ReasonCode::granted_qos_1);
      peer.send(suback);
    } else if (const auto* publish = std::get_if<mqtt5::Publish>(&packet)) {
      mqtt5::Puback puback;
      puback.packet_id = publish->packet_id;
      peer.send(puback);
      published.push_back(*publish);
    } else if (const auto* disconnect = std::get_if<mqtt5::Disconnect>(&packet)) {
      disconnects.push_back(*disconnect);
    }
  }

  /// To the one that connected last.
  void publish(std::string topic, std::string payload) {
    mqtt5::Publish message;
    message.topic = std::move(topic);
    message.payload = std::move(payload);
    message.qos = mqtt5::Qos::at_least_once;
    message.packet_id = ++last_packet_id_;
    peers.back()->send(message);
  }

  std::function<void(Peer&, const mqtt5::Packet&)> on_packet = [this](Peer& peer, const mqtt5::Packet& packet) {
    oblige(peer, packet);
  };
  std::vector<std::shared_ptr<Peer>> peers;
  std::vector<mqtt5::Publish> published;
  std::vector<mqtt5::Subscribe> subscribed;
  std::vector<mqtt5::Disconnect> disconnects;

 private:
  void heard(Peer& peer, mqtt5::Packet packet) {
    if (const auto* subscribe = std::get_if<mqtt5::Subscribe>(&packet)) {
      subscribed.push_back(*subscribe);
    }
    on_packet(peer, packet);
  }

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, boost::asio::ip::tcp::socket socket) {
      if (error) {
        return;
      }
      peers.push_back(std::make_shared<Peer>(*this, std::move(socket)));
      peers.back()->start();
      accept();
    });
  }

  boost::asio::ssl::context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t last_packet_id_ = 0;
};

}  // namespace tuanyuan::station
