#include "adapters/mqtt/paho_client.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "adapters/mqtt/limits.hpp"
#include "adapters/mqtt/paho_bridge.hpp"
#include "runtime/reply.hpp"

namespace tuanyuan::mqtt {

/// Messages that are answered together.
struct PahoClient::Group {
  Group(boost::asio::any_io_executor executor, std::size_t count)
      : reply(std::make_shared<runtime::Reply<core::DeliveryOutcome>>(std::move(executor))), open(count) {}

  std::shared_ptr<runtime::Reply<core::DeliveryOutcome>> reply;
  std::size_t open;
  std::optional<core::DeliveryOutcome> worst;
};

/// Carries what the bridge's threads have to say to the loop. A client that is gone is told nothing.
struct PahoClient::Impl final : BridgeEvents {
  Impl(boost::asio::any_io_executor where, const Settings& settings)
      : executor(std::move(where)), bridge(settings, *this) {}

  template <class Tell>
  void to_loop(Tell tell) {
    boost::asio::post(executor, [weak = client, told = std::move(tell)]() mutable {
      if (const auto self = weak.lock()) {
        told(*self);
      }
    });
  }
  // An attempt is answered once: Paho may call more than one of its handlers for the same outcome.
  template <class Tell>
  void answer(std::uint64_t attempt, Tell tell) {
    to_loop([attempt, told = std::move(tell)](PahoClient& self) mutable {
      if (self.attempt_ == attempt) {
        ++self.attempt_;
        told(self.events_);
      }
    });
  }

  void connected(std::uint64_t attempt) override {
    answer(attempt, [](PahoEvents& events) { events.on_connected(); });
  }
  void connect_failed(std::uint64_t attempt, std::string reason) override {
    answer(attempt, [why = std::move(reason)](PahoEvents& events) { events.on_connect_failed(why); });
  }
  void subscribed(std::uint64_t number, bool granted) override {
    to_loop([number, granted](PahoClient& self) { self.subscription_answered(number, granted); });
  }
  void lost(std::string reason) override {
    to_loop([why = std::move(reason)](PahoClient& self) { self.events_.on_lost(why); });
  }
  void disconnected() override {
    to_loop([](PahoClient& self) { self.events_.on_disconnected(); });
  }
  // PUBACKs come in swarms: one post for all that the loop has not looked at.
  void published(std::uint64_t operation, core::DeliveryOutcome outcome) override {
    const std::lock_guard lock(published_mutex);
    published_since.emplace_back(operation, outcome);
    if (published_since.size() == 1) {
      to_loop([](PahoClient& self) { self.settle_published(); });
    }
  }
  void messages() override {
    to_loop([](PahoClient& self) { self.events_.on_messages(); });
  }
  void receipts_flow() override {
    to_loop([](PahoClient& self) { self.events_.on_receipts_flow(); });
  }

