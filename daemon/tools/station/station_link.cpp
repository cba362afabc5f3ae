#include "tools/station/station_link.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"
#include "tools/station/random.hpp"

namespace tuanyuan::station {
namespace {

/// To say good-bye in.
constexpr Steady finish_ms_max{2'000};

}  // namespace

StationLink::StationLink(boost::asio::any_io_executor executor, LinkHost& host, StationMind mind,
                         Credentials credentials, std::optional<Flapping> flapping, std::uint64_t seed)
    : host_(host),
      mind_(std::move(mind)),
      session_(host.limits()),
      credentials_(std::move(credentials)),
      timer_(std::move(executor)),
      flapping_(flapping),
      random_(seed) {}

void StationLink::ask_for_turn() {
  state_ = State::queued;
  host_.wants_turn(*this);
}

void StationLink::connect(const TlsConnection::Endpoints& endpoints) {
  state_ = State::connecting;
  deadline_ = host_.now().steady + connect_ms_max;
  connection_ = std::make_shared<TlsConnection>(timer_.get_executor(), static_cast<Listener&>(*this));
  connection_->open(endpoints, host_.broker_host(), host_.tls(), credentials_, tls_session_.get());
  arm(host_.now());
}

void StationLink::opened() {
  mqtt5::Connect request;
  request.client_id = mind_.id().value;
  request.keep_alive_s = keep_alive_s;
  request.session_expiry_s = host_.session_expiry_s();
  request.clean_start = !was_connected_before_ || request.session_expiry_s == 0;
  request.packet_bytes_max = static_cast<std::uint32_t>(host_.limits().packet_bytes_max);
  request.will.emplace();
  request.will->topic = mind_.topics().presence();
  request.will->payload = "offline";
  request.will->qos = mqtt5::Qos::at_least_once;
  request.will->retain = true;
  session_.open(request, host_.now().steady);
  pump();
}

void StationLink::received(std::span<const std::uint8_t> octets) {
  session_.receive(octets, host_.now().steady);
  pump();
}

void StationLink::drained() {
  if (state_ == State::finishing) {
    connection_->close();
    connection_.reset();
    session_.lost();
    state_ = State::finished;
    timer_.cancel();
    host_.is_finished(*this);
    return;
  }
  pump();
}

void StationLink::closed(const std::string& reason) {
  break_off(reason);
}

void StationLink::pump() {
  const auto self = shared_from_this();
  const Moment now = host_.now();
  if (state_ == State::finishing || state_ == State::finished) {
    return;
  }
  for (mqtt5::Event& event : session_.take_events()) {
    on_event(std::move(event), now);
    if (connection_ == nullptr) {
      return;
    }
  }
  for (std::vector<Wish> wishes = mind_.take_wishes(); !wishes.empty(); wishes = mind_.take_wishes()) {
    for (Wish& wish : wishes) {
      fulfil(std::move(wish), now);
    }
  }
  if (is_connected()) {
    const std::size_t room = host_.limits().waiting_max - session_.waiting();
    for (OutgoingAnswer& answer : mind_.take_answers(now, room)) {
      publish(std::move(answer.topic), std::move(answer.payload), false, now);
    }
  }
  flush();
  arm(now);
}

void StationLink::flush() {
  if (connection_ != nullptr && !connection_->is_writing() && session_.has_output()) {
    connection_->write(session_.take_output());
  }
}

void StationLink::on_event(mqtt5::Event event, Moment now) {
  if (std::holds_alternative<mqtt5::Connected>(event)) {
    state_ = State::subscribing;
    was_connected_before_ = true;
    subscription_ = 0;
    mind_.connected(now);
  } else if (const auto* message = std::get_if<mqtt5::Message>(&event)) {
    mind_.message(message->publish.topic, message->publish.payload, now);
  } else if (const auto* subscribed = std::get_if<mqtt5::Subscribed>(&event)) {
    on_subscribed(*subscribed);
  } else if (const auto* published = std::get_if<mqtt5::Published>(&event)) {
    if (mqtt5::is_error(published->reason)) {
      host_.notable(*this, "publish-refused", {}, std::to_string(static_cast<int>(published->reason)));
    }
  } else if (const auto* failed = std::get_if<mqtt5::Failed>(&event)) {
    flush();
    break_off(std::string(describe(failed->error)) + ", reason " +
              std::to_string(static_cast<int>(failed->reason)));
  }
}

/// Up is who has everything it asked for; with a topic refused it would look ready and hear nothing.
void StationLink::on_subscribed(const mqtt5::Subscribed& subscribed) {
  if (std::any_of(subscribed.reasons.begin(), subscribed.reasons.end(), mqtt5::is_error)) {
    host_.notable(*this, "subscription-refused", {}, {});
    if (subscribed.token == subscription_) {
      break_off("subscription refused");
    }
    return;
  }
  if (subscribed.token == subscription_ && state_ == State::subscribing) {
    state_ = State::up;
    failures_ = 0;
    if (flapping_) {
      flap_at_ = host_.now().steady + draw(flapping_->up_shortest, flapping_->up_longest);
    }
    host_.is_up(*this);
  }
}

void StationLink::fulfil(Wish wish, Moment now) {
  if (const auto* subscription = std::get_if<SubscribeTo>(&wish)) {
    subscribe(*subscription, now);
  } else if (auto* unsubscription = std::get_if<UnsubscribeFrom>(&wish)) {
    mqtt5::Unsubscribe request;
    request.filters = {std::move(unsubscription->filter)};
    session_.unsubscribe(std::move(request), now.steady);
  } else if (auto* online = std::get_if<SayOnline>(&wish)) {
    publish(std::move(online->topic), "online", true, now);
  } else if (const auto* showing = std::get_if<Show>(&wish)) {
    show(*showing);
  } else if (const auto* removal = std::get_if<TakeDown>(&wish)) {
    take_down(*removal);
  } else if (const auto* sighting = std::get_if<ShowSighting>(&wish)) {
    host_.display().sighting(mind_.id(), *sighting);
  } else if (auto* wanted = std::get_if<FetchPhoto>(&wish)) {
    host_.fetch_photo(*this, std::move(*wanted));
  } else if (const auto* rejected = std::get_if<Rejected>(&wish)) {
    host_.notable(*this, "rejected", rejected->alert_id, describe(rejected->verdict));
  }
}

/// Without a connection there is nothing to ask: connected() asks for everything again.
void StationLink::subscribe(const SubscribeTo& wish, Moment now) {
  mqtt5::Subscribe request;
  for (const std::string& filter : wish.filters) {
    request.subscriptions.emplace_back(filter);
  }
  const auto token = session_.subscribe(std::move(request), now.steady);
  if (token && subscription_ == 0) {
    subscription_ = *token;
  }
}

void StationLink::publish(std::string topic, std::string payload, bool retain, Moment now) {
  mqtt5::Publish message;
  message.topic = std::move(topic);
  message.payload = std::move(payload);
  message.qos = mqtt5::Qos::at_least_once;
  message.retain = retain;
  if (!retain && host_.wants_batches()) {
    message.properties.user_properties.emplace_back("receipts", "batch");
  }
  // What finds no room is an answer, and repeated until it has its receipt.
  session_.publish(std::move(message), now.steady);
}

void StationLink::photo(const core::AlertId& alert, std::string_view bytes) {
  mind_.photo(alert, bytes, host_.now());
  pump();
}

void StationLink::show(const Show& wish) {
  const core::AlertId alert = wish.notice->alert_id;
  const core::Version version = wish.notice->version;
  host_.display().show(mind_.id(), wish, [weak = weak_from_this(), alert, version](Shown shown) {
    if (const auto self = weak.lock()) {
      self->hear(alert, version, shown);
      self->come_round();
    }
  });
}

void StationLink::hear(const core::AlertId& alert, core::Version version, const Shown& shown) {
  const Moment now = host_.now();
  const Scope scope{version.revision, shown.recipient};
  switch (shown.kind) {
    case core::AnswerKind::removed:
      mind_.removed(alert, now, shown.recipient);
      break;
    case core::AnswerKind::unable:
      mind_.unable(alert, shown.reason, now, scope);
      break;
    default:
      mind_.displayed(alert, version, now, shown.recipient);
  }
  if (shown.kind == core::AnswerKind::confirmed) {
    mind_.confirm(alert, now, scope);
  } else if (shown.kind == core::AnswerKind::acting) {
    mind_.act(alert, now, scope);
  }
  if (!shown.recipient) {
    // One display for all: whom it is no more for has none that would have to be emptied.
    mind_.removed(alert, now);
  }
}

void StationLink::take_down(const TakeDown& wish) {
  host_.display().take_down(mind_.id(), wish, [weak = weak_from_this(), alert = wish.alert_id] {
    if (const auto self = weak.lock()) {
      self->mind_.removed(alert, self->host_.now());
      self->come_round();
    }
  });
}

/// The answer is sent by the timer, at once: the display may call back from within pump() itself.
void StationLink::come_round() {
  armed_for_.reset();
  arm(host_.now());
}

void StationLink::break_off(const std::string& reason) {
  if (state_ == State::finished || connection_ == nullptr) {
    return;
  }
  const bool was_up = state_ == State::up;
  if (auto session = connection_->take_session()) {
    tls_session_ = std::move(session);
  } else if (state_ == State::connecting) {
    tls_session_.reset();  // perhaps it was this that the server did not like
  }
  connection_->close();
  connection_.reset();
  session_.lost();
  flap_at_.reset();
  if (state_ == State::finishing) {
    state_ = State::finished;
    timer_.cancel();
    host_.is_finished(*this);
    return;
  }
  host_.is_down(*this, was_up, reason);
  put_off();
}

void StationLink::put_off() {
  failures_ += 1;
  come_back_after(core::backoff_delay(core::reconnect_backoff, failures_, split_mix(random_)));
}

void StationLink::come_back_after(Steady delay) {
  state_ = State::waiting;
  deadline_ = host_.now().steady + delay;
  armed_for_.reset();
  arm(host_.now());
}

void StationLink::finish() {
  const auto self = shared_from_this();
  const Moment now = host_.now();
  if (state_ == State::finished || state_ == State::finishing) {
    return;
  }
  if (!is_connected()) {
    if (connection_ != nullptr) {
      connection_->close();
      connection_.reset();
    }
    state_ = State::finished;
    timer_.cancel();
    host_.is_finished(*this);
    return;
  }
  state_ = State::finishing;
  deadline_ = now.steady + finish_ms_max;
  session_.close(mqtt5::ReasonCode::disconnect_with_will, now.steady);
  arm(now);
  connection_->write(session_.take_output());
}

void StationLink::arm(Moment now) {
  std::optional<Steady> next;
  const auto consider = [&](std::optional<Steady> at) {
    if (at) {
      next = next ? std::min(*next, *at) : *at;
    }
  };
  consider(mind_.display_deadline(now));
  consider(session_.deadline());
  if (is_connected()) {
    consider(flap_at_);
    // With no room for more, answers wait for a PUBACK, not for the clock.
    if (session_.waiting() < host_.limits().waiting_max) {
      consider(mind_.answers_due());
    }
  } else if (state_ != State::queued) {
    consider(deadline_);
  }
  // One that comes too early only looks and waits on; to move it with every message would cost more.
  if (!next || state_ == State::finished || (armed_for_ && *armed_for_ <= *next)) {
    return;
  }
  armed_for_ = next;
  timer_.expires_after(std::max(*next - now.steady, Steady{0}));
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (const auto self = weak.lock(); self != nullptr && !error) {
      self->armed_for_.reset();
      self->on_timer();
    }
  });
}

void StationLink::on_timer() {
  const Moment now = host_.now();
  switch (state_) {
    case State::finished:
      return;
    case State::queued:
      break;
    case State::waiting:
      if (deadline_ <= now.steady) {
        ask_for_turn();
        return;
      }
      break;
    case State::connecting:
      if (deadline_ <= now.steady) {
        break_off("no connection in time");
        return;
      }
      break;
    case State::finishing:
      if (deadline_ <= now.steady) {
        break_off("no good-bye in time");
        return;
      }
      break;
    case State::subscribing:
    case State::up:
      if (flap_at_ && *flap_at_ <= now.steady) {
        const Steady away = draw(flapping_->down_shortest, flapping_->down_longest);
        break_off("flapping");
        come_back_after(away);
        return;
      }
      break;
  }
  session_.tick(now.steady);
  mind_.tick(now);
  pump();
  arm(now);
}

Steady StationLink::draw(Steady shortest, Steady longest) {
  const auto span = static_cast<std::uint64_t>((longest - shortest).count()) + 1;
  return shortest + Steady(split_mix(random_) % span);
}

}  // namespace tuanyuan::station
