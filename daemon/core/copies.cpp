#include "core/copies.hpp"

#include <stdexcept>
#include <utility>

#include "core/calendar.hpp"
#include "core/redaction.hpp"
#include "core/report_validation.hpp"

namespace tuanyuan::core {
namespace {

constexpr double public_centre_step_degrees = 0.01;  // contract, section 3

Notice frame(const CopyInput& input) {
  Notice notice;
  notice.alert_id = input.alert_id;
  notice.version = input.version;
  notice.kind = input.kind;
  notice.status = input.status;
  notice.audience = input.audience;
  notice.issued_at = input.issued_at;
  notice.expires_at = input.expires_at;
  notice.issuer = input.issuer;
  notice.wanted = input.wanted;
  return notice;
}

std::optional<Circle> circle_for(Audience audience, std::optional<Circle> circle) {
  if (circle && audience == Audience::public_) {
    circle->centre = rounded(circle->centre, public_centre_step_degrees);
  }
  return circle;
}

std::vector<std::string> ways_to_write(std::chrono::year_month_day date) {
  const std::string iso = iso_date(date);
  const std::string year = iso.substr(0, 4);
  const std::string month = std::to_string(static_cast<unsigned>(date.month()));
  const std::string day = std::to_string(static_cast<unsigned>(date.day()));
  return {iso, year + "年" + month + "月" + day, year + "年" + iso.substr(5, 2) + "月" + iso.substr(8, 2)};
}

bool plate_shown(const CopyInput& input) {
  return input.audience != Audience::public_ || input.plate_open;
}

/// The values of the report that this audience may not know.
std::vector<std::string> withheld(const CopyInput& input, const Report& report) {
  if (input.audience == Audience::police) {
    return {};
  }
  std::vector<std::string> values{report.incident_number, report.case_number, report.reporting_unit,
                                  report.lead_officer};
  if (report.child.birth_date) {
    const std::vector<std::string> dates = ways_to_write(*report.child.birth_date);
    values.insert(values.end(), dates.begin(), dates.end());
  }
  if (!plate_shown(input)) {
    values.push_back(report.suspect.plate);
  }
  return values;
}

/// Fills the copy, field by field, for one audience.
class Copyist {
 public:
  Copyist(const CopyInput& input, const Report& report)
      : input_(input), report_(report), withheld_(withheld(input, report)) {}

  void fill(Notice& notice) const {
    notice.circle = circle_for(input_.audience, input_.circle);
    notice.divisions = input_.divisions;
    notice.child = child();
    notice.last_seen = last_seen();
    notice.circumstances = free_text(report_.circumstances);
    notice.abduction_suspected = report_.abduction_suspected;
    notice.suspect = suspect();
    notice.photo = input_.photo;
    notice.contact = report_.contact;
    if (input_.audience == Audience::police) {
      fill_police_only(notice);
    }
  }

 private:
  std::string free_text(const std::string& text) const { return withhold(text, withheld_); }

  Child child() const {
    Child child = report_.child;
    child.age_years = age_when_last_seen(report_);
    if (input_.audience != Audience::police) {
      child.birth_date.reset();
    }
    child.appearance = free_text(child.appearance);
    child.clothing = free_text(child.clothing);
    child.marks = free_text(child.marks);
    return child;
  }

  LastSeen last_seen() const {
    LastSeen last_seen = report_.last_seen;
    last_seen.position.reset();
    last_seen.crs = Crs::wgs84;
    last_seen.place = free_text(last_seen.place);
    return last_seen;
  }

  std::optional<Suspect> suspect() const {
    Suspect suspect{free_text(report_.suspect.description), free_text(report_.suspect.vehicle),
                    plate_shown(input_) ? report_.suspect.plate : std::string()};
    return suspect == Suspect{} ? std::nullopt : std::optional(std::move(suspect));
  }

  void fill_police_only(Notice& notice) const {
    notice.incident_number = report_.incident_number;
    notice.case_number = report_.case_number;
    notice.reporting_unit = report_.reporting_unit;
    notice.lead_officer = report_.lead_officer;
  }

  const CopyInput& input_;
  const Report& report_;
  const std::vector<std::string> withheld_;
};

}  // namespace

Notice compose(const CopyInput& input, const Report& report, const NoticeTemplates& templates) {
  if (is_recall(input.kind)) {
    throw std::logic_error("a recall is composed without the report");
  }
  if ((input.status == Status::exercise) != report.exercise) {
    throw std::logic_error("the copy's status is not the report's");
  }
  Notice notice = frame(input);
  Copyist(input, report).fill(notice);
  notice.texts = texts_of(templates, notice);
  return notice;
}

Notice compose_recall(const CopyInput& input, const NoticeTemplates& templates) {
  if (!is_recall(input.kind)) {
    throw std::logic_error("only a recall is composed without the report");
  }
  Notice notice = frame(input);
  notice.texts = texts_of(templates, notice);
  return notice;
}

}  // namespace tuanyuan::core
