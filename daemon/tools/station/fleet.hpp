#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ports/clock.hpp"
#include "tools/station/commons.hpp"
#include "tools/station/display.hpp"
#include "tools/station/journal_lines.hpp"
#include "tools/station/photo_fetcher.hpp"
#include "tools/station/recipients_file.hpp"
#include "tools/station/station_link.hpp"

namespace tuanyuan::station {

struct FleetSettings {
  std::string broker_host;
  std::string broker_port;
  std::string ca;                   ///< PEM
  std::size_t connecting_max = 64;  ///< connections being made at once
  bool wants_batches = false;
  std::uint32_t session_expiry_s = 0;
  bool tells_each = false;    ///< a line for each station's ups and downs, not only sums
  bool tells_totals = false;  ///< a line with the totals every second
  std::string ready_file;     ///< written when all are subscribed; empty: none
  std::uint64_t seed = 0;
};

/// One station of the fleet.
struct Crew {
  StationPlan plan;
  Temper temper;
  std::optional<Flapping> flapping;
  Credentials credentials;
};

/// All stations of a process on one loop: gives them their turns to connect, so that a broker is not met by ten
/// thousand handshakes at once, and sums up what they do. Loop thread.
class Fleet final : private LinkHost {
 public:
  static constexpr Steady resolved_ms_max{30'000};  ///< how long addresses are taken for true
  static constexpr std::chrono::milliseconds totals_every_ms{1'000};
  static constexpr std::chrono::milliseconds stop_ms_max{5'000};

  /// `commons`, `display`, `lines` and `clock` have to outlive it. Throws std::runtime_error for a CA that is
  /// none.
  Fleet(boost::asio::io_context& loop, FleetSettings settings, Commons& commons, Display& display,
        JournalLines& lines, ports::Clock& clock);

  void add(Crew crew);
  void start();
  /// Every station says good-bye; then the loop is stopped.
  void stop();

  std::size_t size() const { return links_.size(); }
  /// Where there is only one: for what a person does.
  StationLink& first() { return *links_.front(); }
  Moment now() override;

 private:
  SSL_CTX& tls() override { return *tls_; }
  const std::string& broker_host() const override { return settings_.broker_host; }
  Display& display() override { return display_; }
  const mqtt5::SessionLimits& limits() const override { return limits_; }
  bool wants_batches() const override { return settings_.wants_batches; }
  std::uint32_t session_expiry_s() const override { return settings_.session_expiry_s; }

  void is_up(StationLink& link) override;
  void is_down(StationLink& link, bool was_up, const std::string& reason) override;
  void wants_turn(StationLink& link) override;
  void is_finished(StationLink& link) override;
  void fetch_photo(StationLink& link, FetchPhoto wish) override;
  void notable(StationLink& link, std::string_view event, const std::string& alert_id,
               std::string_view detail) override;

  void give_turns();
  void resolve();
  void tell_ready();
  void tell_totals();
  void tell_failures();
  void end();

  boost::asio::io_context& loop_;
  FleetSettings settings_;
  Commons& commons_;
  Display& display_;
  JournalLines& lines_;
  ports::Clock& clock_;
  TlsContext tls_;
  mqtt5::SessionLimits limits_;
  PhotoFetcher photos_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer totals_timer_;
  boost::asio::steady_timer stop_timer_;
  std::optional<TlsConnection::Endpoints> endpoints_;
  Steady resolved_at_{0};
  bool resolving_ = false;
  std::vector<std::shared_ptr<StationLink>> links_;
  std::unordered_set<const StationLink*> never_up_;
  std::deque<std::weak_ptr<StationLink>> queue_;
  std::size_t connecting_ = 0;
  std::size_t unfinished_ = 0;
  std::uint64_t failures_ = 0;  ///< since they were last told
  std::string last_failure_;
  bool stopping_ = false;
};

}  // namespace tuanyuan::station
