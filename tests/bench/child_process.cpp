#include "bench/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace tuanyuan::bench {
namespace {

double cpu_seconds(const rusage& used) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) {
    all.push_back(word.data());
  }
  all.push_back(nullptr);
  return all;
}

}  // namespace

double cpu_seconds_used() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return cpu_seconds(used);
}

ChildProcess::ChildProcess(const std::vector<std::string>& words, const std::string& package)
    : ChildProcess(words, package, Options()) {}

ChildProcess::ChildProcess(const std::vector<std::string>& words, const std::string& package,
                           const Options& options)
    : name_(words.front()) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  output_ = pipe[0];
  std::vector<std::string> arguments = words;
  std::vector<std::string> environment;
  for (char** each = environ; *each != nullptr; ++each) {
    environment.emplace_back(*each);
  }
  for (const auto& [key, value] : options.environment) {
    environment.push_back(key + "=" + value);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  if (options.inherited >= 0) {
    posix_spawn_file_actions_adddup2(&actions, options.inherited, 3);
  }
  const int failed = ::posix_spawnp(&process_, name_.c_str(), &actions, nullptr, pointers(arguments).data(),
                                    pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (failed != 0) {
    ::close(output_);
    throw std::runtime_error(name_ + " cannot be started (" + package + ")");
  }
}

ChildProcess::~ChildProcess() {
  if (process_ > 0) {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(output_);
}

bool ChildProcess::listen(std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  pollfd watched{output_, POLLIN, 0};
  if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) {
    throw std::runtime_error(name_ + " took too long: " + said_);
  }
  std::array<char, 4'096> room{};
  const ssize_t size = ::read(output_, room.data(), room.size());
  said_.append(room.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return size > 0;
}

void ChildProcess::await_words(const std::string& wanted, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (said_.find(wanted) == std::string::npos) {
    if (!listen(until)) {
      throw std::runtime_error(name_ + " has ended: " + said_);
    }
  }
}

ChildProcess::Ended ChildProcess::await_end(std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (listen(until)) {
  }
  Ended ended;
  rusage used{};
  ::wait4(process_, &ended.status, 0, &used);
  process_ = -1;
  ended.cpu_seconds = cpu_seconds(used);
  ended.said = said_;
  return ended;
}

std::uint16_t free_port() {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor probe(context, {boost::asio::ip::address_v4::loopback(), 0});
  return probe.local_endpoint().port();
}

void await_listener(std::uint16_t port) {
  constexpr auto patience = std::chrono::seconds(10);
  const auto until = std::chrono::steady_clock::now() + patience;
  boost::asio::io_context context;
  while (std::chrono::steady_clock::now() < until) {
    boost::asio::ip::tcp::socket socket(context);
    boost::system::error_code failed;
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, failed);
    if (!failed) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

}  // namespace tuanyuan::bench
