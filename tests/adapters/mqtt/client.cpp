#include "adapters/mqtt/client.hpp"

#include <mqtt/async_client.h>

#include <chrono>
#include <mutex>
#include <stdexcept>

namespace tuanyuan::mqtt::test {
namespace {

constexpr std::chrono::seconds patience{60};

}  // namespace

struct Client::Paho {
  Paho(const std::string& uri, const std::string& client_id)
      : client(uri, client_id, ::mqtt::create_options(MQTTVERSION_5, 1'000), nullptr) {}

  std::mutex mutex;
  std::vector<Received> received;
  ::mqtt::async_client client;  // goes first, and its callbacks with it
};

Client::Client(const Mosquitto& broker, const Identity& identity, const std::string& client_id)
    : paho_(std::make_unique<Paho>("ssl" + broker.uri().substr(5), client_id)) {
  paho_->client.set_message_callback([paho = paho_.get()](const ::mqtt::const_message_ptr& message) {
    Received one;
    one.topic = message->get_topic();
    one.payload = message->get_payload_str();
    one.retained = message->is_retained();
    if (message->get_properties().contains(::mqtt::property::CORRELATION_DATA)) {
      one.correlation_data =
          ::mqtt::get<std::string>(message->get_properties(), ::mqtt::property::CORRELATION_DATA);
    }
    const std::lock_guard lock(paho->mutex);
    paho->received.push_back(std::move(one));
  });
  ::mqtt::ssl_options tls;
  tls.set_trust_store(broker.ca_file());
  tls.set_key_store(identity.certificate);
  tls.set_private_key(identity.key);
  tls.set_enable_server_cert_auth(true);
  ::mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(true);
  options.set_ssl(std::move(tls));
  if (!paho_->client.connect(options)->wait_for(patience)) {
    throw std::runtime_error("no connection");
  }
}

Client::~Client() = default;

void Client::subscribe(const std::string& filter) {
  if (!paho_->client.subscribe(filter, 1)->wait_for(patience)) {
    throw std::runtime_error("no answer to SUBSCRIBE");
  }
}

int Client::publish(const std::string& topic, const std::string& payload, bool retained) {
  const auto token = paho_->client.publish(topic, payload.data(), payload.size(), 1, retained);
  try {
    if (!token->wait_for(patience)) {
      throw std::runtime_error("no answer to PUBLISH");
    }
  } catch (const ::mqtt::exception& refused) {
    return static_cast<int>(refused.get_reason_code());
  }
  return static_cast<int>(token->get_reason_code());
}

std::vector<Client::Received> Client::received() const {
  const std::lock_guard lock(paho_->mutex);
  return paho_->received;
}

std::size_t Client::count(const std::string& topic) const {
  std::size_t number = 0;
  for (const Received& one : received()) {
    number += one.topic == topic ? 1 : 0;
  }
  return number;
}

std::optional<std::string> Client::last(const std::string& topic) const {
  std::optional<std::string> payload;
  for (const Received& one : received()) {
    if (one.topic == topic) {
      payload = one.payload;
    }
  }
  return payload;
}

}  // namespace tuanyuan::mqtt::test
