#include "adapters/mqtt/notice_channel.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt {
namespace {

using namespace std::chrono_literals;

// Seconds, rounded up so that nothing is gone before its time.
std::uint32_t expiry_s(const ports::Dispatch& dispatch, core::Instant now) {
  if (dispatch.expires_at == core::Instant{}) {
    return 0;
  }
  constexpr std::chrono::seconds longest{std::numeric_limits<std::int32_t>::max()};
  const std::chrono::seconds shortest = core::is_recall(dispatch.delivery.kind) ? late_recall_expiry : 1s;
  const auto left = std::chrono::ceil<std::chrono::seconds>(dispatch.expires_at - now);
  return static_cast<std::uint32_t>(std::clamp(left, shortest, longest).count());
}

Outgoing retained(std::string topic, std::shared_ptr<const std::string> payload, std::string type,
                  std::uint32_t expiry) {
  Outgoing message(std::move(topic), std::move(payload), std::move(type));
  message.retain = true;
  message.expiry_s = expiry;
  return message;
}

Outgoing photo(std::string topic, std::shared_ptr<const std::string> data, std::string type,
               std::uint32_t expiry) {
  Outgoing message = retained(std::move(topic), std::move(data), std::move(type), expiry);
  message.is_photo = true;
  return message;
}

bool is_photo(core::Parcel parcel) {
  return parcel == core::Parcel::photo || parcel == core::Parcel::photo_clear;
}

bool has_content(const ports::Dispatch& dispatch) {
  switch (dispatch.delivery.parcel) {
    case core::Parcel::notice:
      return dispatch.copy && !dispatch.copy->protobuf.empty() && !dispatch.copy->json.empty();
    case core::Parcel::photo:
      return dispatch.photo && !dispatch.photo->empty();
    case core::Parcel::photo_clear:
    case core::Parcel::notice_clear:
      return true;
  }
  return false;
}

struct TopicMaker {
  core::Audience audience;
  core::AlertId alert_id;
  bool photo;

  std::optional<Topic> operator()(const core::Division& division) const {
    if (photo) {
      return PhotoTopic{audience, division, alert_id};
    }
    return NoticeTopic{audience, division, alert_id};
  }
  std::optional<Topic> operator()(const core::RecipientId& recipient) const {
    if (photo) {
      return std::nullopt;
    }
    return DirectTopic{recipient, alert_id};
  }
};

/// Taking down is never too late: the daemon may have been away for longer than its recalls are kept, or the clock
/// set.
bool is_expired(const ports::Dispatch& dispatch, core::Instant now) {
  const core::Parcel parcel = dispatch.delivery.parcel;
  const bool takes_down = core::is_recall(dispatch.delivery.kind) || parcel == core::Parcel::photo_clear ||
                          parcel == core::Parcel::notice_clear;
  return !takes_down && dispatch.expires_at != core::Instant{} && dispatch.expires_at <= now;
}

}  // namespace

std::optional<Topic> topic_of(const core::Delivery& delivery) {
  const bool photo = is_photo(delivery.parcel);
  return std::visit(TopicMaker{delivery.audience, delivery.alert_id, photo}, delivery.target);
}

Topic topic_of(const ports::RetainedSeen& seen) {
  const bool photo = is_photo(seen.parcel);
  return std::visit(TopicMaker{seen.audience, seen.alert_id, photo}, seen.target).value_or(KeysTopic{});
}

core::Result<std::vector<Outgoing>> messages_of(const ports::Dispatch& dispatch, const Topics& topics,
                                                core::Instant now) {
  const auto topic = topic_of(dispatch.delivery);
  if (!topic || !has_content(dispatch) || is_expired(dispatch, now)) {
    return core::Refusal(core::Errc::invalid);
  }
  std::vector<Outgoing> messages;
  switch (dispatch.delivery.parcel) {
    case core::Parcel::notice: {
      using Text = std::shared_ptr<const std::string>;
      const std::uint32_t expiry = expiry_s(dispatch, now);
      messages.push_back(
          retained(topics.of(*topic), Text(dispatch.copy, &dispatch.copy->protobuf), protobuf_type, expiry));
      messages.push_back(retained(topics.of(*topic, Encoding::json), Text(dispatch.copy, &dispatch.copy->json),
                                  json_type, expiry));
      break;
    }
    case core::Parcel::photo: {
      std::shared_ptr<const std::string> data(dispatch.photo, &dispatch.photo->data);
      messages.push_back(
          photo(topics.of(*topic), std::move(data), dispatch.photo->media_type, expiry_s(dispatch, now)));
      break;
    }
    case core::Parcel::photo_clear:
      messages.push_back(photo(topics.of(*topic), nullptr, {}, 0));
      break;
    case core::Parcel::notice_clear:
      messages.push_back(retained(topics.of(*topic), nullptr, {}, 0));
      messages.push_back(retained(topics.of(*topic, Encoding::json), nullptr, {}, 0));
      break;
  }
  return messages;
}

NoticeChannel::NoticeChannel(Outlet& outlet, const Topics& topics, ports::Clock& clock)
    : outlet_(outlet), topics_(topics), clock_(clock), guard_(guarded_topics_max) {}

bool NoticeChannel::admit(const ports::Dispatch& dispatch, const std::vector<Outgoing>& messages) {
  const std::string& topic = messages.front().topic;
  if (!guard_.admit(topic, dispatch.delivery.version, dispatch.expires_at)) {
    return false;
  }
  if (dispatch.copy) {
    guard_.note_payload(topic, Encoding::protobuf, dispatch.copy->protobuf);
    guard_.note_payload(topic, Encoding::json, dispatch.copy->json);
  }
  return true;
}

boost::asio::awaitable<ports::SendResult> NoticeChannel::send(const ports::Dispatch& dispatch) {
  ports::SendResult result;
  auto messages = messages_of(dispatch, topics_, clock_.wall_now());
  if (!messages) {
    result.outcome = core::DeliveryOutcome::rejected;
    co_return result;
  }
  if (!outlet_.is_up()) {
    result.outcome = core::DeliveryOutcome::retry;
    co_return result;
  }
  if (!admit(dispatch, *messages)) {
    result.outcome = core::DeliveryOutcome::accepted;
    co_return result;
  }
  auto publishing = outlet_.publish(std::move(*messages));
  result.outcome = co_await std::move(publishing);
  co_return result;
}

boost::asio::awaitable<core::DeliveryOutcome> NoticeChannel::send_all(std::vector<ports::Dispatch> dispatches) {
  if (!outlet_.is_up()) {
    co_return core::DeliveryOutcome::retry;
  }
  std::vector<Outgoing> all;
  for (const ports::Dispatch& dispatch : dispatches) {
    auto messages = messages_of(dispatch, topics_, clock_.wall_now());
    if (messages && admit(dispatch, *messages)) {
      std::move(messages->begin(), messages->end(), std::back_inserter(all));
    }
  }
  auto publishing = outlet_.publish(std::move(all));
  co_return co_await std::move(publishing);
}

boost::asio::awaitable<core::DeliveryOutcome> NoticeChannel::clear(Topic topic) {
  std::vector<Outgoing> messages;
  if (std::holds_alternative<PhotoTopic>(topic)) {
    messages.push_back(photo(topics_.of(topic), nullptr, {}, 0));
  } else {
    messages.push_back(retained(topics_.of(topic), nullptr, {}, 0));
    messages.push_back(retained(topics_.of(topic, Encoding::json), nullptr, {}, 0));
  }
  auto publishing = outlet_.publish(std::move(messages));
  co_return co_await std::move(publishing);
}

}  // namespace tuanyuan::mqtt
