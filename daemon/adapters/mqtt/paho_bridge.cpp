#include "adapters/mqtt/paho_bridge.hpp"

#include <mqtt/async_client.h>

#include <boost/lockfree/spsc_queue.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt {
namespace {

constexpr std::size_t commands_queued_max = 64;
constexpr int qos = 1;
constexpr std::chrono::milliseconds hold_back_poll{1};

std::string explain(const ::mqtt::token& token) {
  return "Paho code " + std::to_string(token.get_return_code()) + ", reason " +
         std::to_string(static_cast<int>(token.get_reason_code()));
}

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

std::string address_of(std::string uri) {
  // Paho 1.3.12 knows the schemes by their older names only.
  if (uri.starts_with("mqtts://")) {
    return "ssl://" + uri.substr(8);
  }
  if (uri.starts_with("mqtt://")) {
    return "tcp://" + uri.substr(7);
  }
  return uri;
}

::mqtt::const_message_ptr message_of(const Outgoing& outgoing) {
  ::mqtt::properties properties;
  if (!outgoing.content_type.empty()) {
    properties.add(::mqtt::property(::mqtt::property::CONTENT_TYPE, outgoing.content_type));
  }
  if (!outgoing.correlation_data.empty()) {
    properties.add(::mqtt::property(::mqtt::property::CORRELATION_DATA, outgoing.correlation_data));
  }
  if (outgoing.expiry_s != 0) {
    const auto seconds = static_cast<std::int32_t>(outgoing.expiry_s);
    properties.add(::mqtt::property(::mqtt::property::MESSAGE_EXPIRY_INTERVAL, seconds));
  }
  ::mqtt::binary_ref payload = outgoing.payload ? ::mqtt::binary_ref(outgoing.payload) : ::mqtt::binary_ref("");
  const auto message = ::mqtt::message::create(outgoing.topic, std::move(payload), qos, outgoing.retain);
  if (!properties.empty()) {
    message->set_properties(std::move(properties));
  }
  return message;
}

std::string text_of(const MQTTLenString& text) {
  return text.data != nullptr ? std::string(text.data, static_cast<std::size_t>(text.len)) : std::string();
}

std::string text_property(MQTTProperties& properties, MQTTPropertyCodes code) {
  const MQTTProperty* property = MQTTProperties_getProperty(&properties, code);
  return property != nullptr ? text_of(property->value.data) : std::string();
}

bool has_user_property(MQTTProperties& properties, std::string_view name, std::string_view value) {
  const int count = MQTTProperties_propertyCount(&properties, MQTTPROPERTY_CODE_USER_PROPERTY);
  for (int i = 0; i < count; ++i) {
    const MQTTProperty* property = MQTTProperties_getPropertyAt(&properties, MQTTPROPERTY_CODE_USER_PROPERTY, i);
    if (property != nullptr && text_of(property->value.data) == name && text_of(property->value.value) == value) {
      return true;
    }
  }
  return false;
}

Incoming incoming_of(const ::mqtt::const_message_ptr& message) {
  Incoming incoming;
  incoming.topic = message->get_topic();
  incoming.payload = message->get_payload_str();
  incoming.keep = message;
  // Paho's C++ copies a property to read it; its C does not, but lacks const.
  auto& properties = const_cast<MQTTProperties&>(message->get_properties().c_struct());
  if (properties.count > 0) {
    incoming.response_topic = text_property(properties, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
    incoming.correlation_data = text_property(properties, MQTTPROPERTY_CODE_CORRELATION_DATA);
    incoming.wants_batch = has_user_property(properties, "receipts", "batch");
  }
  return incoming;
}

/// What a publish that Paho did not even take means. Not connected, full: another time. Anything else is in the
/// message itself (a topic that is no UTF-8), and stays.
core::DeliveryOutcome outcome_of_refusal(int code) {
  switch (code) {
    case MQTTASYNC_BAD_UTF8_STRING:
    case MQTTASYNC_NULL_PARAMETER:
    case MQTTASYNC_BAD_STRUCTURE:
    case MQTTASYNC_BAD_QOS:
      return core::DeliveryOutcome::rejected;
    default:
      return core::DeliveryOutcome::retry;
  }
}

}  // namespace

std::uint32_t ReceiptCount::add() {
  return static_cast<std::uint32_t>(state_.fetch_add(1, std::memory_order_acq_rel) >> 32U);
}

bool ReceiptCount::settle(std::uint32_t connection) {
  settled_.fetch_add(1, std::memory_order_relaxed);
  std::uint64_t state = state_.load(std::memory_order_acquire);
  do {
    if (static_cast<std::uint32_t>(state >> 32U) != connection || static_cast<std::uint32_t>(state) == 0) {
      return false;
    }
  } while (!state_.compare_exchange_weak(state, state - 1, std::memory_order_acq_rel));
  return true;
}

void ReceiptCount::begin_anew() {
  std::uint64_t state = state_.load(std::memory_order_acquire);
  while (!state_.compare_exchange_weak(state, ((state >> 32U) + 1) << 32U, std::memory_order_acq_rel)) {
  }
}

struct PahoBridge::Paho {
  struct Handover {
    ::mqtt::const_message_ptr message;
    std::uint64_t number = 0;  ///< of the operation; a receipt has none until it is handed over
  };
  using Command = std::function<void()>;

  Paho(const Settings& given, PahoBridge& owner);

  void serve();
  void run(const Handover& handover, Listener& listener);
  bool run_one();
  void connect(std::uint64_t attempt);
  void subscribe(const Filter& filter, std::uint64_t number);
  void disconnect();
  ::mqtt::connect_options options() const;

  // What Paho answers, on its threads.
  void published(const ::mqtt::token& token, std::uint64_t operation, bool succeeded);

