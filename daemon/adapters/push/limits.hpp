#pragma once

#include <chrono>
#include <cstddef>

// The limits of the clients, and those of gateways that several files go by; what one gateway alone is bound by
// stands with its name where that gateway's message is composed.
namespace tuanyuan::push {

inline constexpr std::size_t url_bytes_max = 4'096;      ///< as an endpoint's address (core/limits.hpp)
inline constexpr std::size_t host_name_bytes_max = 253;  ///< RFC 1035, section 2.3.4, without the last dot
inline constexpr std::size_t host_label_bytes_max = 63;

// Standard Webhooks.
inline constexpr std::size_t webhook_secrets_max = 4;  ///< of one endpoint, while they are rotated
inline constexpr std::size_t webhook_key_bytes_min = 24;
inline constexpr std::size_t webhook_key_bytes_max = 64;
inline constexpr std::chrono::seconds webhook_tolerance{5 * 60};  ///< how old or early a signature may be
inline constexpr std::size_t webhook_signatures_max = 16;         ///< looked at in one header

inline constexpr std::size_t shared_kept_max = 16;  ///< what many requests share, kept for the next of them

// APNs.
inline constexpr std::size_t apns_payload_bytes_max = 4'096;
inline constexpr std::size_t apns_composed_bytes_max = 3'584;  ///< the rest is for the link
inline constexpr std::size_t apns_title_bytes_max = 360;  ///< 120 Chinese characters; more than any device shows
inline constexpr std::size_t apns_device_token_chars_max = 400;  ///< they have no fixed length; today 64
inline constexpr std::size_t apns_answer_bytes_max = 4'096;
/// No oftener may a provider token be made; no older may it be (Apple: an hour).
inline constexpr std::chrono::minutes apns_token_age_min{20};
inline constexpr std::chrono::minutes apns_token_age_max{50};
inline constexpr std::chrono::minutes apns_clock_drift_max{5};
/// While none may be made: how soon it is looked again whether the clock has been set.
inline constexpr std::chrono::minutes apns_clock_look{1};

// ntfy.
inline constexpr std::size_t ntfy_topic_chars_max = 64;
inline constexpr std::size_t ntfy_text_bytes_max = 4'096;  ///< what is longer comes as a file
inline constexpr std::size_t ntfy_title_bytes_max = 250;

// Web Push (RFC 8030, 8188, 8291, 8292) and UnifiedPush.
inline constexpr std::size_t push_body_bytes_max = 4'096;       ///< what every push service has to take
inline constexpr std::size_t push_plaintext_bytes_max = 3'993;  ///< of it, without header, padding and tag
inline constexpr std::size_t push_composed_bytes_max = 3'456;   ///< the rest is for the link
inline constexpr std::size_t push_title_bytes_max = 360;
inline constexpr std::size_t push_topic_chars_max = 32;
inline constexpr std::size_t unified_push_endpoint_bytes_max = 1'000;
inline constexpr std::chrono::hours push_kept_max{28 * 24};  ///< FCM's longest, of which Chrome's push service is
inline constexpr std::chrono::hours vapid_token_kept_for{12};  ///< RFC 8292 allows a day
inline constexpr std::size_t vapid_tokens_max = 64;            ///< one for each push service

// FCM.
inline constexpr std::size_t fcm_composed_bytes_max = 3'456;        ///< of 4,096; the rest is for the link
inline constexpr std::size_t fcm_group_composed_bytes_max = 2'048;  ///< to a topic or a condition; without a link
inline constexpr std::size_t fcm_title_bytes_max = 360;
inline constexpr std::size_t fcm_device_token_chars_max = 1'024;

/// By a gateway, for a device that is away, where the alert itself does not say how long.
inline constexpr std::chrono::hours kept_default{24};

inline constexpr std::size_t key_file_bytes_max = 16 * 1024;

/// A receiver that asks for more is asked again all the same: a child is missing now, what is held back with it is
/// everything for its host or gateway, and among that may be the recall of an alert that is over.
inline constexpr std::chrono::minutes retry_after_max{15};

// Answers.
inline constexpr std::size_t interim_answers_max = 8;  ///< 1xx before the one that counts

/// Of names and their addresses.
struct NameLimits {
  std::chrono::milliseconds fresh_ms{30'000};      ///< so long nobody looks a name up again
  std::chrono::milliseconds usable_ms{3'600'000};  ///< so long the last good addresses do where it cannot be
  std::chrono::milliseconds patience_ms{1'000};    ///< after which they do although it is being looked up
  std::chrono::milliseconds failed_ms_min{
      2'000};  ///< until a name that was not found is looked up again, doubling
  std::chrono::milliseconds failed_ms_max{60'000};
  std::size_t names_max = 10'000;
  std::size_t newcomers_max = 4;  ///< look-ups at once of names that were not asked for before
  std::size_t suspects_max = 2;   ///< and of those that were not found the last time
};

/// Of making one connection.
struct DialLimits {
  std::chrono::milliseconds resolve_ms_max{5'000};
  std::chrono::milliseconds connect_ms_max{3'000};  ///< to one address
  std::size_t addresses_tried_max = 4;
  std::chrono::milliseconds handshake_ms_max{5'000};
};

/// The limits of one HTTP/1.1 client. Every wait of a request has one of these deadlines or the request's own.
struct ClientLimits : DialLimits {
  std::size_t connections_max = 256;  ///< in use
  std::size_t waiting_max = 1'024;    ///< requests until a connection is free
  /// Beside those. Receivers are many, and each has a connection of its own: to close one for the next takes its
  /// time when an alert goes to all of them, and when the next goes out after a moment all have to be made anew.
  std::size_t idle_max = 1'024;
  std::size_t idle_per_origin_max = 8;
  /// Node and Apache close after 5 s: a request that meets their closing has an unknown outcome.
  std::chrono::milliseconds idle_ms_max{4'000};

  std::size_t answer_head_bytes_max = 16 * 1024;
  std::size_t answer_body_bytes_max = 64 * 1024;
};

/// The limits of one HTTP/2 session.
struct H2SessionLimits {
  /// Beside what the other side allows. More than that spread over further connections.
  std::size_t streams_max = 500;
  std::size_t answer_head_bytes_max = 16 * 1024;
  std::size_t answer_body_bytes_max = 64 * 1024;
};

/// The limits of one HTTP/2 client.
struct H2Limits : DialLimits {
  H2SessionLimits session;
  std::size_t origins_max = 64;
  std::size_t connections_max = 4;  ///< to one origin
  std::size_t waiting_max = 4'096;  ///< requests to one origin until there is room on a connection
  /// Of a request that the other side says it has not looked at.
  std::size_t tries_max = 4;
  std::chrono::milliseconds dial_ms_max{15'000};     ///< all of it, over all addresses
  std::chrono::milliseconds settings_ms_max{5'000};  ///< until the other side has said its SETTINGS
  /// Of a new connection, until its first answer; then a further one is tried beside it.
  std::chrono::milliseconds probe_ms_max{2'000};
  /// Nothing heard for so long: PING. Firewalls forget connections after some minutes, and an alert is no time
  /// to find that out.
  std::chrono::milliseconds ping_after_ms{60'000};
  std::chrono::milliseconds ping_ms_max{5'000};  ///< until its answer; then the connection is given up
  /// Between connections that came to nothing, doubling. Apple takes rapid reconnecting for an attack.
  std::chrono::milliseconds redial_ms_min{500};
  std::chrono::milliseconds redial_ms_max{15'000};
};

inline constexpr std::size_t h2_write_bytes_max = 64 * 1024;  ///< at once, but for one frame more
inline constexpr std::size_t h2_read_bytes_max = 64 * 1024;
inline constexpr std::int32_t h2_window_bytes = 1024 * 1024;  ///< of one connection, for answers
inline constexpr std::size_t goaway_reason_bytes_max = 64;
inline constexpr std::size_t read_bytes_max = 2 * 1024;  ///< at once, by HTTP/1.1; most answers are short
inline constexpr std::size_t addresses_of_a_name_max = 32;

}  // namespace tuanyuan::push
