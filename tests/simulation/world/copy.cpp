#include "simulation/world/copy.hpp"

#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "simulation/world/toy_vault.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::simulation {
namespace {

std::string signature(core::Status use, std::string_view bytes) {
  return toy_digest(std::string(core::to_string(use)) + "'s secret" + std::string(bytes));
}

bool is_genuine(const v1::SignedNotice& message, const core::Notice& notice) {
  for (const v1::Signature& given : message.signatures()) {
    if (given.key_id() == core::to_string(notice.status) &&
        given.value() == signature(notice.status, message.notice())) {
      return true;
    }
  }
  return false;
}

}  // namespace

CopyPtr read_copy(const mqtt::Topic& topic, const core::AlertId& alert, std::shared_ptr<const std::string> bytes) {
  auto copy = std::make_shared<Copy>();
  copy->topic = topic;
  copy->alert_id = alert;
  copy->bytes = std::move(bytes);
  v1::SignedNotice message;
  v1::Notice inner;
  if (copy->bytes && message.ParseFromString(*copy->bytes) && inner.ParseFromString(message.notice())) {
    if (std::optional<core::Notice> notice = wire::from_proto(inner)) {
      copy->genuine = is_genuine(message, *notice);
      copy->notice = std::make_shared<const core::Notice>(std::move(*notice));
    }
  }
  return copy;
}

core::Result<core::SignedCopy> ToyNotary::sign(const core::Notice& notice, core::Instant) {
  const v1::Notice message = wire::to_proto(notice);
  v1::SignedNotice envelope;
  envelope.set_notice(wire::serialize(message));
  v1::Signature& made = *envelope.add_signatures();
  made.set_key_id(std::string(core::to_string(notice.status)));
  made.set_value(signature(notice.status, envelope.notice()));
  core::SignedCopy copy;
  copy.protobuf = envelope.SerializeAsString();
  copy.json = R"({"notice":)" + wire::encode_json(message) + R"(,"jws":""})";
  return copy;
}

}  // namespace tuanyuan::simulation
