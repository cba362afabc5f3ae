#include "adapters/mqtt/broker.hpp"

#include <boost/asio/post.hpp>
#include <charconv>
#include <utility>

#include "adapters/mqtt/limits.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"

namespace tuanyuan::mqtt {
namespace {

constexpr std::chrono::seconds tick_every{1};
constexpr int ticks_a_sweep = 60;

Corrections::Limits correction_limits(const Settings& settings) {
  return Corrections::Limits{corrections_pending_max, corrections_per_topic_per_minute_max,
                             settings.stranger_grace};
}

}  // namespace

/// Where a message goes, by its topic.
struct Broker::Route {
  Broker& broker;
  const Incoming& message;
  const ParsedTopic& parsed;

  void operator()(const AcknowledgementTopic& topic) const {
    if (broker.canary_.is_mine(topic.recipient)) {
      broker.canary_.acknowledgement_arrived(message.payload);
    } else {
      broker.intake_.acknowledgement(message, topic.recipient);
    }
  }
  void operator()(const SightingTopic& topic) const { broker.intake_.sighting(message, topic.recipient); }
  void operator()(const PresenceTopic& topic) const {
    const auto online =
        message.payload.size() <= presence_bytes_max ? decode_presence(message.payload) : std::nullopt;
    if (online) {
      broker.desk_->presence(topic.recipient, *online);
    }
  }
  void operator()(const DirectTopic& topic) const {
    if (broker.canary_.is_mine(topic.recipient)) {
      broker.tasks_.spawn(broker.canary_.notice_arrived(topic.alert_id, std::string(message.payload)));
    } else {
      broker.watch_.seen(parsed, message.payload);
    }
  }
  void operator()(const NoticeTopic&) const { broker.watch_.seen(parsed, message.payload); }
  void operator()(const PhotoTopic&) const { broker.watch_.seen(parsed, message.payload); }
  // Ours alone, and not subscribed to but by a wildcard.
  void operator()(const DirectSightingTopic&) const {}
  void operator()(const ReceiptTopic&) const {}
  void operator()(const KeysTopic&) const {}
};

Broker::Broker(boost::asio::any_io_executor executor, Settings settings, Surroundings surroundings)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      surroundings_(surroundings),
      topics_(settings_.prefix),
      client_(PahoClient::create(executor_, surroundings.clock, settings_, *this)),
      channel_(*client_, topics_, surroundings.clock),
      watch_(executor_, channel_, topics_, surroundings.clock, surroundings.log, surroundings.metrics,
             correction_limits(settings_)),
      intake_(executor_, *client_, topics_, surroundings.log, surroundings.metrics, [this] { drain(); }),
      canary_(executor_, *client_, topics_, surroundings.clock, settings_.canary),
      link_(executor_, surroundings.clock, surroundings.entropy, surroundings.log, settings_.broker,
            topics_.filters(settings_.canary), *this),
      tasks_(executor_) {}

Broker::~Broker() = default;

void Broker::start(ports::AnswerDesk& desk, ports::RetainedTruth& truth) {
  desk_ = &desk;
  intake_.attach(desk);
  watch_.attach(truth);
  report();
  tasks_.spawn(watch_.reassert_when_due());
  tasks_.spawn(watch_.put_right());
  tasks_.spawn(tick());
  link_.start(*client_);
}

boost::asio::awaitable<void> Broker::stop() {
  stopping_ = true;
  client_->hold_back(false);
  co_await intake_.stop(surroundings_.clock);
  tasks_.cancel_all();
  co_await tasks_.join();
  co_await link_.stop();
}

std::size_t Broker::in_flight_max() const {
  return dispatches_in_flight_max;
}

boost::asio::awaitable<ports::SendResult> Broker::send(const ports::Dispatch& dispatch) {
  return channel_.send(dispatch);
}

void Broker::set_keys(const ports::PublishedKeys& keys) {
  keys_.clear();
  keys_.emplace_back(topics_.of(KeysTopic{}), std::make_shared<const std::string>(keys.protobuf), protobuf_type);
  keys_.emplace_back(topics_.of(KeysTopic{}, Encoding::json), std::make_shared<const std::string>(keys.json),
                     json_type);
  for (Outgoing& message : keys_) {
    message.retain = true;
  }
  if (is_up()) {
    tasks_.spawn(publish_keys());
  }
}

boost::asio::awaitable<void> Broker::publish_keys() {
  core::DeliveryOutcome outcome = core::DeliveryOutcome::retry;
  while (is_up() && outcome != core::DeliveryOutcome::accepted) {
    std::vector<Outgoing> messages = keys_;
    outcome = co_await client_->publish(std::move(messages));
    if (outcome != core::DeliveryOutcome::accepted) {
      surroundings_.log.warning("broker.keys_not_published", {{"outcome", std::string(core::to_string(outcome))}});
      co_await surroundings_.clock.sleep_until(surroundings_.clock.steady_now() + reassert_again_after);
    }
  }
}

boost::asio::awaitable<core::DeliveryOutcome> Broker::publish_sighting(std::vector<core::RecipientId> recipients,
                                                                       core::Sighting sighting) {
  const v1::Sighting message = wire::to_proto(sighting);
  const auto protobuf = std::make_shared<const std::string>(message.SerializeAsString());
  const auto json = std::make_shared<const std::string>(wire::encode_json(message));
  std::vector<Outgoing> messages;
  for (const core::RecipientId& recipient : recipients) {
    const Topic topic = DirectSightingTopic{recipient, sighting.sighting_id};
    messages.emplace_back(topics_.of(topic), protobuf, protobuf_type);
    messages.emplace_back(topics_.of(topic, Encoding::json), json, json_type);
  }
  return client_->publish(std::move(messages));
}

void Broker::on_link_up() {
  report();
  if (!keys_.empty()) {
    tasks_.spawn(publish_keys());
  }
  watch_.on_up();
  drain();
}

void Broker::on_link_down() {
  report();
  watch_.on_down();
  if (desk_ != nullptr) {
    desk_->nobody_online();  // a broker that restarts has forgotten who was there, and sends no wills
  }
}

bool Broker::may_take() {
  if (client_->receipts_full()) {
    client_->await_receipts();
    return false;
  }
  return !stopping_ && desk_ != nullptr && !intake_.full();
}

void Broker::drain() {
  if (draining_) {
    return;  // from within: the outer one goes on
  }
  draining_ = true;
  client_->begin_drain();
  std::size_t taken = 0;
  bool open = may_take();
  while (open && taken < drain_slice_max) {
    const auto message = client_->next_message();
    if (!message) {
      break;
    }
    route(*message);
    ++taken;
    open = may_take();
  }
  intake_.kick();
  if (!open) {
    client_->hush();  // the desk's answer or the broker's PUBACKs bring us back
  } else if (taken == drain_slice_max) {
    client_->hush();
    boost::asio::post(executor_, [weak = std::weak_ptr<PahoClient>(client_), this] {
      if (weak.lock()) {
        drain();
      }
    });
  }
  client_->hold_back(!stopping_ && !client_->receipts_full());
  draining_ = false;
}

void Broker::route(const Incoming& message) {
  if (message.topic == dropped_messages_topic) {
    double dropped = 0;
    const char* end = message.payload.data() + message.payload.size();
    if (std::from_chars(message.payload.data(), end, dropped).ec == std::errc{}) {
      surroundings_.metrics.set("tuanyuan_broker_messages_dropped", {{"broker", settings_.broker}}, dropped);
    }
    return;
  }
  const auto parsed = topics_.parse(message.topic);
  if (!parsed) {
    surroundings_.metrics.add("tuanyuan_broker_answers_total", {{"result", "unknown_topic"}});
    return;
  }
  std::visit(Route{*this, message, *parsed}, parsed->topic);
}

boost::asio::awaitable<void> Broker::tick() {
  for (int ticks = 1;; ++ticks) {
    co_await surroundings_.clock.sleep_until(surroundings_.clock.steady_now() + tick_every);
    client_->expire();
    report();
    if (ticks % ticks_a_sweep == 0) {
      channel_.sweep();
    }
  }
}

void Broker::report() {
  ports::Metrics& metrics = surroundings_.metrics;
  const PahoClient::Counters now = client_->counters();
  const auto grown = [](std::uint64_t after, std::uint64_t before) { return static_cast<double>(after - before); };
  metrics.set("tuanyuan_broker_connected", {{"broker", settings_.broker}}, is_up() ? 1 : 0);
  metrics.set("tuanyuan_broker_inbox_messages", {}, static_cast<double>(client_->inbox_depth()));
  metrics.set("tuanyuan_broker_receipts_in_flight", {}, static_cast<double>(now.receipts_in_flight));
  metrics.add("tuanyuan_broker_received_total", {}, grown(now.received, reported_.received));
  metrics.add("tuanyuan_broker_inbox_dropped_total", {}, grown(now.dropped, reported_.dropped));
  metrics.add("tuanyuan_broker_receipts_lost_total", {}, grown(now.receipts_lost, reported_.receipts_lost));
  reported_ = now;
}

}  // namespace tuanyuan::mqtt
