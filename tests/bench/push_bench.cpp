// Pushes: our HTTP/2 client beside h2load, on the same nghttpd, over the same bytes.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <thread>

#include "adapters/crypto/pki.hpp"
#include "adapters/push/h2_client.hpp"
#include "bench/bench.hpp"
#include "bench/temporary_folder.hpp"
#include "ports/log.hpp"
#include "runtime/system_clock.hpp"

extern char** environ;

namespace tuanyuan::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t runs_of_each = 5;
constexpr std::size_t pushes = 100'000;
constexpr std::size_t in_flight = 1'000;
constexpr std::size_t paths = 1'000;  ///< different ones, as devices have
constexpr std::size_t body_bytes = 400;

std::string path_of(std::size_t index) {
  return "/push?" + std::to_string(1'000'000 + index % paths);
}
const std::string& bearer() {
  static const std::string text = "bearer " + std::string(180, 'x');
  return text;
}

double cpu_seconds(const rusage& used) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

pid_t start(std::vector<std::string> words, const std::string& output) {
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t process = 0;
  const int failed = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw std::runtime_error(words[0] + " cannot be started (Debian: nghttp2-server, nghttp2-client)");
  }
  return process;
}

/// Debian's nghttpd, which answers every push with 200 and no body.
class Server {
 public:
  Server() {
    const auto now = std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
    const auto authority =
        crypto::CertificateAuthority::make("bench CA", crypto::valid_from(now, std::chrono::days(2)));
    const auto issued =
        authority.issue_server({"127.0.0.1"}, crypto::valid_from(now, std::chrono::days(2))).value();
    write("ca.crt", authority.certificate());
    write("key", issued.key);
    write("crt", issued.certificate);
    write("push", "");
    port_ = free_port();
    process_ = start({"nghttpd", "-a", "127.0.0.1", "-d", folder_.path().string(), "-m", std::to_string(in_flight),
                      std::to_string(port_), folder_.file("key"), folder_.file("crt")},
                     folder_.file("nghttpd.out"));
    wait_until_it_listens();
  }
  ~Server() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }
  std::string file(const std::string& name) const { return folder_.file(name); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_.file(name)) << text; }

 private:
  static std::uint16_t free_port() {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor probe(context, {boost::asio::ip::address_v4::loopback(), 0});
    return probe.local_endpoint().port();
  }
  void wait_until_it_listens() const {
    boost::asio::io_context context;
    for (int tries = 0; tries < 500; ++tries) {
      boost::asio::ip::tcp::socket socket(context);
      boost::system::error_code failed;
      socket.connect({boost::asio::ip::address_v4::loopback(), port_}, failed);
      if (!failed) {
        return;
      }
      std::this_thread::sleep_for(10ms);
    }
    throw std::runtime_error("nghttpd does not listen");
  }

  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = 0;
};

struct Measured {
  double rate = 0;              ///< pushes a second
  double cpu_microseconds = 0;  ///< of the client, for each
};

Measured measured(double took, double cpu) {
  return {static_cast<double>(pushes) / took, cpu * 1e6 / static_cast<double>(pushes)};
}

Measured by_h2load(const Server& server) {
  std::string uris;
  for (std::size_t index = 0; index < paths; ++index) {
    uris += "https://127.0.0.1:" + std::to_string(server.port()) + path_of(index) + "\n";
  }
  server.write("uris", uris);
  server.write("body", std::string(body_bytes, 'b'));
  const std::string output = server.file("h2load.out");
  const pid_t process = start({"h2load", "-n", std::to_string(pushes), "-c", "1", "-m", std::to_string(in_flight),
                               "-t", "1", "-d", server.file("body"), "-H", "authorization: " + bearer(), "-H",
                               "apns-topic: org.example.tuanyuan", "-i", server.file("uris")},
                              output);
  int status = 0;
  rusage used{};
  ::wait4(process, &status, 0, &used);
  std::ifstream file(output);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::smatch took;
  static const std::regex finished(R"(finished in ([0-9.]+)(ms|s), )");
  static const std::regex all_well(R"(status codes: (\d+) 2xx)");
  std::smatch well;
  if (status != 0 || !std::regex_search(text, took, finished) || !std::regex_search(text, well, all_well) ||
      std::stoul(well[1]) != pushes) {
    throw std::runtime_error("h2load: " + text);
  }
  return measured(std::stod(took[1]) * (took[2] == "ms" ? 1e-3 : 1), cpu_seconds(used));
}

