#include "bench/bare_posts.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace tuanyuan::bench {
namespace {

constexpr int answer_wait_ms_max = 10'000;

void require(bool good, const char* what) {
  if (!good) {
    throw std::runtime_error(std::string("bare posts: ") + what);
  }
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) { require(number >= 0, "no descriptor"); }
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// The connection is under way; `epoll` says of it that it can be written to.
Descriptor connect(const std::string& host, std::uint16_t port, int epoll, std::uint32_t index) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  require(::inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1, "no address");
  ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.u32 = index;
  require(::epoll_ctl(epoll, EPOLL_CTL_ADD, socket.number(), &event) == 0, "epoll");
  return socket;
}

void send(int socket, const std::string& request, int epoll, std::uint32_t index) {
  const ssize_t sent = ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
  require(sent == static_cast<ssize_t>(request.size()), "not connected");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = index;
  require(::epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0, "epoll");
}

void take_answer(int socket, int epoll) {
  std::array<char, 4'096> room{};
  const ssize_t size = ::recv(socket, room.data(), room.size(), 0);
  require(size > 12 && std::string(room.data() + 9, 1) == "2", "no good answer");
  require(::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr) == 0, "epoll");
}

}  // namespace

void post_to_all(std::size_t count, std::uint16_t port, const std::function<std::string(std::size_t)>& host,
                 const std::string& body) {
  const Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<Descriptor> sockets;
  std::vector<std::string> requests;
  sockets.reserve(count);
  requests.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    requests.push_back("POST / HTTP/1.1\r\nHost: " + host(index) + ":" + std::to_string(port) +
                       "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                       "\r\n\r\n" + body);
    sockets.push_back(connect(host(index), port, epoll.number(), static_cast<std::uint32_t>(index)));
  }
  std::array<epoll_event, 256> events{};
  for (std::size_t answered = 0; answered < count;) {
    const int ready = ::epoll_wait(epoll.number(), events.data(), events.size(), answer_wait_ms_max);
    require(ready > 0, "nothing more is answered");
    for (int at = 0; at < ready; ++at) {
      const epoll_event& event = events.at(static_cast<std::size_t>(at));
      const int socket = sockets[event.data.u32].number();
      if ((event.events & EPOLLIN) != 0) {
        take_answer(socket, epoll.number());
        ++answered;
      } else {
        send(socket, requests[event.data.u32], epoll.number(), event.data.u32);
      }
    }
  }
}

}  // namespace tuanyuan::bench
