#include "adapters/ledger/sqlite/outbox_row.hpp"

namespace tuanyuan::ledger {

OutboxRow read_outbox_row(const Statement& row) {
  OutboxRow read;
  core::Delivery& delivery = read.delivery;
  delivery.id = static_cast<std::uint64_t>(row.integer(0));
  delivery.alert_id = core::AlertId(row.text(1));
  delivery.version = {static_cast<std::uint32_t>(row.integer(2)), static_cast<std::uint32_t>(row.integer(3))};
  delivery.kind = static_cast<core::NoticeKind>(row.integer(4));
  delivery.status = static_cast<core::Status>(row.integer(5));
  delivery.audience = static_cast<core::Audience>(row.integer(6));
  delivery.parcel = static_cast<core::Parcel>(row.integer(7));
  delivery.channel = static_cast<core::ChannelKind>(row.integer(8));
  if (row.is_null(9)) {
    delivery.target = core::RecipientId(row.text(10));
  } else {
    delivery.target = core::Division{static_cast<std::uint32_t>(row.integer(9))};
  }
  delivery.urgency = row.integer(11);
  delivery.not_before = core::from_epoch_ms(row.integer(12));
  delivery.expires_at = core::from_epoch_ms(row.integer(13));
  delivery.attempts = static_cast<std::uint32_t>(row.integer(14));
  delivery.maybe_sent = row.integer(15) != 0;
  delivery.state = static_cast<core::DeliveryState>(row.integer(16));
  read.outdated = row.integer(17) != 0;
  delivery.concerns = core::RecipientId(row.text(18));
  delivery.awaits = static_cast<core::AnswerKind>(row.integer(19));
  read.settled_at = core::from_epoch_ms(row.integer(20));
  delivery.endpoint = static_cast<std::uint64_t>(row.integer(21));
  return read;
}

}  // namespace tuanyuan::ledger
