#pragma once

#include <string_view>
#include <vector>

#include "adapters/mqtt/corrections.hpp"
#include "adapters/mqtt/notice_channel.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/retained_truth.hpp"
#include "runtime/event.hpp"
#include "runtime/wall_watch.hpp"

namespace tuanyuan::mqtt {

/// Keeps the broker's retained messages to what the ledger says: all that is in force goes out at each connect,
/// and when the wall clock was set back: what had run out by the wrong time is in force again; and whatever is
/// seen on our topics that should not be there is put right, within the budget of Corrections. Loop thread.
class RetainedWatch {
 public:
  RetainedWatch(boost::asio::any_io_executor executor, NoticeChannel& channel, const Topics& topics,
                ports::Clock& clock, ports::Log& log, ports::Metrics& metrics, Corrections::Limits limits);

  void attach(ports::RetainedTruth& truth) { truth_ = &truth; }

  /// A message on one of our retained topics.
  void seen(const ParsedTopic& topic, std::string_view payload);
  void on_up();
  void on_down();

  /// Both for ever; to be spawned once each.
  boost::asio::awaitable<void> reassert_when_due();
  boost::asio::awaitable<void> put_right();

 private:
  boost::asio::awaitable<bool> reassert();
  boost::asio::awaitable<void> correct(Corrections::Due due);
  ports::RetainedVerdict judge(const ParsedTopic& topic, const ports::RetainedSeen& seen,
                               std::string_view payload);

  NoticeChannel& channel_;
  const Topics& topics_;
  ports::Clock& clock_;
  ports::Log& log_;
  ports::Metrics& metrics_;
  ports::RetainedTruth* truth_ = nullptr;
  Corrections corrections_;
  runtime::WallWatch wall_;
  runtime::Notifier connected_;
  runtime::Notifier changed_;
  bool up_ = false;
  std::uint64_t connection_ = 0;  ///< counts them, so that a reassertion knows its own is over
};

/// What a message on one of our own topics says. Nothing for topics that are not watched.
std::optional<ports::RetainedSeen> seen_of(const ParsedTopic& topic, std::string_view payload);

}  // namespace tuanyuan::mqtt
