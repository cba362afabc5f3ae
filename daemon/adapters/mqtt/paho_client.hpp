#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/outlet.hpp"
#include "adapters/mqtt/settings.hpp"
#include "adapters/mqtt/topics.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::mqtt {

class Passage;

/// What Paho has to tell. Always called on the loop.
class PahoEvents {
 public:
  virtual ~PahoEvents() = default;

  virtual void on_connected() = 0;
  virtual void on_connect_failed(std::string reason) = 0;
  /// One for each filter, in their order: whether the broker granted it.
  virtual void on_subscribed(std::vector<bool> granted) = 0;
  virtual void on_lost(std::string reason) = 0;
  virtual void on_disconnected() = 0;
  /// The inbox was empty and is not any more.
  virtual void on_messages() = 0;
  /// The broker may have acknowledged so many receipts that more can be sent: see await_receipts(). Also at
  /// each expire(), so that no wake-up can be lost for good.
  virtual void on_receipts_flow() = 0;
};

/// The bridge to Paho's async_client: one for the life of the process.
///
/// Three threads beside the loop: Paho's two, and one of ours that makes every call into Paho. The last one is
/// there because Paho holds one mutex while it delivers a message and takes the same one in each call: the loop
/// must never wait for it, least of all while a delivery waits for the loop. Hand-over is by lock-free rings in
/// both directions, and by posts to the loop. All public members: loop thread.
class PahoClient final : public Outlet, public ReceiptOutlet, public std::enable_shared_from_this<PahoClient> {
 public:
  /// `events` has to outlive the client. Throws when Paho refuses the settings (an address it cannot read).
  static std::shared_ptr<PahoClient> create(boost::asio::any_io_executor executor, ports::Clock& clock,
                                            const Settings& settings, PahoEvents& events);
  ~PahoClient() override;

  // Connection. Each is answered by one of the events above.
  void connect();
  void subscribe(const std::vector<Filter>& filters);
  void disconnect();

  /// Whether publish() takes anything. Going down settles what is under way as unknown.
  void set_up(bool up);

  // Outlet.
  bool is_up() const override { return up_; }
  boost::asio::awaitable<core::DeliveryOutcome> publish(std::vector<Outgoing> messages) override;
  /// What has waited too long to be handed over is withdrawn, to be tried again; what was handed over too long ago
  /// becomes unknown. To be called once a second.
  void expire();

  // ReceiptOutlet. Overtaken by publish().
  void send_receipts(const std::vector<Outgoing>& messages) override;
  bool receipts_full() const;
  /// Asks for on_receipts_flow() when the broker has caught up by half.
  void await_receipts();

  // Inbox.
  /// From now on a message calls on_messages() again; hush() puts that off while nothing can be taken anyway.
  void begin_drain();
  void hush();
  std::optional<Incoming> next_message();
  bool has_messages() const;
  std::size_t inbox_depth() const;
  /// Whether a full inbox holds Paho, and by that the broker, back: not while it is our own receipts that are
  /// waited for, because Paho sends nothing while it is held. Then what does not fit is dropped and counted; its
  /// sender repeats it.
  void hold_back(bool hold);

  struct Counters {
    std::uint64_t received = 0;
    std::uint64_t dropped = 0;        ///< inbox full
    std::uint64_t receipts_lost = 0;  ///< not taken by Paho
    std::uint64_t receipts_in_flight = 0;
  };
  Counters counters() const;

 private:
  struct Impl;
  struct Group;
  struct Operation {
    std::shared_ptr<Group> group;
    ports::Clock::Steady deadline{};
    std::shared_ptr<Passage> passage;
    bool is_handed_over = false;  ///< as far as expire() has seen
  };

  PahoClient(boost::asio::any_io_executor executor, ports::Clock& clock, const Settings& settings,
             PahoEvents& events);
  void settle(std::uint64_t operation, core::DeliveryOutcome outcome);
  void settle_published();
  void wake_soon();
  void subscription_answered(std::uint64_t number, bool granted);

  boost::asio::any_io_executor executor_;
  ports::Clock& clock_;
  PahoEvents& events_;
  bool up_ = false;
  std::uint64_t attempt_ = 0;             ///< of connecting; an answer to an earlier one is void
  std::uint64_t first_subscription_ = 0;  ///< number of the first of those asked for last
  std::vector<std::optional<bool>> subscriptions_;
  bool wakes_soon_ = false;
  std::uint64_t last_operation_ = 0;
  std::map<std::uint64_t, Operation> operations_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuanyuan::mqtt
