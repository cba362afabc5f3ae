#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/answer.hpp"
#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"
#include "core/report.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// Whether it is meant. Exercises are marked everywhere and signed by keys of their own (promise 5).
enum class Status : std::uint8_t { actual, exercise };
std::string_view to_string(Status status);

enum class NoticeKind : std::uint8_t { alert, update, close, retract };
std::string_view to_string(NoticeKind kind);
/// CLOSE and RETRACT take the alert down.
inline bool is_recall(NoticeKind kind) { return kind == NoticeKind::close || kind == NoticeKind::retract; }

/// Which state of an alert a copy is of. Revision grows with the content, step with circle, divisions or
/// expiry alone; ringing and acknowledging key on the revision (contract, section 3).
struct Version {
  std::uint32_t revision = 0;
  std::uint32_t step = 0;

  friend auto operator<=>(const Version&, const Version&) = default;
};

struct NoticeText {
  std::string language;  ///< BCP 47
  std::string headline;
  std::string body;
  std::string speech;

  friend bool operator==(const NoticeText&, const NoticeText&) = default;
};

/// What the notice says of the photo, which travels on a topic of its own.
struct PhotoReference {
  std::string sha256;  ///< 32 bytes
  std::string media_type;
  std::uint32_t size_bytes = 0;
  std::string url;

  friend bool operator==(const PhotoReference&, const PhotoReference&) = default;
};

/// An answer that is asked for: which category within how many seconds.
struct Wanted {
  AnswerKind kind = AnswerKind::received;
  std::optional<Category> category;  ///< absent: everybody
  std::uint32_t seconds = 0;

  friend bool operator==(const Wanted&, const Wanted&) = default;
};

/// One audience's copy of one version of an alert, before it is signed.
struct Notice {
  AlertId alert_id;
  Version version;
  NoticeKind kind = NoticeKind::alert;
  Status status = Status::exercise;
  Audience audience = Audience::police;
  Instant issued_at;
  Instant expires_at;
  std::string issuer;  ///< the police unit, GA 380
  std::optional<Circle> circle;
  std::vector<Division> divisions;
  std::vector<NoticeText> texts;

  // The audience's share of the report; in a recall all of it is empty.
  std::optional<Child> child;
  std::optional<LastSeen> last_seen;
  std::string circumstances;
  bool abduction_suspected = false;
  std::optional<Suspect> suspect;
  std::optional<PhotoReference> photo;
  std::optional<Contact> contact;
  std::string incident_number;  ///< POLICE only, as the next three
  std::string case_number;
  std::string reporting_unit;
  std::string lead_officer;

  std::vector<Wanted> wanted;

  friend bool operator==(const Notice&, const Notice&) = default;
};

/// A notice as it goes out: the exact bytes that were signed, in both encodings.
struct SignedCopy {
  std::string protobuf;  ///< a serialised SignedNotice
  std::string json;      ///< {"notice":{…},"jws":"…"}
};

}  // namespace tuanyuan::core
