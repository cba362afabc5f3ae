#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/notice.hpp"
#include "core/report.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// All that the copies of one content version are made of.
struct Content {
  core::AlertId alert_id;
  core::Version version;
  core::NoticeKind kind = core::NoticeKind::alert;
  core::Status status = core::Status::exercise;
  core::AudienceSet audiences;
  std::string issuer;  ///< the unit that decided; the reporting unit is for the police alone
  core::Instant issued_at;
  core::Instant expires_at;
  core::Report report;
  core::Circle circle;
  std::vector<core::Division> divisions;
  std::shared_ptr<const core::Photo> photo;
  bool plate_open = false;
};

/// One copy for each audience.
std::vector<core::Notice> compose_content(const World& world, const Content& content);

/// What takes an alert down: ids, revision, kind and a fixed text, nothing of the child. `expires_at` is when
/// it need not be kept any longer.
std::vector<core::Notice> compose_recall(const World& world, const core::CaseState& state, core::NoticeKind kind,
                                         const std::string& issuer, core::Instant issued_at,
                                         core::Instant expires_at);

/// The circle around the place of loss; around the middle of its division's recipients where no position was
/// given. Refuses where there are none of those either.
core::Result<core::Circle> circle_of(const World& world, const core::Report& report, double radius_km);

}  // namespace tuanyuan::engine
