#include "simulation/world/broker.hpp"

#include "adapters/wire/answer_codec.hpp"
#include "simulation/people/station.hpp"

namespace tuanyuan::simulation {
namespace {

using std::chrono::seconds;

constexpr Span hop_min{2};
constexpr Span hop_max{60};
constexpr Span down_max{std::chrono::seconds(40)};

core::AlertId alert_of(const mqtt::Topic& topic) {
  if (const auto* area = std::get_if<mqtt::NoticeTopic>(&topic)) {
    return area->alert_id;
  }
  const auto* direct = std::get_if<mqtt::DirectTopic>(&topic);
  return direct == nullptr ? core::AlertId() : direct->alert_id;
}

}  // namespace

Broker::Broker(Stage& stage) : stage_(stage), random_(stage.random.fork("broker")) {}

// The daemon -----------------------------------------------------------------------------------------------------

bool Broker::connect(BrokerClient& daemon) {
  const ports::Clock::Steady now = stage_.clock.steady_now();
  if (now < down_until_ || now < daemon_cut_until_) {
    return false;
  }
  daemon_ = &daemon;
  ++connection_;
  inward_ = outward_ = now;
  stage_.trace("broker: daemon connected", connection_);
  for (const auto& [topic, payload] : retained_) {
    to_daemon(topic, payload);
  }
  for (const auto& [who, online] : presence_) {
    say_presence(who, online);
  }
  return true;
}

void Broker::disconnect() {
  daemon_ = nullptr;
  ++connection_;
}

void Broker::lose_daemon() {
  BrokerClient* const daemon = daemon_;
  disconnect();
  if (daemon != nullptr) {
    stage_.trace("broker: daemon lost");
    daemon->lost();
  }
}

CopyPtr Broker::read(const mqtt::Topic& topic, const core::AlertId& alert, const Payload& payload) {
  CopyPtr& known = read_[payload.get()];
  if (!known) {
    known = read_copy(topic, alert, payload);
  }
  auto copy = std::make_shared<Copy>(*known);
  copy->topic = topic;
  copy->alert_id = alert;
  return copy;
}

void Broker::publish(mqtt::Outgoing message, std::function<void()> puback) {
  const auto topic = stage_.topics.parse(message.topic);
  if (!topic) {
    return;
  }
  CopyPtr copy;
  const core::AlertId alert = alert_of(topic->topic);
  if (!alert.empty() && topic->encoding == mqtt::Encoding::protobuf) {
    copy = read(topic->topic, alert, message.payload);
    if (copy->notice) {
      stage_.truth.left(copy->alert_id, copy->notice);
    }
    stage_.jury.tell(&Checker::sent, *copy);
  }
  if (stage_.faults.strikes(Fault::publish_lost)) {
    // A connection loses only its end.
    stage_.clock.after(Span(1), [this, connection = connection_] {
      if (connection == connection_) {
        lose_daemon();
      }
    });
    return;
  }
  Span hop = random_.between(hop_min, hop_max);
  if (stage_.faults.strikes(Fault::message_delayed)) {
    hop += random_.between(Span(0), stall_max);
  }
  inward_ = std::max(inward_, stage_.clock.steady_now() + hop);
  const bool unanswered = stage_.faults.strikes(Fault::puback_lost);
  const Span back = random_.between(hop_min, hop_max);
  stage_.clock.at(inward_, [this, connection = connection_, message = std::move(message), topic = *topic, copy,
                            puback = std::move(puback), unanswered, back] {
    if (connection != connection_) {
      return;
    }
    accept(message, topic, copy);
    if (!unanswered) {
      stage_.clock.after(back, [this, connection, puback] {
        if (connection == connection_) {
          puback();
        }
      });
    }
  });
}

void Broker::accept(const mqtt::Outgoing& message, const mqtt::ParsedTopic& topic, const CopyPtr& copy) {
  if (const auto* receipts = std::get_if<mqtt::ReceiptTopic>(&topic.topic)) {
    return give_receipts(receipts->recipient, message.payload);
  }
  stage_.trace("broker: has", message.topic, copy && copy->notice ? copy->notice->version.revision : 0,
               message.payload ? message.payload->size() : 0);
  if (message.payload) {
    retained_[message.topic] = message.payload;
    copies_[message.topic] = copy;
  } else {
    retained_.erase(message.topic);
    copies_.erase(message.topic);
  }
  stage_.jury.tell(&Checker::retained, message.topic, message.payload, copy);
  if (copy) {
    spread(topic, copy);
  }
}

void Broker::spread(const mqtt::ParsedTopic& topic, const CopyPtr& copy) {
  for (const auto& [id, station] : sessions_) {
    if (hears(*station, topic.topic)) {
      forward(*station, copy);
    }
  }
}

void Broker::give_receipts(const core::RecipientId& to, const Payload& payload) {
  const auto session = sessions_.find(to);
  v1::Receipt message;
  if (session == sessions_.end() || !payload || !message.ParseFromString(*payload)) {
    return;
  }
  if (core::Result<core::Receipt> receipt = wire::from_proto(message)) {
    const auto deliver = [receipt = *receipt](Station& station) { station.hear(receipt); };
    forward(*session->second, deliver, deliver, core::AlertId());
  }
}

void Broker::to_daemon(const std::string& topic, const Payload& payload) {
  if (daemon_ == nullptr) {
    return;  // nothing is kept for a daemon that is away
  }
  outward_ = std::max(outward_, stage_.clock.steady_now() + random_.between(hop_min, hop_max));
  stage_.clock.at(outward_, [this, connection = connection_, topic, payload] {
    if (connection == connection_ && daemon_ != nullptr) {
      daemon_->arrived(topic, payload);
    }
  });
}

void Broker::say_presence(const core::RecipientId& who, bool online) {
  presence_[who] = online;
  to_daemon(stage_.topics.of(mqtt::PresenceTopic{who}),
            std::make_shared<const std::string>(online ? "online" : "offline"));
}

void Broker::cut_off_daemon(Span how_long) {
  stage_.trace("broker: daemon cut off", how_long.count());
  daemon_cut_until_ = stage_.clock.steady_now() + how_long;
  lose_daemon();
}

void Broker::restart() {
  stage_.trace("broker: restarts");
  down_until_ = stage_.clock.steady_now() + random_.between(Span(100), down_max);
  retained_.clear();
  copies_.clear();
  presence_.clear();
  lose_daemon();
  const auto sessions = std::exchange(sessions_, {});
  for (const auto& [id, station] : sessions) {
    station->lost();
  }
}

void Broker::heal() {
  down_until_ = daemon_cut_until_ = stage_.clock.steady_now();
}

// The stations ---------------------------------------------------------------------------------------------------

bool Broker::hears(const Station& station, const mqtt::Topic& topic) {
  const core::Recipient& who = station.plan().recipient;
  if (const auto* area = std::get_if<mqtt::NoticeTopic>(&topic)) {
    return area->audience == who.audience && area->division == who.division;
  }
  const auto* direct = std::get_if<mqtt::DirectTopic>(&topic);
  return direct != nullptr && direct->recipient == who.id;
}

bool Broker::connect(Station& station) {
  if (stage_.clock.steady_now() < down_until_) {
    return false;
  }
  sessions_[station.plan().recipient.id] = &station;
  say_presence(station.plan().recipient.id, true);
  for (const auto& [topic, copy] : copies_) {
    if (copy && hears(station, copy->topic)) {
      forward(station, copy);
    }
  }
  return true;
}

void Broker::disconnect(Station& station) {
  if (sessions_.erase(station.plan().recipient.id) != 0) {
    say_presence(station.plan().recipient.id, false);
  }
}

void Broker::cut_off(Station& station, Span how_long) {
  disconnect(station);
  station.lost(how_long);
}

/// What is sent again comes with what followed it on its topic, as QoS 1 has it (MQTT 5, section 4.6).
void Broker::forward(Station& station, const CopyPtr& copy) {
  const std::pair place(station.plan().recipient.id, stage_.topics.of(copy->topic));
  last_sent_[place] = copy;
  const auto deliver = [copy](Station& to) { to.hear(*copy); };
  const auto repeat = [this, copy, place](Station& to) {
    to.hear(*copy);
    const CopyPtr newest = last_sent_[place];
    if (newest != copy) {
      to.hear(*newest);
    }
  };
  forward(station, deliver, repeat, copy->alert_id);
}

/// To a station, while it stays connected. Messages of one alert keep their order; others may overtake them.
void Broker::forward(Station& station, const std::function<void(Station&)>& delivery,
                     const std::function<void(Station&)>& repeat, const core::AlertId& order) {
  Faults& faults = stage_.faults;
  if (faults.strikes(Fault::message_lost)) {
    stage_.clock.after(Span(1), [this, &station, session = station.session()] {
      if (session == station.session()) {
        cut_off(station, random_.between(seconds(1), seconds(60)));
      }
    });
    return;
  }
  Span hop = random_.between(hop_min, hop_max);
  if (faults.strikes(Fault::message_delayed)) {
    hop += random_.between(Span(0), stall_max);
  }
  const auto arrival_of = [&station](const std::function<void(Station&)>& what) {
    return [&station, session = station.session(), what] {
      if (session == station.session()) {
        what(station);
      }
    };
  };
  stage_.clock.at(station.in_order(order, hop), arrival_of(delivery));
  if (faults.strikes(Fault::message_repeated)) {
    stage_.clock.after(hop + random_.between(Span(0), repeat_max), arrival_of(repeat));
  }
}

void Broker::send(const Station& station, std::string topic, Payload payload) {
  Faults& faults = stage_.faults;
  if (faults.strikes(Fault::message_lost)) {
    return;  // under load a broker drops what it has acknowledged
  }
  Span hop = random_.between(hop_min, hop_max);
  if (faults.strikes(Fault::message_delayed)) {
    hop += random_.between(Span(0), stall_max);
  }
  const int times = faults.strikes(Fault::message_repeated) ? 2 : 1;
  for (int time = 0; time < times; ++time) {
    stage_.clock.after(hop, [this, topic, payload] { to_daemon(topic, payload); });
    hop += random_.between(Span(0), repeat_max);
  }
  static_cast<void>(station);
}

}  // namespace tuanyuan::simulation
