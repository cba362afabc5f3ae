#include "adapters/wire/answer_codec.hpp"

#include <utility>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/field_errors.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {

core::Result<core::Acknowledgement> from_proto(const v1::Acknowledgement& message) {
  FieldErrors errors;
  core::Acknowledgement acknowledgement;
  errors.need(!message.alert_id().empty(), "alertId");
  acknowledgement.alert_id = core::AlertId(message.alert_id());
  acknowledgement.revision = message.revision();
  acknowledgement.recipient_id = core::RecipientId(message.recipient_id());
  acknowledgement.kind = errors.known(from_proto(message.kind()), "kind");
  if (message.has_at()) {
    acknowledgement.at = from_proto(message.at());
  }
  if (acknowledgement.kind == core::AnswerKind::unable) {
    acknowledgement.reason = errors.known(from_proto(message.reason()), "reason");
  }
  acknowledgement.note = message.note();
  return errors.result(std::move(acknowledgement));
}

v1::Acknowledgement to_proto(const core::Acknowledgement& acknowledgement) {
  v1::Acknowledgement message;
  message.set_alert_id(acknowledgement.alert_id.value);
  message.set_revision(acknowledgement.revision);
  message.set_recipient_id(acknowledgement.recipient_id.value);
  message.set_kind(to_proto(acknowledgement.kind));
  if (acknowledgement.at) {
    *message.mutable_at() = to_proto(*acknowledgement.at);
  }
  if (acknowledgement.reason != core::UnableReason::none) {
    message.set_reason(to_proto(acknowledgement.reason));
  }
  if (!acknowledgement.note.empty()) {
    message.set_note(acknowledgement.note);
  }
  return message;
}

core::Result<core::Sighting> from_proto(const v1::Sighting& message) {
  FieldErrors errors;
  core::Sighting sighting;
  errors.need(!message.sighting_id().empty(), "sightingId");
  errors.need(!message.alert_id().empty(), "alertId");
  errors.need(message.has_seen_at(), "seenAt");
  sighting.sighting_id = core::SightingId(message.sighting_id());
  sighting.alert_id = core::AlertId(message.alert_id());
  sighting.recipient_id = core::RecipientId(message.recipient_id());
  sighting.seen_at = from_proto(message.seen_at());
  if (message.has_position()) {
    const v1::Position& given = message.position();
    const core::Position position = from_proto(given);
    errors.within(position.latitude, 90, "position.latitude");
    errors.within(position.longitude, 180, "position.longitude");
    sighting.crs = errors.known(from_proto(given.crs()), "position.crs");
    sighting.position = position;
  }
  sighting.description = message.description();
  sighting.photo = from_proto(message.photo());
  return errors.result(std::move(sighting));
}

v1::Sighting to_proto(const core::Sighting& sighting) {
  v1::Sighting message;
  message.set_sighting_id(sighting.sighting_id.value);
  message.set_alert_id(sighting.alert_id.value);
  message.set_recipient_id(sighting.recipient_id.value);
  *message.mutable_seen_at() = to_proto(sighting.seen_at);
  if (sighting.position) {
    *message.mutable_position() = to_proto(*sighting.position, sighting.crs);
  }
  message.set_description(sighting.description);
  if (!sighting.photo.empty()) {
    *message.mutable_photo() = to_proto(sighting.photo);
  }
  return message;
}

core::Result<core::Receipt> from_proto(const v1::Receipt& message) {
  FieldErrors errors;
  core::Receipt receipt;
  receipt.alert_id = core::AlertId(message.alert_id());
  receipt.revision = message.revision();
  receipt.recipient_id = core::RecipientId(message.recipient_id());
  receipt.kind = from_proto(message.kind());
  receipt.sighting_id = core::SightingId(message.sighting_id());
  receipt.recorded_at = from_proto(message.recorded_at());
  receipt.result = errors.known(from_proto(message.result()), "result");
  receipt.reason = message.reason();
  errors.need(receipt.kind.has_value() || !receipt.sighting_id.empty(), "kind");
  return errors.result(std::move(receipt));
}

v1::Receipt to_proto(const core::Receipt& receipt) {
  v1::Receipt message;
  message.set_alert_id(receipt.alert_id.value);
  message.set_revision(receipt.revision);
  message.set_recipient_id(receipt.recipient_id.value);
  if (receipt.kind) {
    message.set_kind(to_proto(*receipt.kind));
  }
  if (!receipt.sighting_id.empty()) {
    message.set_sighting_id(receipt.sighting_id.value);
  }
  if (receipt.result != core::ReceiptResult::refused) {
    *message.mutable_recorded_at() = to_proto(receipt.recorded_at);
  }
  message.set_result(to_proto(receipt.result));
  if (!receipt.reason.empty()) {
    message.set_reason(receipt.reason);
  }
  return message;
}

v1::Receipts to_proto(const std::vector<core::Receipt>& receipts) {
  v1::Receipts message;
  message.mutable_receipts()->Reserve(static_cast<int>(receipts.size()));
  for (const core::Receipt& receipt : receipts) {
    *message.add_receipts() = to_proto(receipt);
  }
  return message;
}

}  // namespace tuanyuan::wire
