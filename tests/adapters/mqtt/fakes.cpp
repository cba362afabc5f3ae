#include "adapters/mqtt/fakes.hpp"

#include "adapters/wire/json.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::mqtt::test {

std::shared_ptr<const core::SignedCopy> copy_of(const std::string& alert, core::Version version,
                                                const std::string& headline) {
  v1::Notice notice;
  notice.set_alert_id(alert);
  notice.set_revision(version.revision);
  notice.set_step(version.step);
  notice.add_texts()->set_headline(headline);
  v1::SignedNotice message;
  message.set_notice(notice.SerializeAsString());
  auto copy = std::make_shared<core::SignedCopy>();
  copy->protobuf = message.SerializeAsString();
  copy->json = R"({"notice":)" + wire::encode_json(notice) + R"(,"jws":"a.b.c"})";
  return copy;
}

ports::Dispatch notice_dispatch(const std::string& alert, core::Version version, core::Target target,
                                core::Instant expires_at) {
  ports::Dispatch dispatch;
  dispatch.delivery.alert_id = core::AlertId(alert);
  dispatch.delivery.version = version;
  dispatch.delivery.audience = core::Audience::partner;
  dispatch.delivery.target = std::move(target);
  dispatch.copy = copy_of(alert, version);
  dispatch.expires_at = expires_at;
  return dispatch;
}

ports::Dispatch photo_dispatch(const std::string& alert, core::Version version, core::Instant expires_at,
                               std::string bytes) {
  ports::Dispatch dispatch;
  dispatch.delivery.alert_id = core::AlertId(alert);
  dispatch.delivery.version = version;
  dispatch.delivery.audience = core::Audience::partner;
  dispatch.delivery.target = shenyang;
  dispatch.delivery.parcel = bytes.empty() ? core::Parcel::photo_clear : core::Parcel::photo;
  if (!bytes.empty()) {
    core::Photo photo;
    photo.media_type = "image/jpeg";
    photo.data = std::move(bytes);
    dispatch.photo = std::make_shared<const core::Photo>(std::move(photo));
  }
  dispatch.expires_at = expires_at;
  return dispatch;
}

}  // namespace tuanyuan::mqtt::test
