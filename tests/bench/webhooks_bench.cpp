// Webhooks to a thousand receivers, each its own connection to one nginx: from an alert's commit to the last of
// them, beside Debian's prometheus-alertmanager, and beside the bare limit of as many connections and posts.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "bench/bare_posts.hpp"
#include "bench/bench.hpp"
#include "bench/child_process.hpp"
#include "bench/system_under_test.hpp"
#include "bench/temporary_folder.hpp"

namespace tuanyuan::bench {
namespace {

using Steady = std::chrono::steady_clock::time_point;
using tcp = boost::asio::ip::tcp;

constexpr std::size_t runs_of_each = 7;
constexpr std::size_t receivers = 1'000;
constexpr std::size_t body_bytes = 4'000;  ///< about what ours have
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds look_again_after{20};
constexpr int noted_bytes_max = 256 * 1024;
constexpr core::Division division{210'102};
constexpr core::Position centre{41.80, 123.43};

/// Each receiver has an address of its own, so that nobody shares a connection.
std::string host(std::size_t index) {
  return "127.1." + std::to_string(index / 250) + "." + std::to_string(index % 250 + 1);
}

/// By the wall clock, to a millisecond, as nginx tells it.
using Wall = std::chrono::duration<double, std::milli>;
Wall wall_now() {
  return std::chrono::system_clock::now().time_since_epoch();
}
Wall wall_of(Steady then) {
  return wall_now() - (std::chrono::steady_clock::now() - then);
}

/// An nginx that answers every request on any loopback address with 204, and notes when.
class Nginx {
 public:
  Nginx();
  ~Nginx() { ::close(noted_); }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(std::size_t index) const { return "http://" + host(index) + ":" + std::to_string(port()) + "/"; }
  /// Waits until every receiver has been asked; tells when the last was. Throws where two of them shared a
  /// connection, and when it takes too long.
  Wall await_all();

 private:
  std::size_t noted_bytes() const;

  TemporaryFolder folder_;
  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_,
                          tcp::endpoint(tcp::v4(), 0)};  ///< nginx inherits it: nobody has to wait for it
  int noted_ = -1;
  std::unique_ptr<ChildProcess> process_;
};

Nginx::Nginx() {
  acceptor_.listen(static_cast<int>(2 * receivers));
  const std::string fifo = folder_.file("requests");
  noted_ = ::mkfifo(fifo.c_str(), 0600) == 0 ? ::open(fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
  if (noted_ < 0 || ::fcntl(noted_, F_SETPIPE_SZ, noted_bytes_max) < noted_bytes_max) {
    throw std::runtime_error("no pipe");
  }
  std::ofstream(folder_.file("nginx.conf"))
      << "daemon off; error_log stderr error;\n"
      << "pid " << folder_.file("pid") << ";\n"
      << "events { worker_connections 4096; }\n"
      << "http {\n  client_body_temp_path " << folder_.file("body")
      << ";\n  log_format line '$server_addr $connection $msec';\n"
      << "  access_log " << fifo << " line;\n"
      << "  server { listen 0.0.0.0:" << port() << "; location / { return 204; } }\n}\n";
  ChildProcess::Options options;
  options.environment = {{"NGINX", "3;"}};
  options.inherited = acceptor_.native_handle();
  const std::vector<std::string> words = {"/usr/sbin/nginx", "-p", folder_.path().string(), "-c",
                                          folder_.file("nginx.conf")};
  process_ = std::make_unique<ChildProcess>(words, "Debian: nginx", options);
}

std::size_t Nginx::noted_bytes() const {
  int size = 0;
  ::ioctl(noted_, FIONREAD, &size);
  return static_cast<std::size_t>(size);
}

/// Looks from time to time: a reader that is woken by every line would take its time from those who are measured.
Wall Nginx::await_all() {
  const Steady until = std::chrono::steady_clock::now() + patience;
  std::string text;
  std::size_t lines = 0;
  while (lines < receivers) {
    if (std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("only " + std::to_string(lines) + " receivers were asked in time");
    }
    std::this_thread::sleep_for(look_again_after);
    std::string more(noted_bytes(), '\0');
    if (!more.empty()) {
      more.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(noted_, more.data(), more.size()), 0)));
    }
    lines += static_cast<std::size_t>(std::count(more.begin(), more.end(), '\n'));
    text += more;
  }
  std::set<std::string> addresses;
  std::set<std::string> connections;
  Wall last{0};
  std::istringstream words(text);
  std::string address;
  std::string connection;
  for (double seconds = 0; words >> address >> connection >> seconds;) {
    addresses.insert(address);
    connections.insert(connection);
    last = std::max<Wall>(last, std::chrono::duration<double>(seconds));
  }
  if (addresses.size() != receivers || connections.size() != receivers) {
    throw std::runtime_error(std::to_string(addresses.size()) + " receivers were asked, by " +
                             std::to_string(connections.size()) + " connections");
  }
  return last;
}

