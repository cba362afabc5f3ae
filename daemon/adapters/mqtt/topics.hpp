#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/division.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"

namespace tuanyuan::mqtt {

/// Notices, direct copies, sightings and keys have a JSON twin under `json/` (contract, section 4).
enum class Encoding : std::uint8_t { protobuf, json };

struct NoticeTopic {
  core::Audience audience = core::Audience::police;
  core::Division division;
  core::AlertId alert_id;
  friend bool operator==(const NoticeTopic&, const NoticeTopic&) = default;
};
struct PhotoTopic {
  core::Audience audience = core::Audience::police;
  core::Division division;
  core::AlertId alert_id;
  friend bool operator==(const PhotoTopic&, const PhotoTopic&) = default;
};
struct DirectTopic {
  core::RecipientId recipient;
  core::AlertId alert_id;
  friend bool operator==(const DirectTopic&, const DirectTopic&) = default;
};
struct DirectSightingTopic {
  core::RecipientId recipient;
  core::SightingId sighting_id;
  friend bool operator==(const DirectSightingTopic&, const DirectSightingTopic&) = default;
};
struct AcknowledgementTopic {
  core::RecipientId recipient;
  friend bool operator==(const AcknowledgementTopic&, const AcknowledgementTopic&) = default;
};
struct SightingTopic {
  core::RecipientId recipient;
  friend bool operator==(const SightingTopic&, const SightingTopic&) = default;
};
struct ReceiptTopic {
  core::RecipientId recipient;
  friend bool operator==(const ReceiptTopic&, const ReceiptTopic&) = default;
};
struct PresenceTopic {
  core::RecipientId recipient;
  friend bool operator==(const PresenceTopic&, const PresenceTopic&) = default;
};
struct KeysTopic {
  friend bool operator==(const KeysTopic&, const KeysTopic&) = default;
};

using Topic = std::variant<NoticeTopic, PhotoTopic, DirectTopic, DirectSightingTopic, AcknowledgementTopic,
                           SightingTopic, ReceiptTopic, PresenceTopic, KeysTopic>;

struct ParsedTopic {
  Topic topic;
  Encoding encoding = Encoding::protobuf;
  friend bool operator==(const ParsedTopic&, const ParsedTopic&) = default;
};

/// A topic filter the daemon subscribes to.
struct Filter {
  std::string filter;
  bool no_local = false;  ///< without what this connection publishes itself
  bool required = true;   ///< without it the connection is of no use
};

/// Where a broker tells how many messages it has thrown away (mosquitto).
inline constexpr std::string_view dropped_messages_topic = "$SYS/broker/publish/messages/dropped";

/// Ids that stand in topics and certificates: `[A-Za-z0-9_-]{1,64}` (contract, section 4).
bool is_topic_id(std::string_view id);

/// Builds and reads the topics of the contract, all under one prefix. Pure.
class Topics {
 public:
  /// A prefix that is empty, has wildcards, or begins or ends with a slash: std::invalid_argument.
  explicit Topics(std::string prefix);

  std::string of(const Topic& topic, Encoding encoding = Encoding::protobuf) const;

  /// Nothing for whatever is not a topic of the contract. Acknowledgements, sightings from recipients, photos,
  /// receipts and presence have no twin under `json/`.
  std::optional<ParsedTopic> parse(std::string_view topic) const;

  /// Whether a receipt for this recipient may go there: its receipts topic, or one below it. Not to a filter.
  bool is_receipt_topic_of(std::string_view response_topic, const core::RecipientId& recipient) const;

  /// Everything the daemon listens to. The canary's own topics come a second time, since the canary is the one
  /// recipient whose notices this connection has to hear itself.
  std::vector<Filter> filters(const core::RecipientId& canary) const;

  /// With its closing slash.
  const std::string& prefix() const { return prefix_; }

 private:
  std::string prefix_;
};

}  // namespace tuanyuan::mqtt
