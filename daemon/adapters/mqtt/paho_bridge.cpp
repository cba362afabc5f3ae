#include "adapters/mqtt/paho_bridge.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <boost/lockfree/spsc_queue.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "adapters/mqtt/limits.hpp"
#include "adapters/mqtt/paho_convert.hpp"
#include "adapters/mqtt/window.hpp"

namespace tuanyuan::mqtt {
namespace {

constexpr std::size_t commands_queued_max = 64;
constexpr std::chrono::milliseconds hold_back_poll{1};

/// What goes along with a message through Paho's context pointer.
struct Ticket {
  std::uint64_t operation = 0;  ///< 40 bits; of a receipt none
  Window::Pass pass;

  std::uint64_t packed() const {
    return std::uint64_t{pass.connection} << 56U | std::uint64_t{pass.kib} << 40U | operation;
  }
  static Ticket unpacked(std::uint64_t number) {
    Ticket ticket;
    ticket.operation = number & 0xFF'FFFF'FFFFU;
    ticket.pass.connection = static_cast<std::uint8_t>(number >> 56U);
    ticket.pass.kib = static_cast<std::uint16_t>(number >> 40U);
    return ticket;
  }
};

/// Answers of Paho's by a function, with the number that was given along.
class Listener final : public ::mqtt::iaction_listener {
 public:
  using Handler = std::function<void(const ::mqtt::token&, std::uint64_t number, bool succeeded)>;
  explicit Listener(Handler handler) : handler_(std::move(handler)) {}

  static void* context(std::uint64_t number) {
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(number));
  }

 private:
  void on_success(const ::mqtt::token& token) override { handler_(token, number(token), true); }
  void on_failure(const ::mqtt::token& token) override { handler_(token, number(token), false); }
  static std::uint64_t number(const ::mqtt::token& token) {
    return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
  }

  Handler handler_;
};

}  // namespace

struct PahoBridge::Paho {
  struct Handover {
    ::mqtt::const_message_ptr message;
    std::uint64_t operation = 0;
    std::shared_ptr<Passage> passage;  ///< none: never withdrawn
  };
  /// Messages of one kind: from the loop's ring to Paho, and what it answers to them.
  struct Lane {
    Lane(std::size_t queued_max, std::uint32_t in_flight_max, std::uint32_t kib_max, Listener::Handler answered)
        : ring(queued_max), window(in_flight_max, kib_max), listener(std::move(answered)) {}

    boost::lockfree::spsc_queue<Handover> ring;
    Window window;
    Listener listener;
  };
  using Command = std::function<void()>;

  Paho(const Settings& given, PahoBridge& owner);

  void serve();
  void wait_for_work();
  void nudge();
  bool run_one();
  bool hand_over(Lane& lane);
  void connect(std::uint64_t attempt);
  void subscribe(const Filter& filter, std::uint64_t number);
  void disconnect();
  ::mqtt::connect_options options() const;

  std::uint32_t in_flight() const;
  std::uint64_t settled() const;
  Lane& lane_of(const Outgoing& message) { return message.is_photo ? photos : notices; }

  // What becomes of a message: on Paho's threads, or at once on ours.
  void published(Lane& lane, Ticket ticket, core::DeliveryOutcome outcome);

  PahoBridge& bridge;
  Settings settings;
  boost::lockfree::spsc_queue<Command> commands{commands_queued_max};
  Lane notices;
  Lane photos;
  Lane receipts;
  Listener on_connect;
  Listener on_subscribe;
  Listener on_disconnect;
  Listener on_nudge;
  ::mqtt::async_client client;
  std::thread thread;
};

PahoBridge::Paho::Paho(const Settings& given, PahoBridge& owner)
    : bridge(owner),
      settings(given),
      notices(notices_queued_max, notices_in_flight_max, notices_in_flight_kib_max,
              [this](const auto& token, auto number, bool ok) {
                published(notices, Ticket::unpacked(number), outcome_of(token, ok));
              }),
      photos(photos_queued_max, photos_in_flight_max, photos_in_flight_kib_max,
             [this](const auto& token, auto number, bool ok) {
               published(photos, Ticket::unpacked(number), outcome_of(token, ok));
             }),
      receipts(receipts_queued_max, receipts_in_flight_max, receipts_in_flight_kib_max,
               [this](const auto& token, auto number, bool ok) {
                 published(receipts, Ticket::unpacked(number), outcome_of(token, ok));
               }),
      on_connect([this](const auto& token, auto number, bool ok) {
        ok ? bridge.events_.connected(number) : bridge.events_.connect_failed(number, explain(token));
      }),
      on_subscribe([this](const auto& token, auto number, bool ok) {
        bridge.events_.subscribed(number, ok && static_cast<int>(token.get_reason_code()) <= qos);
      }),
      on_disconnect([this](const auto&, auto, bool) { bridge.events_.disconnected(); }),
      on_nudge([](const auto&, auto, bool) {}),
      client(address_of(given.uri), given.client_id, ::mqtt::create_options(MQTTVERSION_5, paho_buffered_max),
             nullptr) {
  // Before the first connect: set_callback and its kin hold a lock around calls into Paho (paho.mqtt.cpp#356).
  client.set_connection_lost_handler(
      [this](const std::string& cause) { bridge.events_.lost(cause.empty() ? "connection lost" : cause); });
  client.set_message_callback([this](const ::mqtt::const_message_ptr& message) {
    if (message) {
      bridge.arrived(incoming_of(message));
    }
  });
}

