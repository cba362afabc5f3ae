#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/inbox.hpp"
#include "adapters/mqtt/outlet.hpp"
#include "adapters/mqtt/settings.hpp"
#include "adapters/mqtt/topics.hpp"
#include "core/delivery.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::mqtt {

/// Where a message is between the loop, which may withdraw it, and Paho, to whom it is handed: once.
class Passage {
 public:
  /// True: it will not be handed over.
  bool withdraw() { return leave(Where::withdrawn); }
  /// False: it was withdrawn.
  bool hand_over() { return leave(Where::handed_over); }
  bool is_withdrawn() const { return where_.load(std::memory_order_acquire) == Where::withdrawn; }

 private:
  enum class Where : std::uint8_t { queued, withdrawn, handed_over };
  bool leave(Where to) {
    Where queued = Where::queued;
    return where_.compare_exchange_strong(queued, to, std::memory_order_acq_rel);
  }

  std::atomic<Where> where_{Where::queued};
};

/// What the bridge's threads report. Called on any of them, with Paho's mutex held: must not block nor throw.
class BridgeEvents {
 public:
  virtual ~BridgeEvents() = default;

  virtual void connected(std::uint64_t attempt) = 0;
  virtual void connect_failed(std::uint64_t attempt, std::string reason) = 0;
  /// `number` as given to subscribe().
  virtual void subscribed(std::uint64_t number, bool granted) = 0;
  virtual void lost(std::string reason) = 0;
  virtual void disconnected() = 0;
  virtual void published(std::uint64_t operation, core::DeliveryOutcome outcome) = 0;
  virtual void messages() = 0;
  virtual void receipts_flow() = 0;
};

/// Everything of Paho: the client, the thread that calls it, the rings to and from it. The loop thread calls the
/// public members; nothing here waits for Paho on that thread, the destructor apart.
class PahoBridge {
 public:
  PahoBridge(const Settings& settings, BridgeEvents& events);
  ~PahoBridge();
  PahoBridge(const PahoBridge&) = delete;
  PahoBridge& operator=(const PahoBridge&) = delete;

  void start();

  void connect(std::uint64_t attempt);
  void subscribe(const Filter& filter, std::uint64_t number);
  void disconnect();

  /// Notices go before all that waits, then photos, then receipts. There must be room; wake() afterwards.
  void publish(const Outgoing& message, std::uint64_t operation, std::shared_ptr<Passage> passage);
  bool has_room(const std::vector<Outgoing>& messages) const;
  /// Lost, and counted as such, where there is no room. wake() afterwards.
  void send_receipt(const Outgoing& message);
  void wake();

  /// Not handed to Paho yet, which has receipts_in_flight_max at the most.
  std::size_t receipts_waiting() const;
  std::size_t receipts_in_flight() const;
  /// What is in flight counts no longer: another connection begins.
  void begin_anew();
  /// The same for what is stuck; and the windows are made to fit the line. To be called once a second.
  void look_after(ports::Clock::Steady now);
  /// Asks for one receipts_flow() when no more than half of receipts_waiting_max wait. Should that be so already,
  /// none may come: who asks looks again now and then.
  void await_receipts() { receipts_awaited_.store(true, std::memory_order_release); }

  Inbox<Incoming>& inbox() { return inbox_; }
  const Inbox<Incoming>& inbox() const { return inbox_; }
  void hold_back(bool hold) { hold_.store(hold, std::memory_order_release); }

  std::uint64_t received() const { return received_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  std::uint64_t receipts_lost() const { return receipts_lost_.load(std::memory_order_relaxed); }

 private:
  struct Paho;

  void arrived(Incoming message) noexcept;

  BridgeEvents& events_;
  Inbox<Incoming> inbox_;
  // Of wake(), which Paho's callbacks call until Paho is gone. The mutex is held for a flag only.
  std::mutex called_mutex_;
  std::condition_variable called_;
  bool is_called_ = false;
  std::atomic<bool> hold_{true};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> receipts_awaited_{false};
  std::atomic<std::uint64_t> received_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> receipts_lost_{0};
  std::unique_ptr<Paho> paho_;
};

}  // namespace tuanyuan::mqtt
