#include "adapters/wire/notice_codec.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <stdexcept>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {
namespace {

constexpr std::size_t sha256_bytes = 32;

v1::NoticeChild child_message(const core::Child& child) {
  v1::NoticeChild message;
  if (!child.name.empty()) {
    message.set_name(child.name);
  }
  message.set_sex(to_proto(child.sex));
  if (child.birth_date) {
    message.set_birth_date(to_string(*child.birth_date));
  }
  if (child.age_years) {
    message.set_age_years(*child.age_years);
  }
  if (child.height_cm) {
    message.set_height_cm(*child.height_cm);
  }
  if (child.weight_kg) {
    message.set_weight_kg(*child.weight_kg);
  }
  if (!child.appearance.empty()) {
    message.set_appearance(child.appearance);
  }
  if (!child.clothing.empty()) {
    message.set_clothing(child.clothing);
  }
  if (!child.marks.empty()) {
    message.set_marks(child.marks);
  }
  return message;
}

std::optional<core::Child> child_of(const v1::NoticeChild& message) {
  core::Child child;
  child.name = message.name();
  child.sex = from_proto(message.sex()).value_or(core::Sex::unknown);
  if (message.has_birth_date()) {
    child.birth_date = parse_date(message.birth_date());
    if (!child.birth_date) {
      return std::nullopt;
    }
  }
  if (message.has_age_years()) {
    child.age_years = message.age_years();
  }
  if (message.has_height_cm()) {
    child.height_cm = message.height_cm();
  }
  if (message.has_weight_kg()) {
    child.weight_kg = message.weight_kg();
  }
  child.appearance = message.appearance();
  child.clothing = message.clothing();
  child.marks = message.marks();
  return child;
}

void add_text(const core::NoticeText& text, v1::Notice& message) {
  v1::Text& added = *message.add_texts();
  added.set_language(text.language);
  added.set_headline(text.headline);
  added.set_body(text.body);
  added.set_speech(text.speech);
}

void add_wanted(const core::Wanted& wanted, v1::Notice& message) {
  v1::Wanted& added = *message.add_wanted();
  added.set_kind(to_proto(wanted.kind));
  if (wanted.category) {
    added.set_category(to_proto(*wanted.category));
  }
  added.set_seconds(wanted.seconds);
}

v1::NoticePhoto photo_message(const core::PhotoReference& photo) {
  v1::NoticePhoto message;
  message.set_sha256(photo.sha256);
  message.set_media_type(photo.media_type);
  message.set_size(photo.size_bytes);
  message.set_url(photo.url);
  return message;
}

/// What the audience learns of the case; a recall has none of it.
void put_content(const core::Notice& notice, v1::Notice& message) {
  if (notice.child) {
    *message.mutable_child() = child_message(*notice.child);
    message.set_abduction_suspected(notice.abduction_suspected);
  }
  if (notice.last_seen) {
    *message.mutable_last_seen() = to_proto(*notice.last_seen);
  }
  if (!notice.circumstances.empty()) {
    message.set_circumstances(notice.circumstances);
  }
  if (notice.suspect) {
    *message.mutable_suspect() = to_proto(*notice.suspect);
  }
  if (notice.photo) {
    *message.mutable_photo() = photo_message(*notice.photo);
  }
  if (notice.contact) {
    *message.mutable_contact() = to_proto(*notice.contact);
  }
  if (!notice.incident_number.empty()) {
    message.set_incident_number(notice.incident_number);
  }
  if (!notice.case_number.empty()) {
    message.set_case_number(notice.case_number);
  }
  if (!notice.reporting_unit.empty()) {
    message.set_reporting_unit(notice.reporting_unit);
  }
  if (!notice.lead_officer.empty()) {
    message.set_lead_officer(notice.lead_officer);
  }
}

bool take_identity(const v1::Notice& message, core::Notice& notice) {
  const auto kind = from_proto(message.kind());
  const auto status = from_proto(message.status());
  const auto audience = from_proto(message.audience());
  if (message.alert_id().empty() || !kind || !status || !audience) {
    return false;
  }
  notice.alert_id = core::AlertId(message.alert_id());
  notice.version = core::Version{message.revision(), message.step()};
  notice.kind = *kind;
  notice.status = *status;
  notice.audience = *audience;
  notice.issued_at = from_proto(message.issued_at());
  notice.expires_at = from_proto(message.expires_at());
  notice.issuer = message.issuer();
  return true;
}

bool take_area(const v1::Notice& message, core::Notice& notice) {
  if (message.has_circle()) {
    notice.circle = from_proto(message.circle());
  }
  for (const std::string& code : message.divisions()) {
    const auto division = core::parse_division(code);
    if (!division) {
      return false;
    }
    notice.divisions.push_back(*division);
  }
  return true;
}

bool take_last_seen(const v1::Notice& message, core::Notice& notice) {
  if (!message.has_last_seen()) {
    return true;
  }
  notice.last_seen = from_proto(message.last_seen());
  if (message.last_seen().division().empty()) {
    return true;
  }
  const auto division = core::parse_division(message.last_seen().division());
  notice.last_seen->division = division.value_or(core::Division{});
  return division.has_value();
}

bool take_photo(const v1::Notice& message, core::Notice& notice) {
  if (!message.has_photo()) {
    return true;
  }
  const v1::NoticePhoto& photo = message.photo();
  notice.photo = core::PhotoReference{photo.sha256(), photo.media_type(), photo.size(), photo.url()};
  return photo.sha256().size() == sha256_bytes;
}

bool take_content(const v1::Notice& message, core::Notice& notice) {
  if (message.has_child()) {
    notice.child = child_of(message.child());
    if (!notice.child) {
      return false;
    }
  }
  notice.circumstances = message.circumstances();
  notice.abduction_suspected = message.abduction_suspected();
  if (message.has_suspect()) {
    notice.suspect = from_proto(message.suspect());
  }
  if (message.has_contact()) {
    notice.contact = from_proto(message.contact());
  }
  notice.incident_number = message.incident_number();
  notice.case_number = message.case_number();
  notice.reporting_unit = message.reporting_unit();
  notice.lead_officer = message.lead_officer();
  return take_last_seen(message, notice) && take_photo(message, notice);
}

/// An answer or a category that a newer daemon asks for and this reader does not know is passed over: the
/// notice is no less true for it.
void take_wanted(const v1::Notice& message, core::Notice& notice) {
  for (const v1::Wanted& wanted : message.wanted()) {
    const auto kind = from_proto(wanted.kind());
    const auto category = from_proto(wanted.category());
    if (kind && (category || !wanted.has_category())) {
      notice.wanted.push_back(core::Wanted{*kind, category, wanted.seconds()});
    }
  }
}

}  // namespace

