#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/mqtt5/client_session.hpp"
#include "tools/station/display.hpp"
#include "tools/station/station_mind.hpp"
#include "tools/station/tls_connection.hpp"

namespace tuanyuan::station {

class StationLink;

/// What a program's links have in common and report to. Loop thread.
class LinkHost {
 public:
  virtual Moment now() = 0;
  virtual SSL_CTX& tls() = 0;
  virtual const std::string& broker_host() const = 0;
  virtual Display& display() = 0;
  virtual const mqtt5::SessionLimits& limits() const = 0;
  /// Whether to ask for receipts several in one message.
  virtual bool wants_batches() const = 0;
  /// How long the broker keeps what comes while the station is away.
  virtual std::uint32_t session_expiry_s() const = 0;

  virtual void is_up(StationLink& link) = 0;
  /// It was up, or was connecting and did not come up. It will ask for another turn itself.
  virtual void is_down(StationLink& link, bool was_up, const std::string& reason) = 0;
  /// It wants to connect: connect() is called when it is its turn.
  virtual void wants_turn(StationLink& link) = 0;
  virtual void is_finished(StationLink& link) = 0;
  /// To be fetched, and handed to link.photo().
  virtual void fetch_photo(StationLink& link, FetchPhoto wish) = 0;
  /// Worth telling a person: a topic the broker refused, a notice that is not genuine.
  virtual void notable(StationLink& link, std::string_view event, const std::string& alert_id,
                       std::string_view detail) = 0;

 protected:
  ~LinkHost() = default;
};

/// Between `shortest` and `longest` after it came up, a flapping station drops its connection, and comes back as
/// long after.
struct Flapping {
  Steady up_shortest{5'000};
  Steady up_longest{30'000};
  Steady down_shortest{1'000};
  Steady down_longest{10'000};
};

/// One station on the network: carries a StationMind's wishes out over MQTT 5 and TLS, comes back after every
/// break with a jittered back-off. Loop thread; the host has to outlive it.
class StationLink final : public std::enable_shared_from_this<StationLink>, private TlsConnection::Listener {
 public:
  static constexpr Steady connect_ms_max{15'000};  ///< resolved address to TLS
  static constexpr std::uint16_t keep_alive_s = 60;

  StationLink(boost::asio::any_io_executor executor, LinkHost& host, StationMind mind, Credentials credentials,
              std::optional<Flapping> flapping, std::uint64_t seed);

  /// Asks for its first turn.
  void start() { ask_for_turn(); }
  /// Its turn: connects.
  void connect(const TlsConnection::Endpoints& endpoints);
  /// No turn could be given: tries again after its back-off.
  void put_off();
  /// Says good-bye, the will being published, and stays away.
  void finish();

  /// A picture that was fetched.
  void photo(const core::AlertId& alert, std::string_view bytes);

  StationMind& mind() { return mind_; }
  const Credentials& credentials() const { return credentials_; }
  /// After anything was told to the mind from outside.
  void pump();

 private:
  enum class State : std::uint8_t { waiting, queued, connecting, subscribing, up, finishing, finished };

  void opened() override;
  void received(std::span<const std::uint8_t> octets) override;
  void drained() override;
  void closed(const std::string& reason) override;

  void on_event(mqtt5::Event event, Moment now);
  void on_subscribed(const mqtt5::Subscribed& subscribed);
  void fulfil(Wish wish, Moment now);
  void subscribe(const SubscribeTo& wish, Moment now);
  void publish(std::string topic, std::string payload, bool retain, Moment now);
  void show(const Show& wish);
  void hear(const core::AlertId& alert, core::Version version, const Shown& shown);
  void take_down(const TakeDown& wish);
  void flush();

  void ask_for_turn();
  void break_off(const std::string& reason);
  void come_back_after(Steady delay);
  void come_round();
  void arm(Moment now);
  void on_timer();
  bool is_connected() const { return state_ == State::subscribing || state_ == State::up; }
  Steady draw(Steady shortest, Steady longest);

  LinkHost& host_;
  StationMind mind_;
  mqtt5::ClientSession session_;
  Credentials credentials_;
  std::shared_ptr<TlsConnection> connection_;
  TlsSession tls_session_;
  boost::asio::steady_timer timer_;
  std::optional<Steady> armed_for_;
  std::optional<Flapping> flapping_;
  std::optional<Steady> flap_at_;
  Steady deadline_{0};  ///< of connecting, of waiting, of finishing
  std::uint64_t random_;
  mqtt5::Token subscription_ = 0;
  std::uint32_t failures_ = 0;
  State state_ = State::waiting;
  bool was_connected_before_ = false;
};

}  // namespace tuanyuan::station
