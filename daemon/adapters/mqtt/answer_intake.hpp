#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/outlet.hpp"
#include "ports/answer_desk.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::mqtt {

/// Brings acknowledgements and sightings to the desk and the desk's receipts to where they belong. What comes in
/// while a batch is being committed makes the next batch; a few batches are under way at once. A receipt leaves
/// only after the desk has answered, which is after the commit; where the desk could commit nothing there is no
/// receipt, and the station repeats. Loop thread.
class AnswerIntake {
 public:
  /// `on_room` is called when the intake was full and is not any more.
  AnswerIntake(boost::asio::any_io_executor executor, ReceiptOutlet& outlet, const Topics& topics, ports::Log& log,
               ports::Metrics& metrics, std::function<void()> on_room);

  void attach(ports::AnswerDesk& desk) { desk_ = &desk; }

  void acknowledgement(const Incoming& message, const core::RecipientId& connection);
  /// Beyond sightings_waiting_max it is dropped and counted; the station repeats it.
  void sighting(const Incoming& message, const core::RecipientId& connection);

  /// Whether acknowledgements have to wait for the desk.
  bool full() const;
  /// Sends a batch on its way if it is time to; to be called when the inbox is empty for the moment.
  void kick();

  /// Lets what is under way come to its end, until answers_finish_deadline; then cancels it.
  boost::asio::awaitable<void> stop(ports::Clock& clock);

 private:
  struct Batch {
    std::vector<ports::InboundAnswer> answers;
    std::vector<ReplyTo> replies;
    Batch() = default;
  };
  struct WaitingSighting {
    core::RecipientId connection;
    core::Sighting sighting;
    ReplyTo reply;
    WaitingSighting() = default;
  };

  boost::asio::awaitable<void> submit(Batch batch);
  boost::asio::awaitable<void> submit_sighting(WaitingSighting waiting);
  void start_sightings();
  void refuse(const Malformed& malformed, const ReplyTo& reply);
  void count(std::string_view result, std::size_t number = 1);

  ReceiptOutlet& outlet_;
  const Topics& topics_;
  ports::Log& log_;
  ports::Metrics& metrics_;
  std::function<void()> on_room_;
  ports::AnswerDesk* desk_ = nullptr;
  Batch gathering_;
  std::size_t batches_in_flight_ = 0;
  std::deque<WaitingSighting> sightings_;
  std::size_t sightings_in_flight_ = 0;
  runtime::TaskGroup tasks_;
};

}  // namespace tuanyuan::mqtt
