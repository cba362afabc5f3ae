#include "adapters/mqtt/acl_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "adapters/mqtt/acl.hpp"
#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt {
namespace {

constexpr mode_t owner_and_group = 0640;  // names who is alerted: not for everybody

core::Refusal unavailable() {
  return core::Refusal(core::Errc::unavailable);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  return true;
}

bool replace_file(const std::string& file, std::string_view text) {
  const std::string beside = file + ".new";
  {
    const Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_and_group));
    if (!out.ok() || !write_all(out.get(), text) || ::fsync(out.get()) != 0) {
      return false;
    }
  }
  return ::rename(beside.c_str(), file.c_str()) == 0;
}

}  // namespace

int process_of(const std::string& pid_file, const std::string& program) {
  int pid = 0;
  std::ifstream(pid_file) >> pid;
  if (pid <= 1) {
    return 0;
  }
  std::string name;
  std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
  std::getline(comm, name);
  return name == program ? pid : 0;
}

AclFile::AclFile(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Log& log, AclSettings settings,
                 Directory directory)
    : clock_(clock),
      log_(log),
      settings_(std::move(settings)),
      topics_(settings_.prefix),
      directory_(std::move(directory)),
      changed_(std::move(executor)) {}

boost::asio::awaitable<void> AclFile::keep() {
  for (;;) {
    const auto written = co_await write();
    if (!written) {
      log_.error("broker.acl_not_written");
      co_await clock_.sleep_until(clock_.steady_now() + back_off_max);
      continue;
    }
    co_await changed_.wait();
    co_await clock_.sleep_until(clock_.steady_now() + acl_delay);
  }
}

boost::asio::awaitable<core::Result<void>> AclFile::write() {
  std::string text = acl_rules_for_all(topics_, settings_.daemon_user);
  Visitor append = [&text, this](const core::Recipient& recipient) { append_acl_rules(recipient, topics_, text); };
  auto reading = directory_(std::move(append));
  const bool read = co_await std::move(reading);
  if (!read) {
    co_return unavailable();
  }
  const std::size_t hash = std::hash<std::string>{}(text);
  if (hash == written_hash_) {
    co_return core::Result<void>();
  }
  if (!replace_file(settings_.file, text)) {
    co_return unavailable();
  }
  written_hash_ = hash;
  tell_broker();
  co_return core::Result<void>();
}

void AclFile::tell_broker() {
  if (settings_.broker_pid_file.empty()) {
    return;
  }
  const int pid = process_of(settings_.broker_pid_file, "mosquitto");
  if (pid == 0 || ::kill(pid, SIGHUP) != 0) {
    log_.warning("broker.acl_not_announced");
  } else {
    log_.info("broker.acl_written");
  }
}

}  // namespace tuanyuan::mqtt
