#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/dead_run.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How long a gateway's word that an address is dead is weighed against what it says of others: since it said so,
/// and since it first accepted something.
inline constexpr core::Duration retire_after = std::chrono::seconds(30);
inline constexpr core::Duration retire_tick = std::chrono::seconds(5);
/// How many may wait for that; of more it will be said again.
inline constexpr std::size_t retiring_max = 10'000;
inline constexpr std::size_t retired_per_commit_max = 100;

/// How long it counts that somebody has put an address, against a gateway's word that it has been dead since
/// before: the gateway learns of it soon, and by two clocks that differ nothing would ever be retired. So many are
/// remembered.
inline constexpr core::Duration put_stands_for = std::chrono::hours(24);
inline constexpr std::size_t puts_kept_max = 10'000;

/// Addresses of which a gateway says that nobody is there any more: retired until the directory has another, but
/// none while it says so of most that it is sent, or has accepted nothing, for then the gateway may be what is
/// wrong: its word waits for its first success, for as long as a run counts. Loop thread.
class Retirements {
 public:
  explicit Retirements(World& world) : world_(world) {}

  /// What every send says of its gateway: accepted, or that nobody is there.
  void sent(core::ChannelKind gateway, bool dead);
  /// And of the recipient's address; `since` by the gateway's clock, the epoch: it does not say.
  void dead(core::Ordinal recipient, const core::Endpoint& endpoint, core::Instant since = {});
  void alive(core::Ordinal recipient, const core::Endpoint& endpoint);
  /// Somebody has put this address into the directory: what is said to be dead since an earlier time is not.
  void put(core::Ordinal recipient, const core::Endpoint& endpoint);
  /// Whether a gateway's word that nobody is there is still weighed, or just being written down.
  bool is_weighed(core::Ordinal recipient, const core::Endpoint& endpoint) const;
  bool weighs_any() const { return !candidates_.empty() || !retiring_.empty(); }
  bool doubtful(core::ChannelKind gateway) const;
  /// A test was accepted there. Where that cannot be written down it stays retired.
  boost::asio::awaitable<void> revive(core::Ordinal recipient, core::Endpoint endpoint, core::Actor by);
  /// Runs until cancelled.
  boost::asio::awaitable<void> run();

 private:
  struct Candidate {
    core::Ordinal recipient = 0;
    core::ChannelKind gateway = core::ChannelKind::mqtt;
    std::string address;
    core::Instant at;              ///< of the steady clock
    core::Instant since;           ///< it has been dead, by the gateway's clock; the epoch: unknown
    bool is_contradicted = false;  ///< somebody was there after all, while its retirement was being written

    bool is_of(core::Ordinal whose, const core::Endpoint& endpoint) const {
      return recipient == whose && gateway == endpoint.channel && address == endpoint.address;
    }
  };

  core::Instant now() const;
  void drop_doubtful();
  bool was_put_since(const Candidate& candidate) const;
  std::vector<Candidate> due() const;
  void forget(const std::vector<Candidate>& retired);
  void keep_contradicted(const std::vector<Candidate>& retired);
  boost::asio::awaitable<void> retire(std::vector<Candidate> candidates);
  boost::asio::awaitable<void> revive_contradicted();
  boost::asio::awaitable<void> read_again(std::vector<core::Ordinal> recipients);

  World& world_;
  std::map<core::ChannelKind, core::DeadRun> runs_;
  std::map<core::ChannelKind, bool> doubted_;  ///< as it was told last
  std::vector<Candidate> candidates_;          ///< oldest first
  std::vector<Candidate> retiring_;            ///< on their way to the ledger
  std::vector<Candidate> contradicted_;        ///< retired, or perhaps, while somebody was there
  /// When an address was put, by its recipient and its key (core/way.hpp); of the wall clock, as gateways say it.
  using Puts = std::map<std::pair<core::Ordinal, std::uint64_t>, core::Instant>;
  std::array<Puts, 2> puts_;  ///< the latest, and the half before them
};

}  // namespace tuanyuan::engine