class NoLog final : public ports::Log {
 public:
  void write(ports::Severity, std::string_view, Fields) override {}
};
class NoResolver final : public push::Resolver {
 public:
  boost::asio::awaitable<std::vector<boost::asio::ip::address>> resolve(std::string) override {
    co_return std::vector<boost::asio::ip::address>();
  }
};

struct Burst {
  push::H2Client& client;
  runtime::SystemClock& clock;
  push::Url url;
  std::size_t begun = 0;
  std::size_t accepted = 0;
};

/// One of so many in flight: the next as soon as the last is answered.
boost::asio::awaitable<void> send_on(Burst& burst) {
  while (burst.begun < pushes) {
    push::HttpRequest request;
    request.url = burst.url;
    request.url.target = path_of(burst.begun++);
    request.fields.emplace_back("authorization", bearer());
    request.fields.emplace_back("apns-topic", "org.example.tuanyuan");
    request.body.assign(body_bytes, 'b');
    request.deadline = burst.clock.steady_now() + 15s;
    auto asking = burst.client.request(std::move(request));
    const push::HttpResult result = co_await std::move(asking);
    burst.accepted += result.outcome == push::HttpResult::Outcome::answered && result.status == 200 ? 1 : 0;
  }
}

Measured by_us(const Server& server) {
  boost::asio::io_context context{1};
  runtime::SystemClock clock;
  NoLog log;
  NoResolver resolver;
  push::H2Limits limits;
  limits.connections_max = 1;
  limits.session.streams_max = in_flight;
  push::H2Client client(context.get_executor(), clock, log, resolver,
                        push::AddressGuard({push::parse_network("127.0.0.0/8").value()}),
                        push::make_tls_context(server.file("ca.crt")), limits);
  Burst burst{client, clock, push::parse_url("https://127.0.0.1:" + std::to_string(server.port()) + "/").value()};
  std::size_t running = in_flight;
  for (std::size_t count = 0; count < in_flight; ++count) {
    boost::asio::co_spawn(context, send_on(burst), [&running, &context](std::exception_ptr) {
      if (--running == 0) {
        context.stop();
      }
    });
  }
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  const double took = seconds([&context] { context.run(); });
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  if (burst.accepted != pushes) {
    throw std::runtime_error("of " + std::to_string(pushes) + " pushes " + std::to_string(burst.accepted) +
                             " were accepted");
  }
  return measured(took, cpu_seconds(after) - cpu_seconds(before));
}

std::vector<Figure> push_bare() {
  const Server server;
  std::vector<double> our_cpu;
  std::vector<double> their_cpu;
  const Pairs pairs = interleave(
      runs_of_each,
      [&] {
        const Measured one = by_us(server);
        our_cpu.push_back(one.cpu_microseconds);
        return one.rate;
      },
      [&] {
        const Measured one = by_h2load(server);
        their_cpu.push_back(one.cpu_microseconds);
        return one.rate;
      });
  Figure figure;
  figure.bench = "push_bare";
  figure.ours = median(pairs.ours);
  figure.reference = median(pairs.reference);
  figure.reference_is = "h2load on the same nghttpd, one connection with as many streams";
  figure.unit = "pushes/s";
  figure.goal = Goal::ratio_at_least(0.7);
  figure.more = {{"cpu_us", median(our_cpu)}, {"reference_cpu_us", median(their_cpu)}};
  return {figure};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  return tuanyuan::bench::run_benches(argc, argv, {{"push_bare", tuanyuan::bench::push_bare}});
}
