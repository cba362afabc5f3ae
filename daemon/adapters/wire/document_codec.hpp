#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ports/document_codec.hpp"

namespace tuanyuan::wire {

/// Stored documents as the messages of tuanyuan.v1. Stateless; any thread.
class ProtobufDocumentCodec final : public ports::DocumentCodec {
 public:
  std::string encode(const core::Report& report) override;
  std::optional<core::Report> decode_report(std::string_view bytes) override;
  std::string encode(const core::Sighting& sighting) override;
  std::optional<core::Sighting> decode_sighting(std::string_view bytes) override;
  std::optional<core::Notice> decode_notice(std::string_view signed_notice) override;
};

}  // namespace tuanyuan::wire
