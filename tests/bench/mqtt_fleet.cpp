#include "bench/mqtt_fleet.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "adapters/crypto/pem.hpp"
#include "adapters/mqtt5/encode.hpp"

namespace tuanyuan::bench {
namespace {

constexpr std::size_t connecting_max = 64;
constexpr std::uint16_t keep_alive_s = 600;
constexpr std::size_t read_bytes = 64 * 1024;
constexpr int events_max = 512;
constexpr int round_ms_max = 2;
constexpr std::uint64_t orders_tag = UINT64_MAX;

void require(bool holds, const char* what) {
  if (!holds) {
    throw std::runtime_error(std::string("fleet: ") + what);
  }
}

SSL_CTX* make_tls(const std::string& ca) {
  SSL_CTX* tls = SSL_CTX_new(TLS_client_method());
  require(tls != nullptr, "no TLS context");
  for (const crypto::Certificate& certificate : crypto::read_certificates(ca)) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), certificate.get());
  }
  SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(tls,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  return tls;
}

void allow_many_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

MqttFleet::MqttFleet(std::uint16_t port, const std::string& ca, const std::vector<FleetMember>& members)
    : port_(port), plans_(members), tls_(make_tls(ca)), members_(members.size()) {
  allow_many_files();
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  orders_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  require(epoll_ >= 0 && orders_ >= 0, "no epoll");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = orders_tag;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, orders_, &event);
  thread_ = std::thread([this] {
    try {
      serve();
    } catch (...) {
      failure_ = std::current_exception();
      failed_ = true;
      all_up_ = true;
      all_up_.notify_all();
      done_ = true;
      done_.notify_all();
    }
  });
  all_up_.wait(false);
  if (failed_) {
    thread_.join();
    std::rethrow_exception(failure_);
  }
}

MqttFleet::~MqttFleet() {
  stopping_ = true;
  eventfd_write(orders_, 1);
  if (thread_.joinable()) {
    thread_.join();
  }
  for (Member& member : members_) {
    if (member.socket >= 0) {
      close(member.socket);
    }
  }
  members_.clear();
  SSL_CTX_free(tls_);
  close(orders_);
  close(epoll_);
}

void MqttFleet::run(const std::function<void()>& work) {
  if (failed_) {
    std::rethrow_exception(failure_);
  }
  done_ = false;
  order_ = &work;
  eventfd_write(orders_, 1);
  done_.wait(false);
  if (failed_) {
    std::rethrow_exception(failure_);
  }
}

void MqttFleet::follow(Script* script) {
  run([&] { script_ = script; });
}

void MqttFleet::take_orders() {
  eventfd_t count = 0;
  eventfd_read(orders_, &count);
  if (const auto* order = order_.exchange(nullptr)) {
    (*order)();
    done_ = true;
    done_.notify_all();
  }
}

void MqttFleet::serve() {
  while (opened_ < members_.size() && opened_ < connecting_max) {
    open(opened_++);
  }
  std::array<epoll_event, events_max> events{};
  while (!stopping_) {
    const int count = epoll_wait(epoll_, events.data(), events_max, round_ms_max);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events.at(static_cast<std::size_t>(i));
      if (event.data.u64 == orders_tag) {
        take_orders();
      } else {
        ready(event.data.u64, event.events);
      }
    }
    if (script_ != nullptr) {
      script_->round_ended();
    }
    flush_all();
  }
}

void MqttFleet::open(std::size_t index) {
  Member& member = members_[index];
  const FleetMember& plan = plans_[index];
  member.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(member.socket >= 0, "no more sockets");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  require(connect(member.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "no connection");
  const int yes = 1;
  setsockopt(member.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(member.socket, F_SETFL, O_NONBLOCK);
  member.ssl.reset(SSL_new(tls_));
  const crypto::Certificate certificate = crypto::parse_certificate(plan.certificate.certificate);
  const crypto::PrivateKey key = crypto::read_private_key(plan.certificate.key);
  require(SSL_use_certificate(member.ssl.get(), certificate.get()) == 1 &&
              SSL_use_PrivateKey(member.ssl.get(), key.get()) == 1 &&
              SSL_set1_host(member.ssl.get(), "localhost") == 1 &&
              SSL_set_fd(member.ssl.get(), member.socket) == 1,
          "certificate refused");
  SSL_set_connect_state(member.ssl.get());
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, member.socket, &event);
  shake(index);
}

void MqttFleet::ready(std::size_t index, std::uint32_t events) {
  Member& member = members_[index];
  if (!member.shaken) {
    shake(index);
    return;
  }
  if ((events & EPOLLOUT) != 0) {
    watch(index, false);
    flush(index);
  }
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
    read(index);
  }
}

