#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// Every limit of the broker's adapter has its name here.
namespace tuanyuan::mqtt {

// Paho. Below its own limits ours must be the ones that hold: at max_inflight Paho's sending thread sleeps for a
// whole second, and 100 buffered messages (its default) are fewer than one alert's divisions.
inline constexpr int paho_in_flight_max = 65'535;
inline constexpr int paho_buffered_max = 200'000;
/// Paho's sending thread waits up to a second for a signal that it may have missed just before. Without progress
/// for so long it is signalled again; then after twice as long, until its own second is over.
inline constexpr std::chrono::milliseconds nudge_after_min{50};
inline constexpr std::chrono::milliseconds nudge_after_max{1'000};

// Out.
inline constexpr std::size_t dispatches_in_flight_max = 1'024;  ///< two messages each fit into notices_queued_max
inline constexpr std::size_t reassert_chunk_max = 16;           ///< dispatches published together at a connect
inline constexpr std::chrono::seconds reassert_again_after{
    10};  ///< then twice as long each time, until a new connect
inline constexpr std::chrono::seconds reassert_again_after_max{160};
inline constexpr std::chrono::seconds wall_looked_at_every{60};  ///< whether the wall clock was set back
inline constexpr std::size_t notices_queued_max = 4'096;         ///< and keys and canary: before Paho has them
inline constexpr std::size_t photos_queued_max = 2'048;          ///< one of each dispatch
inline constexpr std::size_t receipts_queued_max = 65'536;       ///< what is being committed has room too
inline constexpr std::size_t receipts_waiting_max = 32'768;      ///< beyond, no more acknowledgements are taken
// Handed over and not acknowledged by the broker, in messages and KiB (window.hpp says why).
inline constexpr std::uint32_t notices_in_flight_max = 1'000;
inline constexpr std::uint32_t notices_in_flight_kib_max = 1'536;
inline constexpr std::uint32_t notices_before_photos_max = 20;  ///< so few on their way do not mind a photo
inline constexpr std::uint32_t photos_in_flight_max = 50;
inline constexpr std::uint32_t photos_in_flight_kib_max = 1'024;
inline constexpr std::uint32_t receipts_in_flight_max = 500;
inline constexpr std::uint32_t receipts_in_flight_kib_max = 512;
// Less on a slow line: what gets through in so many seconds.
inline constexpr std::uint32_t window_seconds_max = 5;
inline constexpr std::uint32_t window_kib_min = 48;
inline constexpr std::size_t receipts_per_message_max = 500;
inline constexpr std::size_t payload_bytes_max = 16 * 1024 * 1024;  ///< message_size_limit in mosquitto.conf
/// What has not been handed to Paho by then is withdrawn; what has been is unknown after as long again.
inline constexpr std::chrono::seconds publish_deadline{15};
inline constexpr std::chrono::seconds window_stuck_deadline{30};  ///< without any PUBACK: start counting anew

// In.
inline constexpr std::size_t inbox_messages_max = 131'072;
inline constexpr std::size_t inbox_bytes_max = 128 * 1024 * 1024;
inline constexpr std::size_t drain_slice_max = 512;  ///< then the loop does something else first
/// MQTT 5 Receive Maximum: how many messages the broker sends ahead of our PUBACKs, and so how many the PUBACKs
/// of our own receipts may have to wait behind.
inline constexpr int receive_maximum = 200;
inline constexpr std::chrono::milliseconds hold_back_max{2'000};  ///< of one message while the inbox is full
inline constexpr std::size_t acknowledgement_bytes_max = 8 * 1024;
inline constexpr std::size_t sighting_bytes_max = 12 * 1024 * 1024;
inline constexpr std::size_t presence_bytes_max = 16;
inline constexpr std::size_t notice_bytes_max = 1024 * 1024;

// Answers.
inline constexpr std::size_t answers_batch_max = 2'000;
inline constexpr std::size_t answers_gather_min = 256;  ///< a further batch sets out with as many at least
inline constexpr std::size_t answer_batches_in_flight_max = 4;
inline constexpr std::size_t sightings_in_flight_max = 4;  ///< with their photos
inline constexpr std::size_t sightings_waiting_max = 12;
inline constexpr std::chrono::seconds answers_finish_deadline{5};  ///< at the end, for what is under way

// Connection.
inline constexpr std::chrono::seconds connect_timeout{10};
inline constexpr std::chrono::seconds connect_deadline{20};  ///< should Paho forget its own timeout
inline constexpr std::chrono::seconds subscribe_deadline{10};
inline constexpr std::chrono::seconds disconnect_deadline{3};
inline constexpr std::chrono::milliseconds back_off_min{1'000};
inline constexpr std::chrono::milliseconds back_off_max{10'000};  ///< one daemon is no herd
inline constexpr std::chrono::seconds stable_after{10};  ///< a connection that held so long was a good one

// Retained topics.
inline constexpr std::size_t corrections_pending_max = 10'000;
inline constexpr std::size_t corrections_per_topic_per_minute_max = 3;
inline constexpr std::size_t guarded_topics_max = 500'000;
inline constexpr std::chrono::seconds late_recall_expiry{3'600};  ///< of one that goes out after its time

// Canary.
inline constexpr std::chrono::seconds canary_deadline{20};
inline constexpr std::uint32_t canary_expiry_s = 60;

// ACL.
inline constexpr std::chrono::milliseconds acl_delay{1'000};  ///< changes within it share one write and reload

}  // namespace tuanyuan::mqtt
