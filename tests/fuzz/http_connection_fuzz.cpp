// Bytes on a connection, as a client may send them before it stops. Whatever they are, what comes back is HTTP, is
// no "internal error", and the connection ends.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>

#include "adapters/http/api.hpp"
#include "adapters/http/fake_desks.hpp"
#include "adapters/http/listener.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;
using namespace tuanyuan::http;
using boost::asio::ip::tcp;

namespace {

constexpr std::chrono::hours longest{1};  // of virtual time

Limits small_limits() {
  Limits limits;
  limits.header_bytes_max = 2'048;
  limits.body_bytes_total_max = 32 * 1024 * 1024;
  return limits;
}

struct Server {
  Server() {
    ListenerSettings settings;
    settings.name = "fuzz";
    settings.address = "127.0.0.1";
    settings.limits = small_limits();
    listener = Listener::create(context.get_executor(), std::move(settings), api, clock, fakes.log, fakes.metrics);
    listener->start();
  }

  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context, test::now};
  test::FakeDesks fakes{clock};
  Api api{fakes.desks(), small_limits()};
  std::unique_ptr<Listener> listener;
};

std::string answers_to(Server& server, std::string_view bytes) {
  boost::system::error_code error;
  tcp::socket client(server.context);
  client.connect(tcp::endpoint(boost::asio::ip::address_v4::loopback(), server.listener->port()));
  boost::asio::write(client, boost::asio::buffer(bytes), error);
  client.shutdown(tcp::socket::shutdown_send, error);
  server.clock.run_until([&server] { return server.listener->connections() == 1; }, std::chrono::seconds(1));
  require(server.clock.run_until([&server] { return server.listener->connections() == 0; }, longest));
  std::string answers;
  for (char piece[16'384]; !error;) {
    answers.append(piece, client.read_some(boost::asio::buffer(piece), error));
  }
  return answers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Server server;
  const std::string answers = answers_to(server, fuzz::text_of(data, size));
  require(answers.empty() || answers.starts_with("HTTP/1.1 "));
  for (std::size_t at = 0; (at = answers.find("HTTP/1.1 ", at)) != std::string::npos; ++at) {
    require(answers.compare(at + 9, 3, "500") != 0);
  }
  server.fakes.log.lines.clear();
  return 0;
}
