#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/mqtt5/packet.hpp"
#include "support/mosquitto.hpp"

namespace tuanyuan::bench {

/// A Paho C++ client that does nothing but publish: QoS 1, as fast as Paho takes it.
class PahoPublisher {
 public:
  /// Returns when it is connected. Throws when it cannot.
  PahoPublisher(const test::Mosquitto& broker, const test::Identity& identity);
  ~PahoPublisher();
  PahoPublisher(const PahoPublisher&) = delete;
  PahoPublisher& operator=(const PahoPublisher&) = delete;

  /// Returns when Paho has them all.
  void publish(const std::vector<mqtt5::Publish>& messages);
  /// Until the broker has acknowledged them.
  void settle();

 private:
  struct Paho;
  std::unique_ptr<Paho> paho_;
};

/// The reference of the acknowledgement benchmarks: one Paho C++ client that takes acknowledgements from the same
/// broker by the same shared subscription, over the same TLS, and does nothing with them; or publishes one answer
/// for each, as a program that stores nothing would. Paho's limits are out of its way.
class BarePaho {
 public:
  enum class Does { nothing, answers };

  /// Returns when it is subscribed. Throws when it cannot.
  BarePaho(const test::Mosquitto& broker, const test::Identity& identity, Does does, std::string answer = {});
  ~BarePaho();
  BarePaho(const BarePaho&) = delete;
  BarePaho& operator=(const BarePaho&) = delete;

  /// Waits until it has taken so many; tells when the last one came. Throws after `patience`.
  std::chrono::steady_clock::time_point await(std::uint64_t messages, std::chrono::seconds patience);

 private:
  struct Paho;
  std::unique_ptr<Paho> paho_;
};

}  // namespace tuanyuan::bench
