// The whole push channel: from the outbox through the gateway's frame to APNs' stand-in, every outcome durable;
// beside h2load, and beside the client for Node that others push with, on the same nghttpd.
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "bench/bench.hpp"
#include "bench/child_process.hpp"
#include "bench/h2load.hpp"
#include "bench/nghttpd.hpp"
#include "bench/system_under_test.hpp"
#include "bench/temporary_folder.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::bench {
namespace {

constexpr std::size_t runs_of_each = 5;
constexpr std::size_t pushes = 50'000;
constexpr std::size_t in_flight = 1'000;      ///< the gateway's default
constexpr std::size_t streams_max = 1'000;    ///< as many does Apple's own allow
constexpr std::size_t devices = 1'000;        ///< the server has a file for each
constexpr std::size_t payload_bytes = 1'097;  ///< what a notice with its link comes to
constexpr std::size_t their_in_flight = 500;
constexpr std::size_t token_chars = 64;
constexpr std::chrono::seconds patience{120};
constexpr core::Division division{210'102};
constexpr core::Position centre{41.80, 123.43};
constexpr const char* topic = "org.example.tuanyuan";
constexpr const char* key_id = "ABC123DEFG";
constexpr const char* team_id = "TEAM567890";

std::string token(std::size_t index) {
  const std::string digits = std::to_string(index % devices);
  return std::string(token_chars - digits.size(), 'a') + digits;
}
std::string path_of(std::size_t index) {
  return "/3/device/" + token(index);
}

std::vector<core::Recipient> recipients() {
  std::vector<core::Recipient> all;
  for (std::size_t index = 0; index < pushes; ++index) {
    core::Recipient& one = all.emplace_back();
    one.id = core::RecipientId("p" + std::to_string(index));
    one.name = "某人";
    one.category = core::Category::volunteer_group;
    one.audience = core::Audience::partner;
    one.division = division;
    one.position = core::Position{centre.latitude + static_cast<double>(index % 101) * 0.001,
                                  centre.longitude + static_cast<double>(index % 97) * 0.001};
    one.endpoints = {{core::ChannelKind::apns, token(index), ""}};
  }
  return all;
}

/// The server, and a daemon's ledger for each run.
class Ground {
 public:
  Ground() : server_(streams_max) {
    for (std::size_t index = 0; index < devices; ++index) {
      server_.write(path_of(index).substr(1), "");
    }
    make_ledger(folder_.file("directory.sqlite"), recipients());
  }

  const Nghttpd& server() const { return server_; }
  /// From the release's commit to that of the last outcome.
  PushRate by_us() const;
  PushRate by_h2load() const;
  PushRate by_node_apn() const;

 private:
  app::GatewaysConfig config() const;

  Nghttpd server_;
  TemporaryFolder folder_;
  core::Report report_ = sample_report(division, centre);
};

app::GatewaysConfig Ground::config() const {
  app::GatewaysConfig config;
  config.allowed_addresses = {"127.0.0.0/8"};
  config.ca = server_.ca_file();
  app::GatewayConfig& apns = config.each.at(core::ChannelKind::apns);
  apns.enabled = true;
  apns.in_flight = in_flight;
  apns.base = server_.origin();
  apns.texts["key_id"] = key_id;
  apns.texts["team_id"] = team_id;
  apns.texts["topic"] = topic;
  apns.secrets["key"] = server_.write("apns.p8", test::apns_key);
  return config;
}

PushRate Ground::by_us() const {
  const TemporaryFolder run;
  const std::string ledger = run.file("run.sqlite");
  std::filesystem::copy_file(folder_.file("directory.sqlite"), ledger);
  SystemUnderTest system(ledger, config());
  const SystemUnderTest::Released released = system.release(report_);
  system.await_accepted({core::ChannelKind::apns}, pushes, patience);
  const TimedLedger::Moment last = system.ledger().outcomes(core::ChannelKind::apns).last;
  const std::chrono::duration<double> took = last.at - released.committed;
  return push_rate(pushes, took.count(), last.cpu_seconds - released.cpu_seconds);
}

PushRate Ground::by_h2load() const {
  H2Load load;
  load.requests = pushes;
  load.in_flight = in_flight;
  for (std::size_t index = 0; index < devices; ++index) {
    load.paths.push_back(path_of(index));
  }
  load.fields = {{"user-agent", "tuanyuan"},
                 {"apns-topic", topic},
                 {"apns-push-type", "alert"},
                 {"apns-priority", "10"},
                 {"apns-expiration", "1800000000"},
                 {"apns-collapse-id", "210100-20260520-000001"},
                 {"apns-id", "00000000-0000-8000-8000-000000000000"},
                 {"authorization", "bearer " + std::string(180, 'x')}};
  load.body = std::string(payload_bytes, 'b');
  return run_h2load(server_, load);
}

PushRate Ground::by_node_apn() const {
  std::string tokens;
  for (std::size_t index = 0; index < devices; ++index) {
    tokens += token(index) + "\n";
  }
  const std::string script = std::string(TUANYUAN_SOURCE_DIR) + "/tests/bench/node_apn.mjs";
  const std::vector<std::string> words = {"node",
                                          script,
                                          std::to_string(server_.port()),
                                          server_.ca_file(),
                                          server_.write("apns.p8", test::apns_key),
                                          server_.write("tokens", tokens),
                                          std::to_string(pushes),
                                          std::to_string(their_in_flight),
                                          std::to_string(payload_bytes)};
  ChildProcess process(words, "Debian: nodejs");
  const ChildProcess::Ended ended = process.await_end(patience);
  boost::system::error_code failed;
  const boost::json::value said = boost::json::parse(ended.said, failed);
  if (ended.status != 0 || failed || said.at("sent").to_number<std::size_t>() != pushes) {
    throw std::runtime_error("node-apn (npm ci in tests/end_to_end installs it): " + ended.said);
  }
  return push_rate(pushes, said.at("seconds").to_number<double>(), said.at("cpu_seconds").to_number<double>());
}

/// Ours and another, in turn.
struct Beside {
  Pairs rates;
  std::vector<double> our_cpu;
  std::vector<double> their_cpu;
};

Beside run_beside(const Ground& ground, PushRate (Ground::*theirs)() const) {
  Beside beside;
  beside.rates = interleave(
      runs_wanted(runs_of_each),
      [&] {
        const PushRate one = ground.by_us();
        beside.our_cpu.push_back(one.cpu_microseconds);
        return one.per_second;
      },
      [&] {
        const PushRate one = (ground.*theirs)();
        beside.their_cpu.push_back(one.cpu_microseconds);
        return one.per_second;
      });
  return beside;
}

Figure figure_of(const std::string& bench, const std::string& reference, const std::string& unit,
                 const std::vector<double>& ours, const std::vector<double>& theirs, Goal goal) {
  Figure figure;
  figure.bench = bench;
  figure.ours = median(ours);
  figure.reference = median(theirs);
  figure.reference_is = reference;
  figure.unit = unit;
  figure.goal = goal;
  return figure;
}

std::vector<Figure> push_channel() {
  const Ground ground;
  const Beside beside = run_beside(ground, &Ground::by_h2load);
  Figure figure = figure_of("push_channel", "h2load on the same nghttpd, one connection with as many streams",
                            "pushes/s", beside.rates.ours, beside.rates.reference, Goal::ratio_at_least(0.25));
  figure.more = {{"cpu_us", median(beside.our_cpu)}, {"reference_cpu_us", median(beside.their_cpu)}};
  return {figure};
}

std::vector<Figure> push_apn() {
  const Ground ground;
  const Beside beside = run_beside(ground, &Ground::by_node_apn);
  const std::string reference = "@parse/node-apn on the same nghttpd, 500 at once";
  return {figure_of("push_apn", reference, "pushes/s", beside.rates.ours, beside.rates.reference,
                    Goal::ratio_at_least(4)),
          figure_of("push_apn", reference, "us of the processor a push", beside.our_cpu, beside.their_cpu,
                    Goal::ratio_at_most(0.25))};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  using namespace tuanyuan::bench;
  return run_benches(argc, argv, {{"push_channel", push_channel}, {"push_apn", push_apn}});
}
