#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/report.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// What a recipient says of a notice (contract, section 3: "what an answer means"). The first four imply
/// each other backwards: ACTING, CONFIRMED, DISPLAYED, RECEIVED.
enum class AnswerKind : std::uint8_t { received, displayed, confirmed, acting, removed, unable };
inline constexpr AnswerKind all_answer_kinds[] = {AnswerKind::received, AnswerKind::displayed,
                                                  AnswerKind::confirmed, AnswerKind::acting,
                                                  AnswerKind::removed, AnswerKind::unable};
inline constexpr std::size_t answer_kind_count = 6;
std::string_view to_string(AnswerKind kind);
std::optional<AnswerKind> parse_answer_kind(std::string_view name);
/// Whether who answered `said` has thereby also answered `asked`.
bool implies(AnswerKind said, AnswerKind asked);

enum class UnableReason : std::uint8_t { none, no_staff, equipment, off_air, editorial, not_concerned };
/// Empty for none.
std::string_view to_string(UnableReason reason);
std::optional<UnableReason> parse_unable_reason(std::string_view name);

/// Who says that the recipient answered: its own equipment, the gateway that delivered, an officer who
/// reached it by telephone.
enum class AnswerSource : std::uint8_t { station, gateway, officer };
std::string_view to_string(AnswerSource source);

struct Acknowledgement {
  AlertId alert_id;
  std::uint32_t revision = 0;
  RecipientId recipient_id;
  AnswerKind kind = AnswerKind::received;
  std::optional<Instant> at;  ///< by the recipient's own clock
  UnableReason reason = UnableReason::none;
  std::string note;
};

enum class ReceiptResult : std::uint8_t { recorded, duplicate, refused };
std::string_view to_string(ReceiptResult result);

/// What the daemon answers to an acknowledgement or a sighting, after the commit; also when it refuses.
struct Receipt {
  AlertId alert_id;
  std::uint32_t revision = 0;
  RecipientId recipient_id;
  std::optional<AnswerKind> kind;  ///< of an acknowledgement
  SightingId sighting_id;          ///< of a sighting
  Instant recorded_at;
  ReceiptResult result = ReceiptResult::recorded;
  std::string reason;  ///< of a refusal: a stable word such as "unknown-alert"
};

enum class Assessment : std::uint8_t { unassessed, credible, not_credible, confirmed };
std::string_view to_string(Assessment assessment);
std::optional<Assessment> parse_assessment(std::string_view name);

struct Sighting {
  SightingId sighting_id;  ///< the recipient's, a UUID: the same one again is a duplicate
  AlertId alert_id;
  RecipientId recipient_id;
  Instant seen_at;
  std::optional<Position> position;  ///< as given, in `crs`
  Crs crs = Crs::wgs84;
  std::string description;
  Photo photo;
};

}  // namespace tuanyuan::core
