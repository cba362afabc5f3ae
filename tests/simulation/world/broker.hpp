#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/mqtt/outlet.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {

class Station;

// What the network between it and a station does to a message at worst.
inline constexpr Span stall_max{std::chrono::seconds(25)};
inline constexpr Span repeat_max{std::chrono::minutes(2)};

/// What the daemon's side of the connection is told. Called from the world, never from within a call.
class BrokerClient {
 public:
  virtual ~BrokerClient() = default;
  virtual void lost() = 0;
  /// Retained, or from a recipient.
  virtual void arrived(const std::string& topic, const std::shared_ptr<const std::string>& payload) = 0;
};

/// The broker: retained messages by topic, sessions, and a network that delays, loses and repeats between it and
/// everybody. It keeps nothing on disk, so a restart forgets all.
class Broker {
 public:
  using Payload = std::shared_ptr<const std::string>;
  using Retained = std::map<std::string, Payload>;

  explicit Broker(Stage& stage);

  // The daemon's connection. One at a time: a new one ends the one before, with what is on its way in it.
  /// False: there is no way to the broker now.
  bool connect(BrokerClient& daemon);
  void disconnect();
  /// The process is gone. What it had sent arrives all the same, unless another connection comes first.
  void abandon() { daemon_ = nullptr; }
  /// On its way to the broker; `puback` is called when the broker's answer is back, if it comes back.
  void publish(mqtt::Outgoing message, std::function<void()> puback);

  // The stations' connections.
  bool connect(Station& station);
  void disconnect(Station& station);
  void send(const Station& station, std::string topic, Payload payload);
  void cut_off(Station& station, Span how_long);

  void cut_off_daemon(Span how_long);
  void restart();
  /// Every way is open again.
  void heal();

  const Retained& retained() const { return retained_; }
  bool daemon_connected() const { return daemon_ != nullptr; }

 private:
  CopyPtr read(const mqtt::Topic& topic, const core::AlertId& alert, const Payload& payload);
  void accept(const mqtt::Outgoing& message, const mqtt::ParsedTopic& topic, const CopyPtr& copy);
  void spread(const mqtt::ParsedTopic& topic, const CopyPtr& copy);
  void give_receipts(const core::RecipientId& to, const Payload& payload);
  void forward(Station& station, const CopyPtr& copy);
  void forward(Station& station, const std::function<void(Station&)>& delivery,
               const std::function<void(Station&)>& repeat, const core::AlertId& order);
  void to_daemon(const std::string& topic, const Payload& payload);
  void say_presence(const core::RecipientId& who, bool online);
  void lose_daemon();
  static bool hears(const Station& station, const mqtt::Topic& topic);

  Stage& stage_;
  Random random_;
  BrokerClient* daemon_ = nullptr;
  std::uint64_t connection_ = 0;   ///< counts the daemon's connections
  ports::Clock::Steady inward_{};  ///< a connection is in order: nothing arrives before this
  ports::Clock::Steady outward_{};
  ports::Clock::Steady daemon_cut_until_{};
  ports::Clock::Steady down_until_{};
  Retained retained_;
  std::map<const std::string*, CopyPtr> read_;  ///< by payload, which it keeps: many topics share one
  std::map<std::string, CopyPtr> copies_;       ///< of the retained notices
  std::map<core::RecipientId, bool> presence_;
  std::map<core::RecipientId, Station*> sessions_;
  std::map<std::pair<core::RecipientId, std::string>, CopyPtr> last_sent_;
};

}  // namespace tuanyuan::simulation
