#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/chase.hpp"
#include "core/exercise.hpp"
#include "core/notice_text.hpp"
#include "core/recipient.hpp"
#include "core/release_policy.hpp"
#include "core/ring.hpp"
#include "core/time.hpp"
#include "core/widening.hpp"

namespace tuanyuan::engine {

/// What a deployment decides about alerts. The defaults are the contract's.
struct Settings {
  core::ReleasePolicy release;
  core::RingPolicy rings;
  core::NoticeTemplates texts = core::default_templates();
  core::AudienceSet audiences{core::Audience::police, core::Audience::partner, core::Audience::public_};
  bool exercises_reach_public = false;
  core::DisplayPolicy display;
  bool lookout = true;  ///< the police of the division hear of a report at once, before its release
  core::ChasePolicy chase;
  /// After a start nobody is chased for so long: answers that were given meanwhile have to come in first.
  core::Duration chase_grace = std::chrono::seconds(60);
  core::Duration recall_retention = std::chrono::hours(720);  ///< how long a recall stays retained
  std::vector<core::ExercisePlan> exercises;                  ///< names are unique
  std::string api_base;                                       ///< "https://host:8443/api/v1", for photo.url
};

}  // namespace tuanyuan::engine
