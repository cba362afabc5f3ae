#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/mosquitto.hpp"

namespace tuanyuan::mqtt::test {

using tuanyuan::test::Identity;
using tuanyuan::test::Mosquitto;

/// Some client of that broker. Calls block; what arrives is kept.
class Client {
 public:
  struct Received {
    std::string topic;
    std::string payload;
    std::string correlation_data;
    bool retained = false;
  };

  /// Throws when it cannot connect.
  Client(const Mosquitto& broker, const Identity& identity, const std::string& client_id);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void subscribe(const std::string& filter);
  /// The broker's reason code.
  int publish(const std::string& topic, const std::string& payload, bool retained = false);
  std::vector<Received> received() const;
  std::size_t count(const std::string& topic) const;
  std::optional<std::string> last(const std::string& topic) const;

 private:
  struct Paho;
  std::unique_ptr<Paho> paho_;
};

}  // namespace tuanyuan::mqtt::test
