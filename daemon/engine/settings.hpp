#pragma once

#include <chrono>
#include <string>

#include "core/notice_text.hpp"
#include "core/recipient.hpp"
#include "core/release_policy.hpp"
#include "core/ring.hpp"
#include "core/time.hpp"

namespace tuanyuan::engine {

/// What a deployment decides about alerts. The defaults are the contract's.
struct Settings {
  core::ReleasePolicy release;
  core::RingPolicy rings;
  core::NoticeTemplates texts = core::default_templates();
  core::AudienceSet audiences{core::Audience::police, core::Audience::partner, core::Audience::public_};
  bool exercises_reach_public = false;
  core::Duration display = std::chrono::hours(24);            ///< how long a notice may be shown unrenewed
  core::Duration recall_retention = std::chrono::hours(720);  ///< how long a recall stays retained
  core::Duration answer_deadline =
      std::chrono::minutes(5);  ///< how long a recipient has before it counts as silent
  std::string api_base;         ///< "https://host:8443/api/v1", for photo.url
};

}  // namespace tuanyuan::engine
