#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/answer.hpp"
#include "core/notice.hpp"
#include "core/report.hpp"

namespace tuanyuan::ports {

/// Turns documents into the bytes that are sealed and stored, and back. The bytes are protobuf, so that a
/// later version of the daemon reads what an earlier one wrote. Any thread.
class DocumentCodec {
 public:
  virtual ~DocumentCodec() = default;

  virtual std::string encode(const core::Report& report) = 0;
  virtual std::optional<core::Report> decode_report(std::string_view bytes) = 0;

  virtual std::string encode(const core::Sighting& sighting) = 0;
  virtual std::optional<core::Sighting> decode_sighting(std::string_view bytes) = 0;

  /// The unsigned notice inside a serialised SignedNotice.
  virtual std::optional<core::Notice> decode_notice(std::string_view signed_notice) = 0;
};

}  // namespace tuanyuan::ports
