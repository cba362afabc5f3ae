#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "core/notice.hpp"
#include "core/report.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Which version each audience gets, and as what.
struct Issue {
  core::Version version;
  core::NoticeKind kind = core::NoticeKind::alert;
};
class Issues {
 public:
  /// The same for all of them.
  Issues(core::AudienceSet audiences, Issue issue) : audiences_(audiences) { by_audience_.fill(issue); }
  /// The next step of what each of them has.
  static Issues next_steps(const core::CaseState& state);

  const core::AudienceSet& audiences() const { return audiences_; }
  const Issue& of(core::Audience audience) const { return by_audience_[static_cast<std::size_t>(audience)]; }

 private:
  core::AudienceSet audiences_;
  std::array<Issue, core::audience_count> by_audience_;
};

/// All that the copies of one content version are made of.
struct Content {
  core::AlertId alert_id;
  Issues issues{core::AudienceSet(), Issue()};
  core::Status status = core::Status::exercise;
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
std::vector<core::Notice> compose_recall(const World& world, const core::CaseState& state, const Issues& issues,
                                         const std::string& issuer, core::Instant issued_at,
                                         core::Instant expires_at);

/// The circle around the place of loss; around the middle of its division's recipients where no position was
/// given. Refuses where there are none of those either.
core::Result<core::Circle> circle_of(const World& world, const core::Report& report, double radius_km);

}  // namespace tuanyuan::engine
