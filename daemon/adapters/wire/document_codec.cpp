#include "adapters/wire/document_codec.hpp"

#include <limits>
#include <utility>

#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {
namespace {

template <class Message>
std::optional<Message> parse(std::string_view bytes) {
  Message message;
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::nullopt;
  }
  return message;
}

}  // namespace

std::string ProtobufDocumentCodec::encode(const core::Report& report) {
  return to_proto(report).SerializeAsString();
}

std::optional<core::Report> ProtobufDocumentCodec::decode_report(std::string_view bytes) {
  const auto message = parse<v1::MissingChildReport>(bytes);
  if (!message) {
    return std::nullopt;
  }
  // It passed validation before it was stored, so the draft has nothing left to refuse but damage.
  core::ReportDraft draft = from_proto(*message);
  const auto division = core::parse_division(draft.division);
  if (!draft.has_exercise || !draft.has_last_seen_time || !draft.has_crs || !division) {
    return std::nullopt;
  }
  draft.report.last_seen.division = *division;
  if (!draft.birth_date.empty()) {
    draft.report.child.birth_date = parse_date(draft.birth_date);
    if (!draft.report.child.birth_date) {
      return std::nullopt;
    }
  }
  return std::move(draft.report);
}

std::string ProtobufDocumentCodec::encode(const core::Sighting& sighting) {
  return to_proto(sighting).SerializeAsString();
}

std::optional<core::Sighting> ProtobufDocumentCodec::decode_sighting(std::string_view bytes) {
  const auto message = parse<v1::Sighting>(bytes);
  if (!message) {
    return std::nullopt;
  }
  auto sighting = from_proto(*message);
  return sighting ? std::optional(std::move(*sighting)) : std::nullopt;
}

std::optional<core::Notice> ProtobufDocumentCodec::decode_notice(std::string_view signed_notice) {
  const auto envelope = parse<v1::SignedNotice>(signed_notice);
  if (!envelope) {
    return std::nullopt;
  }
  const auto message = parse<v1::Notice>(envelope->notice());
  return message ? from_proto(*message) : std::nullopt;
}

}  // namespace tuanyuan::wire