std::vector<core::Recipient> recipients(const Nginx& nginx) {
  std::vector<core::Recipient> all;
  for (std::size_t index = 0; index < receivers; ++index) {
    core::Recipient& one = all.emplace_back();
    one.id = core::RecipientId("w" + std::to_string(index));
    one.name = "某平台";
    one.category = core::Category::volunteer_group;
    one.audience = core::Audience::partner;
    one.division = division;
    one.position = centre;
    one.endpoints = {{core::ChannelKind::webhook, nginx.url(index), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  }
  return all;
}

/// A daemon that has talked to nobody yet; from the release's commit.
double by_us(Nginx& nginx, const std::string& directory, const core::Report& report) {
  const TemporaryFolder run;
  std::filesystem::copy_file(directory, run.file("run.sqlite"));
  app::GatewaysConfig config;
  config.allowed_addresses = {"127.0.0.0/8"};
  SystemUnderTest system(run.file("run.sqlite"), config);
  const SystemUnderTest::Released released = system.release(report);
  const Wall committed = wall_of(released.committed);
  system.await_accepted({core::ChannelKind::webhook}, receivers, patience);
  return (nginx.await_all() - committed).count();
}

std::string alertmanager_settings(const Nginx& nginx) {
  std::string text = "route: { receiver: all, group_wait: 0s }\nreceivers:\n- name: all\n  webhook_configs:\n";
  for (std::size_t index = 0; index < receivers; ++index) {
    text += "  - { url: '" + nginx.url(index) + "', send_resolved: false }\n";
  }
  return text;
}

void post(std::uint16_t port, const std::string& target, const std::string& body) {
  boost::asio::io_context context;
  tcp::socket socket(context);
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  const std::string request = "POST " + target +
                              " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                              "Content-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body;
  boost::asio::write(socket, boost::asio::buffer(request));
  std::string answer;
  boost::asio::read_until(socket, boost::asio::dynamic_buffer(answer), "\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200")) {
    throw std::runtime_error("alertmanager: " + answer);
  }
}

/// One that has talked to nobody yet; from when it has taken the alert.
double by_alertmanager(Nginx& nginx) {
  const TemporaryFolder folder;
  const std::uint16_t port = free_port();
  std::ofstream(folder.file("settings.yml")) << alertmanager_settings(nginx);
  const std::vector<std::string> words = {
      "prometheus-alertmanager", "--config.file=" + folder.file("settings.yml"),
      "--storage.path=" + folder.file("data"), "--web.listen-address=127.0.0.1:" + std::to_string(port),
      "--cluster.listen-address="};
  ChildProcess alertmanager(words, "Debian: prometheus-alertmanager");
  await_listener(port);
  const std::string text(body_bytes, 'b');
  post(port, "/api/v2/alerts", R"([{"labels":{"alertname":"child"},"annotations":{"text":")" + text + R"("}}])");
  const Wall taken = wall_now();
  return (nginx.await_all() - taken).count();
}

/// So many connections and posts by nothing but system calls.
double bare(Nginx& nginx) {
  const std::string body(body_bytes, 'b');
  const Wall begun = wall_now();
  post_to_all(receivers, nginx.port(), host, body);
  return (nginx.await_all() - begun).count();
}

std::vector<Figure> webhooks_1000() {
  Nginx nginx;
  const TemporaryFolder folder;
  const std::string directory = folder.file("directory.sqlite");
  make_ledger(directory, recipients(nginx));
  const core::Report report = sample_report(division, centre);
  std::vector<double> limit;
  const Pairs pairs = interleave(
      runs_wanted(runs_of_each),
      [&] {
        limit.push_back(bare(nginx));
        return by_us(nginx, directory, report);
      },
      [&] { return by_alertmanager(nginx); });
  Figure figure;
  figure.bench = "webhooks_1000";
  figure.ours = median(pairs.ours);
  figure.reference = median(pairs.reference);
  figure.reference_is = "prometheus-alertmanager, one alert to the same receivers";
  figure.unit = "ms to the last receiver";
  figure.goal = Goal::ratio_at_most(1.0 / 3);
  figure.more = {{"bare_ms", median(limit)},
                 {"ours_min", *std::min_element(pairs.ours.begin(), pairs.ours.end())},
                 {"ours_max", *std::max_element(pairs.ours.begin(), pairs.ours.end())},
                 {"reference_min", *std::min_element(pairs.reference.begin(), pairs.reference.end())},
                 {"reference_max", *std::max_element(pairs.reference.begin(), pairs.reference.end())}};
  return {figure};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  return tuanyuan::bench::run_benches(argc, argv, {{"webhooks_1000", tuanyuan::bench::webhooks_1000}});
}