  boost::asio::any_io_executor executor;
  std::weak_ptr<PahoClient> client;
  std::mutex published_mutex;
  std::vector<std::pair<std::uint64_t, core::DeliveryOutcome>> published_since;  ///< one a message
  PahoBridge bridge;
};

PahoClient::PahoClient(boost::asio::any_io_executor executor, ports::Clock& clock, const Settings& settings,
                       PahoEvents& events)
    : executor_(executor), clock_(clock), events_(events), impl_(std::make_unique<Impl>(executor, settings)) {}

PahoClient::~PahoClient() = default;

std::shared_ptr<PahoClient> PahoClient::create(boost::asio::any_io_executor executor, ports::Clock& clock,
                                               const Settings& settings, PahoEvents& events) {
  const std::shared_ptr<PahoClient> client(new PahoClient(std::move(executor), clock, settings, events));
  client->impl_->client = client;
  client->impl_->bridge.start();
  return client;
}

void PahoClient::connect() {
  impl_->bridge.connect(++attempt_);
}

void PahoClient::subscribe(const std::vector<Filter>& filters) {
  first_subscription_ += subscriptions_.size();
  subscriptions_.assign(filters.size(), std::nullopt);
  for (std::size_t i = 0; i < filters.size(); ++i) {
    impl_->bridge.subscribe(filters[i], first_subscription_ + i);
  }
}

void PahoClient::subscription_answered(std::uint64_t number, bool granted) {
  if (number < first_subscription_ || number - first_subscription_ >= subscriptions_.size()) {
    return;  // of an earlier connection
  }
  subscriptions_[number - first_subscription_] = granted;
  std::vector<bool> all;
  for (const std::optional<bool>& answer : subscriptions_) {
    if (!answer) {
      return;
    }
    all.push_back(*answer);
  }
  events_.on_subscribed(std::move(all));
}

void PahoClient::disconnect() {
  impl_->bridge.disconnect();
}

void PahoClient::set_up(bool up) {
  up_ = up;
  impl_->bridge.begin_anew();
  if (!up) {
    // What Paho does not have yet must not go out by the next connection: it may have been recalled by then.
    while (!operations_.empty()) {
      const auto& [number, operation] = *operations_.begin();
      settle(number,
             operation.passage->withdraw() ? core::DeliveryOutcome::retry : core::DeliveryOutcome::unknown);
    }
  }
}

boost::asio::awaitable<core::DeliveryOutcome> PahoClient::publish(std::vector<Outgoing> messages) {
  const bool too_large = std::any_of(messages.begin(), messages.end(), [](const Outgoing& message) {
    return message.payload && message.payload->size() > payload_bytes_max;
  });
  if (too_large) {
    co_return core::DeliveryOutcome::rejected;
  }
  if (!up_ || !impl_->bridge.has_room(messages)) {
    co_return core::DeliveryOutcome::retry;
  }
  if (messages.empty()) {
    co_return core::DeliveryOutcome::accepted;
  }
  const auto group = std::make_shared<Group>(executor_, messages.size());
  const ports::Clock::Steady deadline = clock_.steady_now() + publish_deadline;
  for (const Outgoing& message : messages) {
    const auto passage = std::make_shared<Passage>();
    operations_.emplace(++last_operation_, Operation{group, deadline, passage});
    impl_->bridge.publish(message, last_operation_, passage);
  }
  wake_soon();
  auto answered = runtime::Reply<core::DeliveryOutcome>::wait(group->reply);
  co_return co_await std::move(answered);
}

// One wake-up for all that is published in one go.
void PahoClient::wake_soon() {
  if (!std::exchange(wakes_soon_, true)) {
    impl_->to_loop([](PahoClient& self) {
      self.wakes_soon_ = false;
      self.impl_->bridge.wake();
    });
  }
}

void PahoClient::settle_published() {
  std::vector<std::pair<std::uint64_t, core::DeliveryOutcome>> published;
  {
    const std::lock_guard lock(impl_->published_mutex);
    published.swap(impl_->published_since);
  }
  for (const auto& [operation, outcome] : published) {
    settle(operation, outcome);
  }
}

void PahoClient::settle(std::uint64_t operation, core::DeliveryOutcome outcome) {
  auto found = operations_.extract(operation);
  if (found.empty()) {
    return;  // answered before: by its deadline or the end of the connection
  }
  Group& group = *found.mapped().group;
  group.worst = group.worst ? worse(*group.worst, outcome) : outcome;
  if (--group.open == 0) {
    group.reply->complete(*group.worst);
  }
}

void PahoClient::expire() {
  const ports::Clock::Steady now = clock_.steady_now();
  std::vector<std::pair<std::uint64_t, core::DeliveryOutcome>> over;
  for (auto& [number, operation] : operations_) {
    if (operation.deadline > now) {
      continue;
    }
    if (operation.is_handed_over) {
      over.emplace_back(number, core::DeliveryOutcome::unknown);
    } else if (operation.passage->withdraw()) {
      over.emplace_back(number, core::DeliveryOutcome::retry);
    } else {
      operation.is_handed_over = true;
      operation.deadline = now + publish_deadline;
    }
  }
  for (const auto& [number, outcome] : over) {
    settle(number, outcome);
  }
  impl_->bridge.look_after(now);
  events_.on_receipts_flow();
}

void PahoClient::send_receipts(const std::vector<Outgoing>& messages) {
  for (const Outgoing& message : messages) {
    impl_->bridge.send_receipt(message);
  }
  impl_->bridge.wake();
}

bool PahoClient::receipts_full() const {
  return impl_->bridge.receipts_waiting() >= receipts_waiting_max;
}

void PahoClient::await_receipts() {
  impl_->bridge.await_receipts();
}

void PahoClient::begin_drain() {
  impl_->bridge.inbox().begin_drain();
}

void PahoClient::hush() {
  impl_->bridge.inbox().hush();
}

std::optional<Incoming> PahoClient::next_message() {
  return impl_->bridge.inbox().pop();
}

bool PahoClient::has_messages() const {
  return !impl_->bridge.inbox().empty();
}

std::size_t PahoClient::inbox_depth() const {
  return impl_->bridge.inbox().size();
}

void PahoClient::hold_back(bool hold) {
  impl_->bridge.hold_back(hold);
}

PahoClient::Counters PahoClient::counters() const {
  return Counters{impl_->bridge.received(), impl_->bridge.dropped(), impl_->bridge.receipts_lost(),
                  impl_->bridge.receipts_waiting() + impl_->bridge.receipts_in_flight()};
}

}  // namespace tuanyuan::mqtt
