#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/wire/notice_codec.hpp"
#include "core/caller.hpp"
#include "ports/channel.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/notary.hpp"
#include "ports/pictures.hpp"
#include "tuanyuan/v1/notice.pb.h"

// Stand-ins for the outside, for tests of what uses it.
namespace tuanyuan::test {

inline core::Caller officer(std::string unit, core::Roles roles) {
  core::Caller caller;
  caller.unit = std::move(unit);
  caller.officer = "021533";
  caller.roles = roles;
  return caller;
}

inline core::Caller recipient(std::string id) {
  core::Caller caller;
  caller.recipient = core::RecipientId(std::move(id));
  caller.roles = {core::Role::recipient};
  return caller;
}

/// Encodes without signing.
class PlainNotary final : public ports::Notary {
 public:
  bool expired = false;  ///< its key
  core::Result<core::SignedCopy> sign(const core::Notice& notice, core::Instant) override {
    if (expired) {
      return core::Refusal(core::Errc::unavailable);
    }
    v1::SignedNotice signed_notice;
    signed_notice.set_notice(wire::to_proto(notice).SerializeAsString());
    core::SignedCopy copy;
    copy.protobuf = signed_notice.SerializeAsString();
    copy.json = "{}";
    return copy;
  }
  ports::PublishedKeys published(core::Instant) override { return {}; }
};

class SamePictures final : public ports::Pictures {
 public:
  /// Data that no picture library could read.
  static constexpr const char* refused = "no picture";
  core::Result<core::Photo> prepare(const core::Photo& photo, core::Status) override {
    if (photo.data == refused) {
      std::vector<core::FieldError> fields;
      fields.emplace_back("child.photo.data", core::Text("不是图片", "is no picture"));
      return core::Refusal(std::move(fields));
    }
    return photo;
  }
};

class NoMetrics final : public ports::Metrics {
 public:
  void add(std::string_view, Labels, double) override {}
  void set(std::string_view, Labels, double) override {}
  void observe(std::string_view, Labels, double) override {}
};

/// Remembers what gauges show: "name label=value".
class RememberedGauges final : public ports::Metrics {
 public:
  void add(std::string_view, Labels, double) override {}
  void set(std::string_view gauge, Labels labels, double value) override {
    std::string key(gauge);
    for (const auto& [label, name] : labels) {
      key.append(" ").append(label).append("=").append(name);
    }
    values[key] = value;
  }
  void observe(std::string_view, Labels, double) override {}

  std::map<std::string, double> values;
};

class NoLog final : public ports::Log {
 public:
  void write(ports::Severity, std::string_view, Fields) override {}
};

/// Keeps the dispatch until it is sent, for those that do not wait for that.
inline boost::asio::awaitable<ports::SendResult> send_kept(ports::Channel& channel, ports::Dispatch dispatch) {
  auto sending = channel.send(dispatch);
  co_return co_await std::move(sending);
}

/// Remembers what it was given and answers as it is told.
class RecordingChannel : public ports::Channel {
 public:
  explicit RecordingChannel(core::ChannelKind kind = core::ChannelKind::mqtt) : kind_(kind) {}

  core::ChannelKind kind() const override { return kind_; }
  std::size_t in_flight_max() const override { return 64; }
  bool is_up() const override { return up; }
  bool accepted_is_received() const override { return has_received; }
  std::string lane(const ports::Dispatch& dispatch) const override { return dispatch.endpoint.address; }
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override {
    sent.push_back(dispatch);
    ports::SendResult result;
    result.outcome = answers;
    result.retry_after = retry_after;
    result.needs_people = refusing.contains(sent.back().endpoint.address);
    result.outcome = result.needs_people ? core::DeliveryOutcome::retry : result.outcome;
    result.address_dead = address_dead;
    result.dead_since = dead_since;
    if (dead_addresses.contains(sent.back().endpoint.address)) {
      result.outcome = core::DeliveryOutcome::rejected;
      result.address_dead = true;
    }
    co_return result;
  }

  std::vector<core::Delivery> of(core::Parcel parcel) const {
    std::vector<core::Delivery> chosen;
    for (const ports::Dispatch& dispatch : sent) {
      if (dispatch.delivery.parcel == parcel) {
        chosen.push_back(dispatch.delivery);
      }
    }
    return chosen;
  }

  bool up = true;
  bool has_received = true;
  core::DeliveryOutcome answers = core::DeliveryOutcome::accepted;
  core::Duration retry_after{0};
  bool address_dead = false;
  core::Instant dead_since{};
  std::set<std::string> dead_addresses;  ///< whatever it answers others
  std::set<std::string> refusing;        ///< by settings that people have to put right
  std::vector<ports::Dispatch> sent;

 private:
  core::ChannelKind kind_;
};

}  // namespace tuanyuan::test