void PahoBridge::Paho::serve() {
  while (!bridge.stopping_.load(std::memory_order_acquire)) {
    if (!run_one()) {
      wait_for_work();
    }
  }
}

void PahoBridge::Paho::wait_for_work() {
  const auto is_called = [this] { return bridge.is_called_; };
  std::unique_lock lock(bridge.called_mutex_);
  for (auto patience = nudge_after_min; !bridge.is_called_ && patience < nudge_after_max && in_flight() > 0;) {
    const std::uint64_t before = settled();
    const bool called = bridge.called_.wait_for(lock, patience, is_called);
    if (called || settled() != before) {
      patience = nudge_after_min;
      continue;
    }
    lock.unlock();
    nudge();
    lock.lock();
    patience *= 2;
  }
  bridge.called_.wait(lock, is_called);
  bridge.is_called_ = false;
}

// Any command would wake it; this one changes nothing at the broker.
void PahoBridge::Paho::nudge() {
  try {
    client.unsubscribe(settings.prefix + "/none", nullptr, on_nudge);
  } catch (const std::exception&) {
    // Not connected: then there is nothing to be sent.
  }
}

// What people have to know goes first, then what it looks like, then who has been heard.
bool PahoBridge::Paho::run_one() {
  if (commands.consume_one([](const Command& command) { command(); }) || hand_over(notices)) {
    return true;
  }
  const bool notices_are_out =
      notices.ring.read_available() == 0 && notices.window.is_down_to(notices_before_photos_max);
  if (notices_are_out && hand_over(photos)) {
    return true;
  }
  if (!hand_over(receipts)) {
    return false;
  }
  const bool few = receipts.ring.read_available() <= receipts_waiting_max / 2;
  if (few && bridge.receipts_awaited_.exchange(false, std::memory_order_acq_rel)) {
    bridge.events_.receipts_flow();
  }
  return true;
}

bool PahoBridge::Paho::hand_over(Lane& lane) {
  const auto is_withdrawn = [](const Handover& first) { return first.passage && first.passage->is_withdrawn(); };
  while (lane.ring.read_available() != 0 && is_withdrawn(lane.ring.front())) {
    lane.ring.pop();
  }
  if (lane.ring.read_available() == 0 || !lane.window.has_room()) {
    return false;
  }
  Handover handover;
  lane.ring.pop(handover);
  if (handover.passage && !handover.passage->hand_over()) {
    return true;
  }
  const Ticket ticket{handover.operation, lane.window.open(handover.message->get_payload().size())};
  try {
    client.publish(handover.message, Listener::context(ticket.packed()), lane.listener);
  } catch (const ::mqtt::exception& refused) {
    published(lane, ticket, outcome_of_refusal(refused.get_return_code()));
  } catch (const std::exception&) {
    published(lane, ticket, core::DeliveryOutcome::unknown);
  }
  return true;
}

::mqtt::connect_options PahoBridge::Paho::options() const {
  ::mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  // Nothing is kept at the broker for a daemon that is away. What it owes us, stations repeat; what we owe it,
  // the ledger knows. A kept session would pile up acknowledgements nobody asks for, and have Paho send again,
  // after a recall, what was in flight before it.
  options.set_clean_start(true);
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(settings.keep_alive);
  options.set_connect_timeout(connect_timeout);
  options.set_max_inflight(paho_in_flight_max);
  options.set_properties({::mqtt::property(::mqtt::property::SESSION_EXPIRY_INTERVAL, 0),
                          ::mqtt::property(::mqtt::property::RECEIVE_MAXIMUM, receive_maximum)});
  if (!settings.ca_file.empty()) {
    ::mqtt::ssl_options tls;
    tls.set_trust_store(settings.ca_file);
    tls.set_key_store(settings.certificate_file);
    tls.set_private_key(settings.key_file);
    tls.set_enable_server_cert_auth(true);
    tls.set_verify(true);  // the server's name too
    options.set_ssl(std::move(tls));
  }
  return options;
}

void PahoBridge::Paho::connect(std::uint64_t attempt) {
  try {
    // Named and alive over the call, or the properties are lost (paho.mqtt.cpp#362).
    const ::mqtt::connect_options connect_options = options();
    client.connect(connect_options, Listener::context(attempt), on_connect);
  } catch (const std::exception& refused) {
    bridge.events_.connect_failed(attempt, refused.what());
  }
}

