#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "bench/child_process.hpp"
#include "bench/temporary_folder.hpp"

namespace tuanyuan::bench {

/// Debian's nghttpd over TLS, which answers whatever its files are named like with 200 and no body.
class Nghttpd {
 public:
  /// `streams`: at once on a connection.
  explicit Nghttpd(std::size_t streams);

  std::uint16_t port() const { return port_; }
  std::string origin() const { return "https://127.0.0.1:" + std::to_string(port_); }
  std::string ca_file() const { return folder_.file("ca.crt"); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  /// Also what it answers, and for whoever calls it. Names may have folders.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace tuanyuan::bench
