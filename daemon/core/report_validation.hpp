#pragma once

#include <string>
#include <vector>

#include "core/refusal.hpp"
#include "core/report.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// Contract, section 3, "a report at 3 a.m.": the report, or everything that is wrong with it at once, each
/// with its JSON path. `now` is the time of submission.
Result<Report> validate(ReportDraft draft, Instant now);

/// An update is the merged report validated by the same rules, at the time of the update.
Result<Report> validate(Report merged, Instant now);

/// The draft that a report would have come from.
ReportDraft to_draft(Report report);

/// The child's completed years when it was last seen: by the date of birth in Beijing where that is known,
/// otherwise as told.
std::optional<std::uint32_t> age_when_last_seen(const Report& report);

/// JSON paths of what is not required but would help those who search, in the order of the report. The photo is
/// kept apart from the report.
std::vector<std::string> helpful_but_missing(const Report& report, bool has_photo);

}  // namespace tuanyuan::core
