#include "support/mosquitto.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace tuanyuan::test {
namespace {

constexpr const char* program = "/usr/sbin/mosquitto";
constexpr std::chrono::seconds patience{60};

crypto::Validity for_a_day() {
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return crypto::valid_from(now, std::chrono::days(1));
}

std::filesystem::path new_folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "tuanyuan-broker-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("no directory");
  }
  return pattern;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  if (!bound) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  const bool connected = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return connected;
}

std::string read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

Mosquitto::Mosquitto()
    : folder_(new_folder()),
      port_(free_port()),
      validity_(for_a_day()),
      authority_(crypto::CertificateAuthority::make("test authority", validity_)) {
  std::ofstream(folder_ / "ca.crt") << authority_.certificate();
  write("server", authority_.issue_server({"localhost"}, validity_).value());
  write_acl("");
}

Mosquitto::~Mosquitto() {
  kill();
  std::filesystem::remove_all(folder_);
}

Identity Mosquitto::write(const std::string& name, const crypto::Issued& issued) const {
  Identity identity{folder_ / (name + ".crt"), folder_ / (name + ".key")};
  std::ofstream(identity.certificate) << issued.certificate;
  std::ofstream(identity.key) << issued.key;
  return identity;
}

Identity Mosquitto::recipient(const std::string& id) const {
  return write(id, issue_recipient(id));
}

crypto::Issued Mosquitto::issue_recipient(const std::string& id) const {
  return authority_.issue_recipient(core::RecipientId(id), validity_).value();
}

Identity Mosquitto::service(const std::string& name) const {
  return write(name, authority_.issue_service(name, validity_).value());
}

void Mosquitto::write_acl(const std::string& rules) const {
  std::ofstream(acl_file()) << rules;
}

std::string Mosquitto::configuration() const {
  std::string text = read(TUANYUAN_SOURCE_DIR "/deploy/mosquitto/mosquitto.conf.in");
  const std::pair<const char*, std::string> values[] = {
      {"@ADDRESS@", "127.0.0.1"},
      {"@PORT@", std::to_string(port_)},
      {"@CA@", ca_file()},
      {"@CERTIFICATE@", folder_ / "server.crt"},
      {"@KEY@", folder_ / "server.key"},
      {"@ACL@", acl_file()},
      {"@PID@", pid_file()},
      // Who runs the test: as root mosquitto would otherwise become somebody who cannot read this directory.
      {"@USER@", ::getuid() == 0 ? "root" : "nobody"},
  };
  for (const auto& [placeholder, value] : values) {
    replace_all(text, placeholder, value);
  }
  return text;
}

void Mosquitto::start() {
  const std::string file = folder_ / "mosquitto.conf";
  std::ofstream(file) << configuration();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string log_file = folder_ / "log";
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  }
  std::string arguments[] = {program, "-c", file};
  char* argv[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  const int failed = ::posix_spawn(&process_, program, &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw std::runtime_error("mosquitto cannot be started");
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!listens(port_)) {
    if (::waitpid(process_, nullptr, WNOHANG) != 0 || std::chrono::steady_clock::now() > deadline) {
      process_ = 0;
      throw std::runtime_error("mosquitto does not listen: " + log());
    }
    std::this_thread::yield();
  }
}

void Mosquitto::kill() {
  if (process_ != 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
}

std::string Mosquitto::uri(const std::string& host) const {
  return "mqtts://" + host + ":" + std::to_string(port_);
}

std::string Mosquitto::log() const {
  return read(folder_ / "log");
}

}  // namespace tuanyuan::test
