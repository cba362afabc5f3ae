#pragma once

#include <chrono>
#include <cstddef>

namespace tuanyuan::http {

// What a call may send at the most. A photo of 8 MiB is 10.7 MiB in base64.
inline constexpr std::size_t report_body_bytes_max = 12 * 1024 * 1024;
inline constexpr std::size_t recipient_body_bytes_max = 64 * 1024;
inline constexpr std::size_t small_body_bytes_max = 64 * 1024;
inline constexpr std::size_t import_body_bytes_max = 64 * 1024 * 1024;
/// Of a request that is refused whatever it holds: read and dropped, so that the connection lives on.
inline constexpr std::size_t dropped_body_bytes_max = 64 * 1024;

inline constexpr std::size_t json_depth_max = 16;
inline constexpr std::size_t idempotency_key_bytes_max = 255;
inline constexpr std::size_t page_token_bytes_max = 256;
inline constexpr std::size_t path_id_bytes_max = 64;
inline constexpr std::size_t query_parameters_max = 16;
inline constexpr std::size_t accepted_ranges_max = 32;  ///< of an Accept or Accept-Language field
inline constexpr std::size_t events_per_batch_max = 100;

inline constexpr std::size_t import_errors_max = 1'000;  ///< after that many nobody reads on
inline constexpr std::size_t import_records_max = 1'000'000;
inline constexpr std::size_t import_slice_records = 200;  ///< decoded before others have their turn

/// Answers to repeats (see AnswerMemo).
inline constexpr std::size_t memo_answers_max = 4'096;
inline constexpr std::size_t memo_answer_bytes_max = 64 * 1024;

/// The limits of one listener. Every wait of a connection has one of these deadlines.
struct Limits {
  std::size_t connections_max = 4'096;
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_total_max = 256 * 1024 * 1024;  ///< of all connections together
  std::size_t event_streams_max = 1'024;
  std::size_t event_streams_per_caller_max = 8;

  std::chrono::milliseconds handshake_ms_max{10'000};
  std::chrono::milliseconds idle_ms_max{75'000};         ///< between two requests of a connection
  std::chrono::milliseconds request_ms_max{30'000};      ///< from a request's first byte to its last
  std::size_t upload_bytes_per_second_min = 128 * 1024;  ///< large bodies get this much longer
  std::chrono::milliseconds answer_ms_max{60'000};       ///< for the desk; then the outcome is unknown
  std::chrono::milliseconds write_ms_max{30'000};
  std::chrono::milliseconds close_ms_max{2'000};  ///< for TLS close_notify and unread bytes
  std::chrono::milliseconds heartbeat_ms{15'000};
  std::chrono::milliseconds drain_ms_max{10'000};  ///< at shutdown
  std::chrono::milliseconds sweep_ms{250};         ///< how exactly deadlines are kept

  /// Of the operations listener: a few scrapers and probes, which send no bodies.
  static Limits of_operations() {
    Limits limits;
    limits.connections_max = 64;
    limits.header_bytes_max = 8 * 1024;
    limits.body_bytes_total_max = 64 * dropped_body_bytes_max;
    limits.request_ms_max = std::chrono::milliseconds(5'000);
    return limits;
  }
};

}  // namespace tuanyuan::http