  PahoBridge& bridge;
  Settings settings;
  boost::lockfree::spsc_queue<Command> commands{commands_queued_max};
  boost::lockfree::spsc_queue<Handover> urgent{urgent_queued_max};
  boost::lockfree::spsc_queue<Handover> receipts{receipts_queued_max};
  Listener on_publish;
  Listener on_receipt;
  Listener on_connect;
  Listener on_subscribe;
  Listener on_disconnect;
  ::mqtt::async_client client;
  std::thread thread;
};

PahoBridge::Paho::Paho(const Settings& given, PahoBridge& owner)
    : bridge(owner),
      settings(given),
      on_publish([this](const auto& token, auto number, bool ok) { published(token, number, ok); }),
      on_receipt([this](const auto&, auto number, bool ok) {
        bridge.receipt_settled(static_cast<std::uint32_t>(number), ok);
      }),
      on_connect([this](const auto& token, auto number, bool ok) {
        ok ? bridge.events_.connected(number) : bridge.events_.connect_failed(number, explain(token));
      }),
      on_subscribe([this](const auto& token, auto number, bool ok) {
        bridge.events_.subscribed(number, ok && static_cast<int>(token.get_reason_code()) <= qos);
      }),
      on_disconnect([this](const auto&, auto, bool) { bridge.events_.disconnected(); }),
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
  for (;;) {
    const std::uint32_t seen = bridge.calls_.load(std::memory_order_acquire);
    if (bridge.stopping_.load(std::memory_order_acquire)) {
      return;
    }
    while (run_one()) {
      if (bridge.stopping_.load(std::memory_order_acquire)) {
        return;
      }
    }
    bridge.calls_.wait(seen, std::memory_order_acquire);
  }
}

bool PahoBridge::Paho::run_one() {
  if (commands.consume_one([](const Command& command) { command(); })) {
    return true;
  }
  Handover handover;
  const auto take = [&handover](Handover& item) { handover = std::move(item); };
  if (urgent.consume_one(take)) {
    run(handover, on_publish);
    return true;
  }
  if (bridge.may_hand_over_receipt() && receipts.consume_one(take)) {
    handover.number = bridge.receipts_.add();
    run(handover, on_receipt);
    const bool few = receipts.read_available() <= receipts_waiting_max / 2;
    if (few && bridge.receipts_awaited_.exchange(false, std::memory_order_acq_rel)) {
      bridge.events_.receipts_flow();
    }
    return true;
  }
  return false;
}

void PahoBridge::Paho::run(const Handover& handover, Listener& listener) {
  core::DeliveryOutcome outcome = core::DeliveryOutcome::retry;
  try {
    client.publish(handover.message, Listener::context(handover.number), listener);
    return;
  } catch (const ::mqtt::exception& refused) {
    outcome = outcome_of_refusal(refused.get_return_code());
  } catch (const std::exception&) {
    outcome = core::DeliveryOutcome::unknown;
  }
  if (&listener == &on_receipt) {
    bridge.receipt_settled(static_cast<std::uint32_t>(handover.number), false);
  } else {
    bridge.events_.published(handover.number, outcome);
  }
}

::mqtt::connect_options PahoBridge::Paho::options() const {
  ::mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  // Nothing is kept at the broker for a daemon that is away. What it owes us, stations repeat; what we owe it,
  // the ledger knows. A kept session would pile up acknowledgements nobody asks for, and have Paho send again,
  // after a recall, what was in flight before it.
  options.set_clean_start(true);
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(keep_alive);
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

void PahoBridge::Paho::published(const ::mqtt::token& token, std::uint64_t operation, bool succeeded) {
  const int reason = static_cast<int>(token.get_reason_code());
  core::DeliveryOutcome outcome = outcome_of_reason(reason);
  if (!succeeded && outcome == core::DeliveryOutcome::accepted) {
    outcome = core::DeliveryOutcome::unknown;  // the connection ended first
  }
  bridge.events_.published(operation, outcome);
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

void PahoBridge::publish(const Outgoing& message, std::uint64_t operation) {
  paho_->urgent.push(Paho::Handover{message_of(message), operation});
}

std::size_t PahoBridge::urgent_room() const {
  return paho_->urgent.write_available();
}

void PahoBridge::send_receipt(const Outgoing& message) {
  if (!paho_->receipts.push(Paho::Handover{message_of(message), 0})) {
    receipts_lost_.fetch_add(1, std::memory_order_relaxed);
  }
}

std::size_t PahoBridge::receipts_waiting() const {
  return paho_->receipts.read_available();
}

void PahoBridge::forget_receipts() {
  receipts_.begin_anew();
  wake();
}

// Our thread. Where it may not, the PUBACKs wake it when half of those in flight are settled; it looks again after
// it has said that it waits, because the last of them may have come in between.
bool PahoBridge::may_hand_over_receipt() {
  if (receipts_.in_flight() < receipts_in_flight_max) {
    return true;
  }
  receipts_throttled_.store(true, std::memory_order_seq_cst);
  return receipts_.in_flight() <= receipts_in_flight_max / 2;
}

void PahoBridge::wake() {
  calls_.fetch_add(1, std::memory_order_release);
  calls_.notify_one();
}

void PahoBridge::receipt_settled(std::uint32_t connection, bool taken) noexcept {
  if (!taken) {
    receipts_lost_.fetch_add(1, std::memory_order_relaxed);
  }
  const bool flows = receipts_.settle(connection) && receipts_.in_flight() <= receipts_in_flight_max / 2;
  if (flows && receipts_throttled_.load(std::memory_order_seq_cst) && receipts_throttled_.exchange(false)) {
    wake();
  }
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
