#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tuanyuan::bench {

/// Seconds of the processors, user and system, that this process has used.
double cpu_seconds_used();

/// Another program, with what it says on stdout and stderr. Ends with this object, by SIGTERM if it must. One
/// thread.
class ChildProcess {
 public:
  struct Options {
    std::vector<std::pair<std::string, std::string>> environment;  ///< beside this process's own
    int inherited = -1;  ///< a descriptor that becomes its number 3; -1: none
  };

  /// `words`: the program and its arguments. Throws when it cannot be started; `package` is where Debian has it.
  ChildProcess(const std::vector<std::string>& words, const std::string& package, const Options& options);
  ChildProcess(const std::vector<std::string>& words, const std::string& package);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Returns once it has said this. Throws when it ends, or says nothing of the kind in time.
  void await_words(const std::string& wanted, std::chrono::seconds patience);

  struct Ended {
    int status = 0;  ///< as waitpid has it; 0: well
    double cpu_seconds = 0;
    std::string said;
  };
  /// Returns when it has ended, with all that it has said. Throws when it does not end in time.
  Ended await_end(std::chrono::seconds patience);

 private:
  /// False: it says nothing more.
  bool listen(std::chrono::steady_clock::time_point until);

  std::string name_;
  pid_t process_ = -1;
  int output_ = -1;
  std::string said_;
};

/// A loopback port that nobody listens on.
std::uint16_t free_port();
/// Returns once somebody listens there; throws after 10 s. For programs that do not say so themselves.
void await_listener(std::uint16_t port);

}  // namespace tuanyuan::bench
