#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <thread>

#include "runtime/entropy.hpp"
#include "runtime/system_clock.hpp"
#include "tools/ctl/command_line.hpp"

namespace {

std::size_t columns_of_terminal() {
  constexpr std::size_t usual = 100;
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : usual;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  tuanyuan::runtime::SystemClock clock;
  tuanyuan::runtime::OsEntropy entropy;
  tuanyuan::ctl::World world{std::cin,
                             std::cout,
                             std::cerr,
                             isatty(STDERR_FILENO) == 1,
                             columns_of_terminal(),
                             tuanyuan::ctl::make_http_client,
                             [&] { return clock.wall_now(); },
                             [] { return std::chrono::steady_clock::now(); },
                             [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); },
                             [&] { return entropy.uuid(clock.wall_now()); }};
  return tuanyuan::ctl::run({argv + 1, argv + argc}, world, TUANYUAN_VERSION);
}
