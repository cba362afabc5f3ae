#include "simulation/world/daemon.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::simulation {
namespace {

using std::chrono::seconds;

constexpr seconds tick_every{60};

mqtt::Corrections::Limits correction_limits() {
  return mqtt::Corrections::Limits{mqtt::corrections_pending_max, mqtt::corrections_per_topic_per_minute_max,
                                   seconds(30)};
}

engine::Settings settings(const Scenario& scenario) {
  engine::Settings settings;
  settings.lookout = scenario.lookout;
  settings.display = scenario.display;
  settings.recall_retention = scenario.retention.value_or(settings.recall_retention);
  settings.chase.recall_again = scenario.recall_again;
  settings.chase_grace = std::chrono::duration_cast<core::Duration>(scenario.chase_grace);
  return settings;
}

}  // namespace

Daemon::Daemon(Stage& stage, Broker& broker, Gateway& gateway)
    : stage_(stage),
      log_(stage),
      metrics_(stage),
      entropy_(stage.random.next()),
      ledger_(loop_, stage),
      link_(loop_, stage, broker, link_events()),
      notices_(link_, stage.topics, stage.clock),
      watch_(loop_.get_executor(), notices_, stage.topics, stage.clock, log_, metrics_, correction_limits()),
      intake_(loop_.get_executor(), link_, stage.topics, log_, metrics_, [this] { intake_.kick(); }),
      channel_(*this),
      gateway_(stage, gateway),
      engine_(loop_.get_executor(), tools(), settings(stage.scenario)),
      tasks_(loop_.get_executor()) {}

Daemon::~Daemon() {
  loop_.drop();
}

engine::Tools Daemon::tools() {
  return engine::Tools{ledger_,  stage_.vault, stage_.notary, stage_.pictures, stage_.codec, stage_.clock,
                       entropy_, metrics_,     log_,          stage_.pool};
}

BrokerLink::Events Daemon::link_events() {
  BrokerLink::Events events;
  events.up = [this] {
    watch_.on_up();
    engine_.wake();
  };
  events.down = [this] {
    watch_.on_down();
    engine_.answers().nobody_online();
  };
  events.message = [this](const std::string& topic, const std::shared_ptr<const std::string>& payload) {
    message(topic, payload);
  };
  return events;
}

void Daemon::spawn(boost::asio::awaitable<void> call) {
  boost::asio::co_spawn(loop_.get_executor(), std::move(call), [](const std::exception_ptr& failure) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  });
}

void Daemon::start() {
  spawn(begin());
}

boost::asio::awaitable<void> Daemon::begin() {
  const core::Result<void> recovered = co_await engine_.recover();
  if (!recovered) {
    stage_.trace("daemon: cannot recover");
    loop_.crash();
    co_return;
  }
  intake_.attach(engine_.answers());
  watch_.attach(engine_.retained());
  tasks_.spawn(watch_.reassert_when_due());
  tasks_.spawn(watch_.put_right());
  tasks_.spawn(tick());
  link_.start();
  engine_.add_channel(channel_);
  if (stage_.scenario.has_gateway) {
    engine_.add_gateway(gateway_, engine::GatewayLimits());
  }
  engine_.start_clock();
  ready_ = true;
  stage_.trace("daemon: ready");
  stage_.jury.tell(&Checker::started);
}

void Daemon::stop() {
  ready_ = false;
  spawn(end());
}

boost::asio::awaitable<void> Daemon::end() {
  co_await engine_.stop();
  co_await intake_.stop(stage_.clock);
  tasks_.cancel_all();
  co_await tasks_.join();
  link_.stop();
  stage_.trace("daemon: stopped");
  loop_.crash();
}

boost::asio::awaitable<void> Daemon::tick() {
  for (;;) {
    co_await stage_.clock.sleep_until(stage_.clock.steady_now() + tick_every);
    notices_.sweep();
    co_await engine_.refresh_gauges();
  }
}

/// As mqtt::Broker routes it.
void Daemon::message(const std::string& topic, const std::shared_ptr<const std::string>& payload) {
  const auto parsed = stage_.topics.parse(topic);
  if (!parsed) {
    return;
  }
  if (const auto* answer = std::get_if<mqtt::AcknowledgementTopic>(&parsed->topic)) {
    mqtt::Incoming incoming;
    incoming.keep = payload;
    incoming.topic = topic;
    incoming.payload = *payload;
    intake_.acknowledgement(incoming, answer->recipient);
    intake_.kick();
  } else if (const auto* sighting = std::get_if<mqtt::SightingTopic>(&parsed->topic)) {
    mqtt::Incoming incoming;
    incoming.keep = payload;
    incoming.topic = topic;
    incoming.payload = *payload;
    intake_.sighting(incoming, sighting->recipient);
  } else if (const auto* presence = std::get_if<mqtt::PresenceTopic>(&parsed->topic)) {
    engine_.answers().presence(presence->recipient, *payload == "online");
  } else {
    watch_.seen(*parsed, payload ? std::string_view(*payload) : std::string_view());
  }
}

boost::asio::awaitable<ports::SendResult> Daemon::MqttChannel::send(const ports::Dispatch& dispatch) {
  Stage& stage = daemon_.stage_;
  stage.jury.tell(&Checker::handed, kind(), dispatch);
  if (stage.faults.strikes(Fault::crash_in_send)) {
    const bool sent = stage.faults.random(Fault::crash_in_send).chance(0.5);
    stage.trace("crash in send", sent);
    daemon_.loop_.crash();
    if (!sent) {
      ports::SendResult nobody_hears;
      co_return nobody_hears;
    }
  }
  co_return co_await daemon_.notices_.send(dispatch);
}

}  // namespace tuanyuan::simulation