v1::Circle to_proto(const core::Circle& circle) {
  v1::Circle message;
  message.set_latitude(circle.centre.latitude);
  message.set_longitude(circle.centre.longitude);
  message.set_radius_km(circle.radius_km);
  message.set_approximate(circle.approximate);
  return message;
}

core::Circle from_proto(const v1::Circle& circle) {
  return core::Circle{core::Position{circle.latitude(), circle.longitude()}, circle.radius_km(),
                      circle.approximate()};
}

v1::Notice to_proto(const core::Notice& notice) {
  v1::Notice message;
  message.set_alert_id(notice.alert_id.value);
  message.set_revision(notice.version.revision);
  message.set_step(notice.version.step);
  message.set_kind(to_proto(notice.kind));
  message.set_status(to_proto(notice.status));
  message.set_audience(to_proto(notice.audience));
  *message.mutable_issued_at() = to_proto(notice.issued_at);
  *message.mutable_expires_at() = to_proto(notice.expires_at);
  message.set_issuer(notice.issuer);
  if (notice.circle) {
    *message.mutable_circle() = to_proto(*notice.circle);
  }
  for (const core::Division division : notice.divisions) {
    message.add_divisions(core::to_string(division));
  }
  for (const core::NoticeText& text : notice.texts) {
    add_text(text, message);
  }
  put_content(notice, message);
  for (const core::Wanted& wanted : notice.wanted) {
    add_wanted(wanted, message);
  }
  return message;
}

std::optional<core::Notice> from_proto(const v1::Notice& message) {
  core::Notice notice;
  if (!take_identity(message, notice) || !take_area(message, notice) || !take_content(message, notice)) {
    return std::nullopt;
  }
  for (const v1::Text& text : message.texts()) {
    notice.texts.push_back(core::NoticeText{text.language(), text.headline(), text.body(), text.speech()});
  }
  take_wanted(message, notice);
  return notice;
}

std::string serialize(const v1::Notice& notice) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream output(&bytes);
    google::protobuf::io::CodedOutputStream stream(&output);
    stream.SetSerializationDeterministic(true);
    if (!notice.SerializeToCodedStream(&stream)) {
      throw std::runtime_error("a notice could not be serialised");
    }
  }
  return bytes;
}

}  // namespace tuanyuan::wire
