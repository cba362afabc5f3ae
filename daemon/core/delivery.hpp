#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/notice.hpp"

namespace tuanyuan::core {

/// What an outbox row puts where.
enum class Parcel : std::uint8_t {
  notice,        ///< the audience's signed copy
  photo,         ///< the picture, on its own topic
  photo_clear,   ///< an empty picture: taken down with the recall
  notice_clear,  ///< an empty notice: whoever still shows the alert takes it down (contract, section 4)
};

/// Everybody in a division, or one recipient.
using Target = std::variant<Division, RecipientId>;

/// How far a delivery has come.
enum class DeliveryState : std::uint8_t {
  queued,      ///< waits for its turn, or for its retry
  in_flight,   ///< handed to the channel; after a crash this is unknown and counts as queued
  accepted,    ///< the channel has it
  rejected,    ///< refused for good
  superseded,  ///< a later version of the alert took its place before it was sent
  expired,     ///< its time was over before it could be sent
};
std::string_view to_string(DeliveryState state);
inline bool is_settled(DeliveryState state) {
  return state != DeliveryState::queued && state != DeliveryState::in_flight;
}

/// What a channel says of one attempt. Unknown (a timeout after sending, a connection lost) is neither: the
/// other side may have it, so it is repeated with the same identity and recalled like a delivered one. Held is no
/// attempt at all: its gateway has no room for it yet.
enum class DeliveryOutcome : std::uint8_t { accepted, rejected, retry, unknown, held };
/// Whether the other side has said what becomes of it.
inline bool is_answered(DeliveryOutcome outcome) {
  return outcome == DeliveryOutcome::accepted || outcome == DeliveryOutcome::rejected;
}
/// However soon there is room again: what comes back costs a commit.
inline constexpr Duration held_wait_min = std::chrono::seconds(1);
std::string_view to_string(DeliveryOutcome outcome);

/// One thing to be delivered: an outbox row.
struct Delivery {
  std::uint64_t id = 0;  ///< allotted by the ledger, in the order of commitment
  AlertId alert_id;
  Version version;
  NoticeKind kind = NoticeKind::alert;
  Status status = Status::exercise;
  Audience audience = Audience::police;
  Parcel parcel = Parcel::notice;
  ChannelKind channel = ChannelKind::mqtt;
  /// Which of its target's endpoints there (core/way.hpp); 0: MQTT, or the first of that channel, as rows that an
  /// earlier version of this program has left.
  std::uint64_t endpoint = 0;
  Target target;
  std::int64_t urgency = 0;  ///< ascending: the smallest goes first
  Instant not_before;        ///< no attempt before this
  Instant expires_at;        ///< no first attempt after this
  std::uint32_t attempts = 0;
  bool maybe_sent = false;  ///< some attempt's outcome was unknown
  /// Of a chase: who has kept silent, and which answer is missing. Once it has come, there is nothing to send.
  RecipientId concerns;
  AnswerKind awaits = AnswerKind::received;
  DeliveryState state = DeliveryState::queued;
};

struct Handed {};  ///< handed to its channel
struct Answered {
  DeliveryOutcome outcome = DeliveryOutcome::unknown;
  Duration retry_after{0};  ///< what the other side asked for; 0: nothing
};
struct Superseded {};  ///< a later version was committed
using DeliveryEvent = std::variant<Handed, Answered, Superseded>;

/// The next state. Total and pure: `random` is any 64 random bits, for the jitter of the retry. Recalls and
/// MQTT deliveries are never given up (attempts have no end): their broker comes back some day.
Delivery advance(Delivery delivery, const DeliveryEvent& event, Instant now, std::uint64_t random);

/// Whether a queued delivery may be handed over now. One that has expired has to be settled instead.
bool is_due(const Delivery& delivery, Instant now);
bool is_expired(const Delivery& delivery, Instant now);

}  // namespace tuanyuan::core