void MqttFleet::shake(std::size_t index) {
  Member& member = members_[index];
  ERR_clear_error();
  const int result = SSL_do_handshake(member.ssl.get());
  if (result != 1) {
    require(SSL_get_error(member.ssl.get(), result) == SSL_ERROR_WANT_READ, "handshake failed");
    return;
  }
  member.shaken = true;
  mqtt5::Connect connect;
  connect.client_id = plans_[index].client_id;
  connect.keep_alive_s = keep_alive_s;
  send(index, connect);
  flush(index);
}

void MqttFleet::read(std::size_t index) {
  static thread_local std::array<std::uint8_t, read_bytes> buffer;
  Member& member = members_[index];
  for (;;) {
    ERR_clear_error();
    const int result = SSL_read(member.ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (result <= 0) {
      require(SSL_get_error(member.ssl.get(), result) == SSL_ERROR_WANT_READ, "connection lost");
      return;
    }
    member.decoder.feed(std::span(buffer).first(static_cast<std::size_t>(result)));
    while (const auto packet = member.decoder.next()) {
      handle(index, *packet);
    }
    require(member.decoder.error() == mqtt5::DecodeError::none, "not MQTT");
    if (SSL_pending(member.ssl.get()) == 0) {
      return;  // level-triggered: what else there is calls again
    }
  }
}

void MqttFleet::handle(std::size_t index, const mqtt5::Packet& packet) {
  Member& member = members_[index];
  if (const auto* message = std::get_if<mqtt5::Publish>(&packet)) {
    if (message->qos == mqtt5::Qos::at_least_once) {
      mqtt5::Puback puback;
      puback.packet_id = message->packet_id;
      send(index, puback);
    }
    if (script_ != nullptr) {
      script_->arrived(index, *message);
    }
  } else if (const auto* puback = std::get_if<mqtt5::Puback>(&packet)) {
    require(!mqtt5::is_error(puback->reason), "publish refused");
    --member.in_flight;
    if (script_ != nullptr) {
      script_->acknowledged(index);
    }
  } else if (const auto* connack = std::get_if<mqtt5::Connack>(&packet)) {
    require(!mqtt5::is_error(connack->reason), "refused");
    mqtt5::Subscribe subscribe;
    subscribe.packet_id = 1;
    for (const std::string& filter : plans_[index].filters) {
      subscribe.subscriptions.emplace_back(filter);
    }
    if (!subscribe.subscriptions.empty()) {
      send(index, subscribe);
      return;
    }
  }
  const bool newly_up = !member.subscribed && (std::holds_alternative<mqtt5::Suback>(packet) ||
                                               std::holds_alternative<mqtt5::Connack>(packet));
  if (newly_up) {
    member.subscribed = true;
    if (opened_ < members_.size()) {
      open(opened_++);
    }
    if (++up_ == members_.size()) {
      all_up_ = true;
      all_up_.notify_all();
    }
  }
}

template <class Packet>
void MqttFleet::send(std::size_t index, const Packet& packet) {
  Member& member = members_[index];
  mqtt5::encode(packet, member.output);
  if (!member.dirty) {
    member.dirty = true;
    dirty_.push_back(index);
  }
}

void MqttFleet::publish(std::size_t index, mqtt5::Publish message) {
  Member& member = members_[index];
  if (++member.last_packet_id == 0) {
    member.last_packet_id = 1;
  }
  message.packet_id = member.last_packet_id;
  message.qos = mqtt5::Qos::at_least_once;
  ++member.in_flight;
  send(index, message);
}

void MqttFleet::flush_all() {
  const std::vector<std::size_t> dirty = std::exchange(dirty_, {});
  for (const std::size_t index : dirty) {
    members_[index].dirty = false;
    if (!members_[index].wants_write) {
      flush(index);
    }
  }
}

void MqttFleet::flush(std::size_t index) {
  Member& member = members_[index];
  while (member.written < member.output.size()) {
    ERR_clear_error();
    const int result = SSL_write(member.ssl.get(), member.output.data() + member.written,
                                 static_cast<int>(member.output.size() - member.written));
    if (result <= 0) {
      require(SSL_get_error(member.ssl.get(), result) == SSL_ERROR_WANT_WRITE, "write failed");
      watch(index, true);
      return;
    }
    member.written += static_cast<std::size_t>(result);
  }
  member.output.clear();
  member.written = 0;
}

void MqttFleet::watch(std::size_t index, bool writable) {
  Member& member = members_[index];
  member.wants_write = writable;
  epoll_event event{};
  event.events = writable ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u64 = index;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, member.socket, &event);
}

}  // namespace tuanyuan::bench
