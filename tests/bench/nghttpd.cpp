#include "bench/nghttpd.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include "adapters/crypto/pki.hpp"

namespace tuanyuan::bench {

Nghttpd::Nghttpd(std::size_t streams) : port_(free_port()) {
  const auto now = std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
  const crypto::Validity validity = crypto::valid_from(now, std::chrono::days(2));
  const auto authority = crypto::CertificateAuthority::make("bench CA", validity);
  const auto issued = authority.issue_server({"127.0.0.1"}, validity).value();
  write("ca.crt", authority.certificate());
  const std::vector<std::string> words = {"nghttpd",
                                          "-a",
                                          "127.0.0.1",
                                          "-d",
                                          folder_.path().string(),
                                          "-m",
                                          std::to_string(streams),
                                          std::to_string(port_),
                                          write("key", issued.key),
                                          write("crt", issued.certificate)};
  process_ = std::make_unique<ChildProcess>(words, "Debian: nghttp2-server");
  await_listener(port_);
}

std::string Nghttpd::write(const std::string& name, const std::string& text) const {
  const std::string path = folder_.file(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << text;
  return path;
}

}  // namespace tuanyuan::bench
