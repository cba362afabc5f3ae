#include "adapters/wire/report_codec.hpp"

#include <cmath>
#include <limits>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {
namespace {

core::Child child_of(const v1::Child& message) {
  core::Child child;
  child.name = message.name();
  child.sex = from_proto(message.sex()).value_or(core::Sex::unknown);
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

v1::Child child_message(const core::Child& child) {
  v1::Child message;
  message.set_name(child.name);
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
  message.set_appearance(child.appearance);
  message.set_clothing(child.clothing);
  message.set_marks(child.marks);
  return message;
}

}  // namespace

v1::Position to_proto(core::Position position, core::Crs crs) {
  v1::Position message;
  message.set_latitude(position.latitude);
  message.set_longitude(position.longitude);
  message.set_crs(to_proto(crs));
  return message;
}

core::Position from_proto(const v1::Position& position) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  return core::Position{position.has_latitude() ? position.latitude() : missing,
                        position.has_longitude() ? position.longitude() : missing};
}

v1::LastSeen to_proto(const core::LastSeen& last_seen) {
  v1::LastSeen message;
  *message.mutable_time() = to_proto(last_seen.time);
  if (last_seen.time_latest) {
    *message.mutable_time_latest() = to_proto(*last_seen.time_latest);
  }
  message.set_place(last_seen.place);
  if (last_seen.division) {
    message.set_division(core::to_string(last_seen.division));
  }
  if (last_seen.position) {
    *message.mutable_position() = to_proto(*last_seen.position, last_seen.crs);
  }
  return message;
}

core::LastSeen from_proto(const v1::LastSeen& message) {
  core::LastSeen last_seen;
  last_seen.time = from_proto(message.time());
  if (message.has_time_latest()) {
    last_seen.time_latest = from_proto(message.time_latest());
  }
  last_seen.place = message.place();
  if (message.has_position()) {
    last_seen.position = from_proto(message.position());
    last_seen.crs = from_proto(message.position().crs()).value_or(core::Crs::wgs84);
  }
  return last_seen;
}

v1::Suspect to_proto(const core::Suspect& suspect) {
  v1::Suspect message;
  message.set_description(suspect.description);
  message.set_vehicle(suspect.vehicle);
  if (!suspect.plate.empty()) {
    message.set_plate(suspect.plate);
  }
  return message;
}

core::Suspect from_proto(const v1::Suspect& suspect) {
  return core::Suspect{suspect.description(), suspect.vehicle(), suspect.plate()};
}

v1::Contact to_proto(const core::Contact& contact) {
  v1::Contact message;
  message.set_unit(contact.unit);
  message.set_phone(contact.phone);
  return message;
}

core::Contact from_proto(const v1::Contact& contact) {
  return core::Contact{contact.unit(), contact.phone()};
}

v1::Photo to_proto(const core::Photo& photo) {
  v1::Photo message;
  message.set_media_type(photo.media_type);
  message.set_data(photo.data);
  return message;
}

core::Photo from_proto(const v1::Photo& photo) {
  return core::Photo{photo.media_type(), photo.data()};
}

core::ReportDraft from_proto(const v1::MissingChildReport& message) {
  core::ReportDraft draft;
  core::Report& report = draft.report;
  report.incident_number = message.incident_number();
  report.case_number = message.case_number();
  report.reporting_unit = message.reporting_unit();
  draft.has_exercise = message.has_exercise();
  report.exercise = message.exercise();

  report.child = child_of(message.child());
  report.photo = from_proto(message.child().photo());
  draft.birth_date = message.child().birth_date();
  draft.has_age = message.child().has_age_years();
  const v1::Child::Sex sex = message.child().sex();
  if (sex != v1::Child::SEX_UNSPECIFIED && !from_proto(sex)) {
    draft.unknown_enums.emplace_back("child.sex");
  }

  report.last_seen = from_proto(message.last_seen());
  draft.has_last_seen_time = message.last_seen().has_time();
  draft.division = message.last_seen().division();
  draft.has_crs =
      !message.last_seen().has_position() || from_proto(message.last_seen().position().crs()).has_value();

  report.circumstances = message.circumstances();
  report.abduction_suspected = message.abduction_suspected();
  report.suspect = from_proto(message.suspect());
  report.contact = from_proto(message.contact());
  report.lead_officer = message.lead_officer();
  return draft;
}

v1::MissingChildReport to_proto(const core::Report& report) {
  v1::MissingChildReport message;
  message.set_incident_number(report.incident_number);
  message.set_case_number(report.case_number);
  message.set_reporting_unit(report.reporting_unit);
  message.set_exercise(report.exercise);
  *message.mutable_child() = child_message(report.child);
  if (!report.photo.empty()) {
    *message.mutable_child()->mutable_photo() = to_proto(report.photo);
  }
  *message.mutable_last_seen() = to_proto(report.last_seen);
  message.set_circumstances(report.circumstances);
  message.set_abduction_suspected(report.abduction_suspected);
  if (report.suspect != core::Suspect{}) {
    *message.mutable_suspect() = to_proto(report.suspect);
  }
  *message.mutable_contact() = to_proto(report.contact);
  message.set_lead_officer(report.lead_officer);
  return message;
}

}  // namespace tuanyuan::wire
