#pragma once

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/send_meter.hpp"
#include "engine/documents.hpp"
#include "engine/retirements.hpp"
#include "engine/world.hpp"
#include "ports/answer_desk.hpp"
#include "ports/channel.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::engine {

/// How long a claimed row is this daemon's, whatever becomes of it: longer than any channel's own deadline.
inline constexpr core::Duration claim_lease = std::chrono::seconds(120);
/// While nothing is under way: few enough that the first of an alert's rows are sent while the others are still
/// being claimed. Then as many as there is room for: each claim takes a flush, and while it lasts, the channel has
/// only what it has.
inline constexpr std::size_t first_claim_rows_max = 250;
inline constexpr std::size_t claim_rows_max = 1'000;
/// How long the loop rests when nothing wakes it; retries fall due meanwhile.
inline constexpr core::Duration claim_pause_max = std::chrono::seconds(1);
inline constexpr std::size_t settled_rows_max = 1'000;
/// Between two commits of outcomes, unless as many as fit are waiting, or nothing more is under way: each costs a
/// flush, and while an alert goes out they come one by one.
inline constexpr core::Duration settle_pause = std::chrono::milliseconds(100);
/// How long a row that is to be tried again rests when that had to be written twice: longer than the ledger takes
/// to answer, or it would be given again before, and written again.
inline constexpr core::Duration settled_again_wait = std::chrono::seconds(10);

/// Hands one channel its outbox rows, most urgent first, and records what became of them. What was sent is in
/// the ledger before it is forgotten here; a crash in between sends it once more, under the same identity.
/// One broadcaster a channel, so that a slow one delays nobody else (promise 6).
class Broadcaster {
 public:
  Broadcaster(World& world, ports::Channel& channel, ports::AnswerDesk& answers, Retirements& retirements);

  /// Runs until cancelled.
  boost::asio::awaitable<void> run();
  /// There may be something to send: rows were committed, or the channel came up.
  void wake() { wake_.notify(); }
  /// Ends what is under way, and records what is known; the rest is claimed again at the next start.
  boost::asio::awaitable<void> stop();
  core::ChannelKind channel() const { return channel_.kind(); }
  /// Whether a later version has taken its place, or its answer has come. Not of what cannot be said yet.
  bool is_overtaken(const core::Delivery& delivery) const { return standing_of(delivery) == Standing::overtaken; }
  bool is_paused() const { return world_.pauses.of(channel_.kind()) != nullptr; }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t in_flight_max() const { return channel_.in_flight_max(); }
  bool is_up() const { return channel_.is_up(); }
  const core::SendMeter& meter() const { return meter_; }

 private:
  /// Unknown: what it is of may be in the ledger, and memory does not know it yet.
  enum class Standing { due, overtaken, unknown };
  Standing standing_of(const core::Delivery& delivery) const;
  Standing standing_of_step(const CaseFile& file, const core::Delivery& delivery) const;
  Standing standing_of_unknown() const;
  std::size_t room() const;
  bool is_settling_due() const { return settled_.size() >= settled_rows_max || in_flight_ == 0; }
  boost::asio::awaitable<void> claim_and_hand_over();
  std::vector<core::Delivery> not_under_way(std::vector<core::Delivery> claimed);
  void forget_settled(std::size_t count);
  /// Of one row of a claim, whom it is for; nothing: that has to be asked for when the row is opened.
  using Addressee = std::optional<ports::DirectoryEntry>;
  boost::asio::awaitable<std::vector<Addressee>> read_addressees(const std::vector<core::Delivery>& rows);
  boost::asio::awaitable<std::optional<core::DeliveryOutcome>> open_parcel(ports::Dispatch& dispatch,
                                                                           Addressee& addressee);
  boost::asio::awaitable<std::optional<core::DeliveryOutcome>> open_content(CaseFile& file,
                                                                            ports::Dispatch& dispatch);
  boost::asio::awaitable<std::optional<core::DeliveryOutcome>> look_up_endpoint(const CaseFile& file,
                                                                                ports::Dispatch& dispatch);
  std::optional<core::DeliveryOutcome> find_endpoint(ports::DirectoryEntry entry, ports::Dispatch& dispatch) const;
  boost::asio::awaitable<void> deliver(ports::Dispatch dispatch, std::optional<core::DeliveryOutcome> unready);
  boost::asio::awaitable<bool> settle_some();
  boost::asio::awaitable<void> settle_in_batches();
  boost::asio::awaitable<void> pause();
  void note_time(ports::Clock::Steady begun, const ports::SendResult& result);
  void note_address(const ports::Dispatch& dispatch, const ports::SendResult& result);
  void bring_on_next(const core::Delivery& delivery);
  void count_attempts();
  void settle(const core::Delivery& delivery);
  void note_heard(const core::Delivery& delivery);
  boost::asio::awaitable<bool> record_heard();
  bool is_gateway() const { return channel_.kind() != core::ChannelKind::mqtt; }

  World& world_;
  ports::Channel& channel_;
  ports::AnswerDesk& answers_;
  Retirements& retirements_;
  Documents documents_;
  runtime::TaskGroup tasks_;
  runtime::Notifier wake_;
  runtime::Notifier to_settle_;
  runtime::Notifier settling_due_;
  /// Claimed, and not settled in the ledger yet. True: claimed once more meanwhile.
  std::unordered_map<std::uint64_t, bool> under_way_;
  std::vector<ports::DeliveryUpdate> settled_;
  std::map<core::DeliveryOutcome, double> attempts_;  ///< since the metric was told of them
  std::vector<ports::InboundAnswer> heard_;  ///< whom a gateway says it has reached: recorded before the rows are
  std::size_t in_flight_ = 0;
  core::SendMeter meter_;
};

}  // namespace tuanyuan::engine
