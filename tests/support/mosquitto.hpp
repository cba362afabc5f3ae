#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "adapters/crypto/pki.hpp"

namespace tuanyuan::test {

/// A certificate and key on disk.
struct Identity {
  std::string certificate;
  std::string key;
};

/// Debian's mosquitto with our configuration, on a free loopback port, in a directory of its own. For tests and
/// benchmarks.
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
  /// A recipient's, without files.
  crypto::Issued issue_recipient(const std::string& id) const;
  const std::string& ca() const { return authority_.certificate(); }

  std::uint16_t port() const { return port_; }
  pid_t process() const { return process_; }
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

}  // namespace tuanyuan::test
