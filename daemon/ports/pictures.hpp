#pragma once

#include "core/notice.hpp"
#include "core/refusal.hpp"
#include "core/report.hpp"

namespace tuanyuan::ports {

/// Makes a photo ready to be shown: checked to be a real JPEG or PNG within the named limits, turned the
/// way it was held, stripped of metadata, reduced to core::shown_photo_bytes_max, and watermarked for an
/// exercise. Blocking, tens of milliseconds: run it in the blocking pool. Any thread.
class Pictures {
 public:
  virtual ~Pictures() = default;

  /// The refusal names the field "child.photo.data" or "child.photo.mediaType".
  virtual core::Result<core::Photo> prepare(const core::Photo& photo, core::Status status) = 0;
};

}  // namespace tuanyuan::ports