// One filter each: with several, the options do not survive their way into Paho's C (paho.mqtt.cpp#524).
void PahoBridge::Paho::subscribe(const Filter& filter, std::uint64_t number) {
  try {
    const ::mqtt::subscribe_options subscribe_options(filter.no_local);
    client.subscribe(filter.filter, qos, Listener::context(number), on_subscribe, subscribe_options);
  } catch (const std::exception&) {
    bridge.events_.subscribed(number, false);
  }
}

void PahoBridge::Paho::disconnect() {
  try {
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(disconnect_deadline);
    client.disconnect(static_cast<int>(patience.count()) / 2, nullptr, on_disconnect);
  } catch (const std::exception&) {
    bridge.events_.disconnected();  // it was not connected
  }
}

std::uint32_t PahoBridge::Paho::in_flight() const {
  return notices.window.in_flight() + photos.window.in_flight() + receipts.window.in_flight();
}

std::uint64_t PahoBridge::Paho::settled() const {
  return notices.window.settled() + photos.window.settled() + receipts.window.settled();
}

void PahoBridge::Paho::published(Lane& lane, Ticket ticket, core::DeliveryOutcome outcome) {
  const bool is_awaited = lane.window.settle(ticket.pass);
  if (&lane != &receipts) {
    bridge.events_.published(ticket.operation, outcome);
  } else if (outcome != core::DeliveryOutcome::accepted) {
    bridge.receipts_lost_.fetch_add(1, std::memory_order_relaxed);
  }
  if (is_awaited) {
    bridge.wake();
  }
}

PahoBridge::PahoBridge(const Settings& settings, BridgeEvents& events)
    : events_(events),
      inbox_(inbox_messages_max, inbox_bytes_max),
      paho_(std::make_unique<Paho>(settings, *this)) {}

PahoBridge::~PahoBridge() {
  stopping_.store(true, std::memory_order_release);
  wake();
  if (paho_->thread.joinable()) {
    paho_->thread.join();
  }
  paho_.reset();  // ends Paho's callbacks before what they use goes
}

void PahoBridge::start() {
  paho_->thread = std::thread([paho = paho_.get()] { paho->serve(); });
}

void PahoBridge::connect(std::uint64_t attempt) {
  paho_->commands.push([paho = paho_.get(), attempt] { paho->connect(attempt); });
  wake();
}

void PahoBridge::subscribe(const Filter& filter, std::uint64_t number) {
  paho_->commands.push([paho = paho_.get(), filter, number] { paho->subscribe(filter, number); });
  wake();
}

void PahoBridge::disconnect() {
  paho_->commands.push([paho = paho_.get()] { paho->disconnect(); });
  wake();
}

void PahoBridge::publish(const Outgoing& message, std::uint64_t operation, std::shared_ptr<Passage> passage) {
  paho_->lane_of(message).ring.push(Paho::Handover{message_of(message), operation, std::move(passage)});
}

bool PahoBridge::has_room(const std::vector<Outgoing>& messages) const {
  const auto is_photo = [](const Outgoing& message) { return message.is_photo; };
  const auto photos = static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), is_photo));
  return photos <= paho_->photos.ring.write_available() &&
         messages.size() - photos <= paho_->notices.ring.write_available();
}

void PahoBridge::send_receipt(const Outgoing& message) {
  if (!paho_->receipts.ring.push(Paho::Handover{message_of(message), 0, nullptr})) {
    receipts_lost_.fetch_add(1, std::memory_order_relaxed);
  }
}

std::size_t PahoBridge::receipts_waiting() const {
  return paho_->receipts.ring.read_available();
}

std::size_t PahoBridge::receipts_in_flight() const {
  return paho_->receipts.window.in_flight();
}

void PahoBridge::begin_anew() {
  for (Paho::Lane* lane : {&paho_->notices, &paho_->photos, &paho_->receipts}) {
    lane->window.begin_anew();
  }
  wake();
}

void PahoBridge::look_after(ports::Clock::Steady now) {
  for (Paho::Lane* lane : {&paho_->notices, &paho_->photos, &paho_->receipts}) {
    lane->window.adapt();
    if (lane->window.is_stuck(now)) {
      lane->window.begin_anew();
      wake();
    }
  }
}

void PahoBridge::wake() {
  {
    const std::lock_guard lock(called_mutex_);
    is_called_ = true;
  }
  called_.notify_one();
}

void PahoBridge::arrived(Incoming message) noexcept {
  received_.fetch_add(1, std::memory_order_relaxed);
  const std::size_t bytes = message.payload.size();
  for (auto held = std::chrono::milliseconds{0}; !inbox_.push(message, bytes); held += hold_back_poll) {
    const bool hopeless = stopping_.load(std::memory_order_acquire) || !hold_.load(std::memory_order_acquire);
    if (hopeless || held >= hold_back_max) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      break;
    }
    std::this_thread::sleep_for(hold_back_poll);
  }
  if (inbox_.claim_wake()) {
    events_.messages();
  }
}

}  // namespace tuanyuan::mqtt
