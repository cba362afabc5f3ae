#pragma once

#include <deque>

#include "ports/clock.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::engine {

/// Takes its time, and answers the next ones as it is told; then as always.
class SlowWire final : public test::RecordingChannel {
 public:
  explicit SlowWire(ports::Clock& clock, core::ChannelKind kind = core::ChannelKind::webhook)
      : RecordingChannel(kind), clock_(clock) {}

  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override {
    sent.push_back(dispatch);
    ports::SendResult result;
    result.outcome = answers;
    result.retry_after = retry_after;
    core::Duration time = takes;
    if (!script.empty()) {
      result = script.front().result;
      time = script.front().takes;
      script.pop_front();
    }
    co_await clock_.sleep_until(clock_.steady_now() + time);
    co_return result;
  }

  struct Answer {
    Answer(core::DeliveryOutcome outcome, core::Duration time, core::Duration retry_after = core::Duration(0))
        : takes(time) {
      result.outcome = outcome;
      result.retry_after = retry_after;
    }
    ports::SendResult result;
    core::Duration takes;
  };
  std::deque<Answer> script;
  core::Duration takes{0};

 private:
  ports::Clock& clock_;
};

}  // namespace tuanyuan::engine
