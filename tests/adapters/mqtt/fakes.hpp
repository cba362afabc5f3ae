#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mqtt/outlet.hpp"
#include "ports/answer_desk.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/retained_truth.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::mqtt::test {

inline constexpr const char* alert_a = "0190a0b0-0000-7000-8000-00000000000a";
inline constexpr const char* alert_b = "0190a0b0-0000-7000-8000-00000000000b";
inline constexpr core::Division shenyang{210102};

class SilentLog final : public ports::Log {
 public:
  void write(ports::Severity, std::string_view event, Fields) override { events.emplace_back(event); }
  std::vector<std::string> events;
};

class CountingMetrics final : public ports::Metrics {
 public:
  void add(std::string_view counter, Labels labels, double by) override { values[key(counter, labels)] += by; }
  void set(std::string_view gauge, Labels labels, double value) override { values[key(gauge, labels)] = value; }
  void observe(std::string_view, Labels, double) override {}

  std::map<std::string, double> values;

 private:
  static std::string key(std::string_view name, Labels labels) {
    std::string key(name);
    for (const auto& [label, value] : labels) {
      key.append(" ").append(label).append("=").append(value);
    }
    return key;
  }
};

/// An outlet that answers as told, accepted when told nothing.
class FakeOutlet final : public Outlet, public ReceiptOutlet {
 public:
  bool is_up() const override { return up; }
  boost::asio::awaitable<core::DeliveryOutcome> publish(std::vector<Outgoing> messages) override {
    published.insert(published.end(), messages.begin(), messages.end());
    calls.push_back(messages.size());
    core::DeliveryOutcome answer = core::DeliveryOutcome::accepted;
    if (!answers.empty()) {
      answer = answers.front();
      answers.pop_front();
    }
    if (on_publish) {
      on_publish();
    }
    co_return answer;
  }
  void send_receipts(const std::vector<Outgoing>& messages) override {
    receipts.insert(receipts.end(), messages.begin(), messages.end());
  }

  std::vector<std::string> topics() const {
    std::vector<std::string> topics;
    for (const Outgoing& message : published) {
      topics.push_back(message.topic);
    }
    return topics;
  }

  bool up = true;
  std::function<void()> on_publish;  ///< what happens meanwhile
  std::deque<core::DeliveryOutcome> answers;
  std::vector<std::size_t> calls;
  std::vector<Outgoing> published;
  std::vector<Outgoing> receipts;
};

/// Records what it is asked; commits when let. Every answer is recorded for the first time.
class FakeDesk final : public ports::AnswerDesk {
 public:
  explicit FakeDesk(boost::asio::any_io_executor executor) : open(executor) { open.set(); }

  boost::asio::awaitable<core::Result<std::vector<core::Receipt>>> acknowledge(
      std::vector<ports::InboundAnswer> answers) override {
    batches.push_back(answers.size());
    co_await open.wait();
    if (unavailable) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    std::vector<core::Receipt> receipts;
    for (const ports::InboundAnswer& answer : answers) {
      committed.push_back(answer);
      core::Receipt receipt;
      receipt.alert_id = answer.answer.alert_id;
      receipt.revision = answer.answer.revision;
      receipt.recipient_id = answer.answer.recipient_id;
      receipt.kind = answer.answer.kind;
      receipts.push_back(std::move(receipt));
    }
    co_return receipts;
  }
  boost::asio::awaitable<core::Result<core::Receipt>> acknowledge(core::Caller, core::Acknowledgement,
                                                                  ports::Idempotency) override {
    co_return core::Refusal(core::Errc::unavailable);
  }
  boost::asio::awaitable<core::Result<core::Receipt>> sight(core::RecipientId connection, core::Sighting sighting,
                                                            ports::Idempotency) override {
    co_await open.wait();
    if (unavailable) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    if (sighting_refusal) {
      co_return *sighting_refusal;
    }
    core::Receipt receipt;
    receipt.alert_id = sighting.alert_id;
    receipt.recipient_id = connection;
    receipt.sighting_id = sighting.sighting_id;
    sightings_seen.push_back(std::move(sighting));
    co_return receipt;
  }
  boost::asio::awaitable<core::Result<std::vector<ports::SightingView>>> sightings(core::Caller,
                                                                                   core::AlertId) override {
    co_return core::Refusal(core::Errc::not_found);
  }
  boost::asio::awaitable<core::Result<ports::SightingView>> sighting(core::Caller, core::SightingId) override {
    co_return core::Refusal(core::Errc::not_found);
  }
  boost::asio::awaitable<core::Result<ports::SightingView>> assess(core::Caller, core::SightingId,
                                                                   ports::AssessOptions,
                                                                   ports::Idempotency) override {
    co_return core::Refusal(core::Errc::not_found);
  }
  void presence(core::RecipientId recipient, bool online) override { present[recipient.value] = online; }

  runtime::Event open;
  bool unavailable = false;
  std::optional<core::Refusal> sighting_refusal;
  std::vector<std::size_t> batches;
  std::vector<ports::InboundAnswer> committed;
  std::vector<core::Sighting> sightings_seen;
  std::map<std::string, bool> present;
};

/// A ledger's truth of notices on (audience, division) and direct topics.
class FakeTruth final : public ports::RetainedTruth {
 public:
  ports::RetainedVerdict judge(const ports::RetainedSeen& seen) override {
    const ports::Dispatch* there = find(seen);
    if (there == nullptr) {
      return ports::RetainedVerdict::stranger;
    }
    const bool notice = seen.parcel == core::Parcel::notice;
    const bool good =
        notice ? seen.version && *seen.version >= there->delivery.version : seen.parcel == there->delivery.parcel;
    return good ? ports::RetainedVerdict::in_order : ports::RetainedVerdict::behind;
  }
  boost::asio::awaitable<ports::RetainedInForce> in_force() override {
    ports::RetainedInForce now;
    now.complete = !unread;
    if (!unread) {
      now.dispatches = all;
    }
    co_return now;
  }
  bool still_in_force(const core::Delivery& given) const override {
    return std::any_of(all.begin(), all.end(), [&given](const ports::Dispatch& dispatch) {
      return dispatch.delivery.target == given.target && dispatch.delivery.version == given.version;
    });
  }
  boost::asio::awaitable<core::Result<std::optional<ports::Dispatch>>> in_force_at(
      ports::RetainedSeen seen) override {
    if (unread) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    const ports::Dispatch* there = find(seen);
    std::optional<ports::Dispatch> found;
    if (there != nullptr) {
      found = *there;
    }
    co_return found;
  }

  std::vector<ports::Dispatch> all;
  bool unread = false;  ///< as from a ledger that cannot be read now

 private:
  const ports::Dispatch* find(const ports::RetainedSeen& seen) const {
    for (const ports::Dispatch& dispatch : all) {
      const bool same_kind =
          (dispatch.delivery.parcel == core::Parcel::notice) == (seen.parcel == core::Parcel::notice);
      if (same_kind && dispatch.delivery.alert_id == seen.alert_id && dispatch.delivery.target == seen.target) {
        return &dispatch;
      }
    }
    return nullptr;
  }
};

/// Signed copies of a notice that says its version and nothing else.
std::shared_ptr<const core::SignedCopy> copy_of(const std::string& alert, core::Version version,
                                                const std::string& headline = "missing");
ports::Dispatch notice_dispatch(const std::string& alert, core::Version version, core::Target target,
                                core::Instant expires_at);
ports::Dispatch photo_dispatch(const std::string& alert, core::Version version, core::Instant expires_at,
                               std::string bytes);

}  // namespace tuanyuan::mqtt::test
