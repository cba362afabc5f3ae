#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/notice.hpp"
#include "core/notice_text.hpp"
#include "core/report.hpp"

namespace tuanyuan::core {

/// What a copy says beside the report.
struct CopyInput {
  AlertId alert_id;
  Version version;
  NoticeKind kind = NoticeKind::alert;
  Status status = Status::exercise;
  Audience audience = Audience::police;
  Instant issued_at;
  Instant expires_at;
  std::string issuer;            ///< the releasing unit, GA 380
  std::optional<Circle> circle;  ///< exact, WGS-84; not used in a recall
  std::vector<Division> divisions;
  std::optional<PhotoReference> photo;
  bool plate_open = false;  ///< the releaser opened the plate to the public
  std::vector<Wanted> wanted;
};

/// One audience's copy of an alert or update (contract, section 3: "who gets which field"), texts included.
/// Exact positions travel only as the circle's centre, which the public gets rounded to 0.01 degrees. What is
/// withheld from an audience is also taken out of the free texts it gets. Throws std::logic_error for a
/// recall, and where the status is not the report's (promise 5).
Notice compose(const CopyInput& input, const Report& report, const NoticeTemplates& templates);

/// A recall: ids, version, kind, times, what is wanted and a fixed text. It is made without the report, so
/// that nothing of the child can be in it (promise 4). Throws std::logic_error for other kinds.
Notice compose_recall(const CopyInput& input, const NoticeTemplates& templates);

}  // namespace tuanyuan::core
