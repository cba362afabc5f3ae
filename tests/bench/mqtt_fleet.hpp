#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"
#include "adapters/crypto/pki.hpp"
#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/packet.hpp"

namespace tuanyuan::bench {

/// One client of the fleet: its certificate, and what it subscribes to.
struct FleetMember {
  std::string client_id;
  crypto::Issued certificate;
  std::vector<std::string> filters;
};

/// Thousands of MQTT 5 clients over mutual TLS on one thread of their own, by epoll and our codec: the load
/// generator and the subscribers of the benchmarks. Cheap on purpose, since it shares the machine with what is
/// measured: no timers, no repeats but what a script does. PUBACKs leave together with whatever else there is.
class MqttFleet {
 public:
  /// What the members do. Called on the fleet's thread.
  class Script {
   public:
    virtual ~Script() = default;
    virtual void arrived(std::size_t member, const mqtt5::Publish& message) = 0;
    /// The broker has acknowledged the oldest publish of this member that was not.
    virtual void acknowledged(std::size_t /*member*/) {}
    /// After each round of events, and every few milliseconds where there are none.
    virtual void round_ended() {}
  };

  /// Connects and subscribes all; returns when all are. Throws where one is refused.
  MqttFleet(std::uint16_t port, const std::string& ca, const std::vector<FleetMember>& members);
  ~MqttFleet();
  MqttFleet(const MqttFleet&) = delete;
  MqttFleet& operator=(const MqttFleet&) = delete;

  std::size_t size() const { return members_.size(); }
  /// Runs it on the fleet's thread and waits for its end.
  void run(const std::function<void()>& work);
  /// Null: messages are taken and forgotten. What was lost meanwhile is told here: throws when a connection broke.
  void follow(Script* script);

  // On the fleet's thread.
  void publish(std::size_t member, mqtt5::Publish message);
  /// Published and not acknowledged.
  std::size_t in_flight(std::size_t member) const { return members_[member].in_flight; }

 private:
  struct SslFree {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  struct Member {
    int socket = -1;
    std::unique_ptr<SSL, SslFree> ssl;
    mqtt5::Decoder decoder{1 << 20};
    mqtt5::Bytes output;
    std::size_t written = 0;
    std::size_t in_flight = 0;
    std::uint16_t last_packet_id = 0;
    bool shaken = false;
    bool subscribed = false;
    bool dirty = false;
    bool wants_write = false;
  };

  void open(std::size_t index);
  void serve();
  void take_orders();
  void ready(std::size_t index, std::uint32_t events);
  void shake(std::size_t index);
  void read(std::size_t index);
  void handle(std::size_t index, const mqtt5::Packet& packet);
  void flush(std::size_t index);
  void watch(std::size_t index, bool writable);
  template <class Packet>
  void send(std::size_t index, const Packet& packet);
  void flush_all();

  std::uint16_t port_;
  std::vector<FleetMember> plans_;
  SSL_CTX* tls_ = nullptr;
  int epoll_ = -1;
  int orders_ = -1;
  std::vector<Member> members_;
  std::vector<std::size_t> dirty_;
  std::size_t opened_ = 0;
  std::size_t up_ = 0;
  Script* script_ = nullptr;
  std::atomic<const std::function<void()>*> order_{nullptr};
  std::atomic<bool> done_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> all_up_{false};
  std::exception_ptr failure_;
  std::atomic<bool> failed_{false};
  std::thread thread_;
};

}  // namespace tuanyuan::bench
