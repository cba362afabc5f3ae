// Pushes: our HTTP/2 client beside h2load, on the same nghttpd, over the same bytes.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <stdexcept>

#include "adapters/push/h2_client.hpp"
#include "bench/bench.hpp"
#include "bench/child_process.hpp"
#include "bench/h2load.hpp"
#include "bench/nghttpd.hpp"
#include "ports/log.hpp"
#include "runtime/system_clock.hpp"

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

H2Load load() {
  H2Load load;
  load.requests = pushes;
  load.in_flight = in_flight;
  for (std::size_t index = 0; index < paths; ++index) {
    load.paths.push_back(path_of(index));
  }
  load.fields = {{"authorization", bearer()}, {"apns-topic", "org.example.tuanyuan"}};
  load.body = std::string(body_bytes, 'b');
  return load;
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

PushRate by_us(const Nghttpd& server) {
  boost::asio::io_context context{1};
  runtime::SystemClock clock;
  NoLog log;
  NoResolver resolver;
  push::H2Limits limits;
  limits.connections_max = 1;
  limits.session.streams_max = in_flight;
  push::H2Client client(context.get_executor(), clock, log, resolver,
                        push::AddressGuard({push::parse_network("127.0.0.0/8").value()}),
                        push::make_tls_context(server.ca_file()), limits);
  Burst burst{client, clock, push::parse_url(server.origin() + "/").value()};
  std::size_t running = in_flight;
  for (std::size_t count = 0; count < in_flight; ++count) {
    boost::asio::co_spawn(context, send_on(burst), [&running, &context](std::exception_ptr) {
      if (--running == 0) {
        context.stop();
      }
    });
  }
  const double cpu_before = cpu_seconds_used();
  const double took = seconds([&context] { context.run(); });
  const double cpu = cpu_seconds_used() - cpu_before;
  if (burst.accepted != pushes) {
    throw std::runtime_error("of " + std::to_string(pushes) + " pushes " + std::to_string(burst.accepted) +
                             " were accepted");
  }
  return push_rate(pushes, took, cpu);
}

std::vector<Figure> push_bare() {
  const Nghttpd server(in_flight);
  server.write("push", "");
  const H2Load theirs = load();
  std::vector<double> our_cpu;
  std::vector<double> their_cpu;
  const Pairs pairs = interleave(
      runs_of_each,
      [&] {
        const PushRate one = by_us(server);
        our_cpu.push_back(one.cpu_microseconds);
        return one.per_second;
      },
      [&] {
        const PushRate one = run_h2load(server, theirs);
        their_cpu.push_back(one.cpu_microseconds);
        return one.per_second;
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
