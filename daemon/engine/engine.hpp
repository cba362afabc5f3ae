#pragma once

#include <memory>
#include <vector>

#include "engine/answer_service.hpp"
#include "engine/auditor.hpp"
#include "engine/broadcaster.hpp"
#include "engine/case_service.hpp"
#include "engine/channel_service.hpp"
#include "engine/exercises.hpp"
#include "engine/gateway.hpp"
#include "engine/journal_service.hpp"
#include "engine/presence_keeper.hpp"
#include "engine/readiness.hpp"
#include "engine/recipient_service.hpp"
#include "engine/replies.hpp"
#include "engine/retained.hpp"
#include "engine/retirements.hpp"
#include "engine/timekeeper.hpp"
#include "engine/world.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::engine {

/// The whole of it: made, recovered from the ledger, given its channels, started. Loop thread.
class Engine {
 public:
  Engine(boost::asio::any_io_executor loop, Tools tools, Settings settings);

  /// Folds the journal and rebuilds directory and bitmaps. Before anything else; refuses (unavailable) when
  /// the ledger cannot be read whole, because a daemon that forgot something must not start.
  boost::asio::awaitable<core::Result<void>> recover();
  /// Starts the clock of the alerts (circles widen, silence is followed up, exercises begin and end) and the
  /// auditor who watches it.
  void start_clock();
  /// Starts sending by this channel, which has to outlive the engine.
  void add_channel(ports::Channel& channel);
  /// Likewise by a gateway, which gets its frame.
  void add_gateway(ports::Channel& wire, const GatewayLimits& limits);
  /// A channel came up, or anything else that makes another look at the outbox worthwhile.
  void wake();
  boost::asio::awaitable<void> stop();
  /// Brings the gauges up to date: alerts, silent and unreachable recipients, backlog.
  boost::asio::awaitable<void> refresh_gauges();

  ports::CaseDesk& cases() { return cases_; }
  AnswerService& answers() { return answers_; }
  RecipientService& recipients() { return recipients_; }
  ports::JournalDesk& journal() { return journal_; }
  ports::RetainedTruth& retained() { return retained_; }
  ports::ReadinessDesk& readiness() { return readiness_; }
  ports::ReplyDesk& replies() { return replies_; }
  ChannelService& channels() { return channels_; }
  Exercises& exercises() { return exercises_; }
  Auditor& auditor() { return auditor_; }
  World& world() { return world_; }

 private:
  void start_sending(ports::Channel& channel, Gateway* frame);
  boost::asio::awaitable<void> watch_outbox();

  World world_;
  Documents documents_;
  CaseService cases_;
  AnswerService answers_;
  Retirements retirements_;
  RecipientService recipients_;
  JournalService journal_;
  Retained retained_;
  Readiness readiness_;
  PresenceKeeper presence_;
  Replies replies_;
  Exercises exercises_;
  Timekeeper timekeeper_;
  Auditor auditor_;
  ChannelService channels_;
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::vector<std::unique_ptr<Broadcaster>> broadcasters_;
  runtime::TaskGroup tasks_;
};

}  // namespace tuanyuan::engine
