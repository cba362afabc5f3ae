#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/crypto/pki.hpp"

namespace tuanyuan::mqtt::test {

/// A certificate and key on disk.
struct Identity {
  std::string certificate;
  std::string key;
};

/// Debian's mosquitto with our configuration, on a free loopback port, in a directory of its own.
class Mosquitto {
 public:
  Mosquitto();
  ~Mosquitto();
  Mosquitto(const Mosquitto&) = delete;
  Mosquitto& operator=(const Mosquitto&) = delete;

  /// Returns when it listens. What it had is forgotten: it keeps nothing on disk.
  void start();
  /// As a crash ends it.
  void kill();

  void write_acl(const std::string& rules) const;
  Identity recipient(const std::string& id) const;
  Identity service(const std::string& name) const;

  std::string uri(const std::string& host = "localhost") const;
  std::string ca_file() const { return folder_ / "ca.crt"; }
  std::string acl_file() const { return folder_ / "acl"; }
  std::string pid_file() const { return folder_ / "broker.pid"; }
  std::string log() const;

 private:
  std::string configuration() const;
  Identity write(const std::string& name, const crypto::Issued& issued) const;

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  crypto::Validity validity_;
  crypto::CertificateAuthority authority_;
  pid_t process_ = 0;
};

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
