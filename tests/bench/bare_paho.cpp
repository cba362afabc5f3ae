#include "bench/bare_paho.hpp"

#include <mqtt/async_client.h>

#include <stdexcept>

#include "bench/bench.hpp"

namespace tuanyuan::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds connect_patience{30};
constexpr int buffered_max = 200'000;
constexpr int qos = 1;
/// The daemon's own, so that whoever comes next ends what the broker may still hold for the one before: two in one
/// shared subscription would take turns.
const std::string client_id = "tuanyuand";
const std::string base = "tuanyuan/v1/";
const std::string acknowledgements = base + "acknowledgements/";

::mqtt::connect_options options(const test::Mosquitto& broker, const test::Identity& identity) {
  ::mqtt::ssl_options tls;
  tls.set_trust_store(broker.ca_file());
  tls.set_key_store(identity.certificate);
  tls.set_private_key(identity.key);
  tls.set_enable_server_cert_auth(true);
  tls.set_verify(true);
  ::mqtt::connect_options made;
  made.set_mqtt_version(MQTTVERSION_5);
  made.set_clean_start(true);
  made.set_max_inflight(65'535);
  made.set_ssl(std::move(tls));
  return made;
}

std::string address(const test::Mosquitto& broker) {
  return "ssl" + broker.uri().substr(5);
}

::mqtt::const_message_ptr message_of(const mqtt5::Publish& publish) {
  ::mqtt::properties properties;
  if (!publish.properties.content_type.empty()) {
    properties.add(::mqtt::property(::mqtt::property::CONTENT_TYPE, publish.properties.content_type));
  }
  if (publish.properties.message_expiry_s) {
    const auto seconds = static_cast<std::int32_t>(*publish.properties.message_expiry_s);
    properties.add(::mqtt::property(::mqtt::property::MESSAGE_EXPIRY_INTERVAL, seconds));
  }
  const auto message = ::mqtt::message::create(publish.topic, publish.payload, qos, publish.retain);
  message->set_properties(std::move(properties));
  return message;
}

void disconnect(::mqtt::async_client& client) {
  try {
    client.disconnect()->wait_for(connect_patience);
  } catch (const ::mqtt::exception&) {
    // It was not connected any more.
  }
}

}  // namespace

struct PahoPublisher::Paho {
  explicit Paho(const std::string& uri)
      : client(uri, client_id, ::mqtt::create_options(MQTTVERSION_5, buffered_max), nullptr) {}
  ::mqtt::async_client client;
  std::vector<::mqtt::delivery_token_ptr> sent;
};

PahoPublisher::PahoPublisher(const test::Mosquitto& broker, const test::Identity& identity)
    : paho_(std::make_unique<Paho>(address(broker))) {
  const ::mqtt::connect_options connect_options = options(broker, identity);
  if (!paho_->client.connect(connect_options)->wait_for(connect_patience)) {
    throw std::runtime_error("the bare Paho publisher cannot connect");
  }
}

PahoPublisher::~PahoPublisher() {
  disconnect(paho_->client);
}

void PahoPublisher::publish(const std::vector<mqtt5::Publish>& messages) {
  for (const mqtt5::Publish& message : messages) {
    paho_->sent.push_back(paho_->client.publish(message_of(message)));
  }
}

void PahoPublisher::settle() {
  for (const auto& token : paho_->sent) {
    token->wait_for(connect_patience);
  }
  paho_->sent.clear();
}

struct BarePaho::Paho {
  Paho(const std::string& uri, Does what, std::string with)
      : does(what),
        answer(std::make_shared<const std::string>(std::move(with))),
        client(uri, client_id, ::mqtt::create_options(MQTTVERSION_5, buffered_max), nullptr) {}

  void arrived(const ::mqtt::const_message_ptr& message) {
    if (does == Does::answers) {
      const std::string topic = base + "receipts/" + message->get_topic().substr(acknowledgements.size());
      client.publish(::mqtt::message::create(topic, ::mqtt::binary_ref(answer), qos, false));
    }
    last.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    if (++taken == wanted) {
      enough.reach();
    }
  }

  Does does;
  std::shared_ptr<const std::string> answer;
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> wanted{0};
  Milestone enough;
  std::atomic<Clock::rep> last{0};
  ::mqtt::async_client client;  // goes first, and its callbacks with it
};

BarePaho::BarePaho(const test::Mosquitto& broker, const test::Identity& identity, Does does, std::string answer)
    : paho_(std::make_unique<Paho>(address(broker), does, std::move(answer))) {
  paho_->client.set_message_callback([paho = paho_.get()](const ::mqtt::const_message_ptr& message) {
    if (message) {
      paho->arrived(message);
    }
  });
  const ::mqtt::connect_options connect_options = options(broker, identity);
  if (!paho_->client.connect(connect_options)->wait_for(connect_patience) ||
      !paho_->client.subscribe("$share/tuanyuan/" + acknowledgements + "+", qos)->wait_for(connect_patience)) {
    throw std::runtime_error("the bare Paho client cannot connect");
  }
}

BarePaho::~BarePaho() {
  disconnect(paho_->client);
}

Clock::time_point BarePaho::await(std::uint64_t messages, std::chrono::seconds patience) {
  paho_->enough.reset();
  paho_->wanted = messages;
  if (paho_->taken < messages && !paho_->enough.await(patience)) {
    throw std::runtime_error("the bare Paho client took only " + std::to_string(paho_->taken.load()) + " of " +
                             std::to_string(messages) + " messages in time");
  }
  return Clock::time_point(Clock::duration(paho_->last.load()));
}

}  // namespace tuanyuan::bench
