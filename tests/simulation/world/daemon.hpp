#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/mqtt/answer_intake.hpp"
#include "adapters/mqtt/notice_channel.hpp"
#include "adapters/mqtt/retained_watch.hpp"
#include "engine/engine.hpp"
#include "runtime/entropy.hpp"
#include "runtime/task_group.hpp"
#include "simulation/world/broker_link.hpp"
#include "simulation/world/gateway.hpp"
#include "simulation/world/instruments.hpp"
#include "simulation/world/sim_ledger.hpp"

namespace tuanyuan::simulation {

/// One life of the daemon: the real engine and the real parts of adapters/mqtt, wired as app/daemon.cpp wires
/// them, from a start to a crash. Nothing survives it but the store.
class Daemon {
 public:
  Daemon(Stage& stage, Broker& broker, Gateway& gateway);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  void start();
  /// An orderly end: what is under way is finished, then ended() holds.
  void stop();
  void settle() { loop_.settle(); }
  void crash_after(std::size_t steps) { loop_.crash_after(steps); }

  bool ready() const { return ready_; }
  /// Crashed, stopped, or refused to start.
  bool ended() const { return loop_.crashed(); }

  Loop& loop() { return loop_; }
  engine::Engine& engine() { return engine_; }
  const std::map<std::string, double>& gauges() const { return metrics_.values(); }

  /// Starts a call on the loop; what leaves it as an exception is a violation of its own.
  void spawn(boost::asio::awaitable<void> call);

 private:
  /// The broker as a channel: tells what is handed over, and is where crashes around a send happen.
  class MqttChannel final : public ports::Channel {
   public:
    explicit MqttChannel(Daemon& daemon) : daemon_(daemon) {}
    core::ChannelKind kind() const override { return core::ChannelKind::mqtt; }
    std::size_t in_flight_max() const override { return daemon_.stage_.scenario.channel_in_flight_max; }
    bool is_up() const override { return daemon_.link_.is_up(); }
    boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

   private:
    Daemon& daemon_;
  };

  BrokerLink::Events link_events();
  engine::Tools tools();
  void message(const std::string& topic, const std::shared_ptr<const std::string>& payload);
  boost::asio::awaitable<void> begin();
  boost::asio::awaitable<void> end();
  boost::asio::awaitable<void> tick();

  Stage& stage_;
  Loop loop_;
  SimLog log_;
  SimMetrics metrics_;
  runtime::SeededEntropy entropy_;
  SimLedger ledger_;
  BrokerLink link_;
  mqtt::NoticeChannel notices_;
  mqtt::RetainedWatch watch_;
  mqtt::AnswerIntake intake_;
  MqttChannel channel_;
  GatewayChannel gateway_;
  engine::Engine engine_;
  runtime::TaskGroup tasks_;
  bool ready_ = false;
};

}  // namespace tuanyuan::simulation
