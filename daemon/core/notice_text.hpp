#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/notice.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::core {

/// What the texts of one language say of one kind of notice.
///
/// A template is text with `{fact}` where a fact is put and `[…]` around what is left out as a whole when a
/// fact in it is not known, so that a sentence never has a hole; groups may stand in groups, and an inner one
/// that is left out does not take the outer one along. A group that begins `fact?` is shown only where that
/// fact is known, without showing it. A backslash before `{`, `}`, `[`, `]` or `\` makes it a plain character.
///
/// Facts (those an audience may not know are not known in its texts): name, age (empty below one year),
/// infant, male, female, height, weight, appearance, clothing, marks, year, month, day, date, hour, minute,
/// minute_if_any (empty on the hour), clock; the same with `latest_` where the time is a span (the date only
/// where it is another day); place, place_short, circumstances, abduction, suspect, vehicle, plate,
/// contact_unit, phone, beside_110 (the telephone is not 110 itself), birth_date, incident_number,
/// case_number, reporting_unit, lead_officer. Times are Beijing's.
struct NoticeForm {
  std::string headline;
  std::string body;
  std::string speech;  ///< telephone numbers and plates come spelt, other facts without signs that are not read

  friend bool operator==(const NoticeForm&, const NoticeForm&) = default;
};

/// One language's texts. Those of a recall are fixed: they know no fact.
struct LanguageTemplates {
  std::string language;                ///< BCP 47
  std::string exercise_mark;           ///< what every text of an exercise begins with
  std::array<std::string, 10> digits;  ///< as telephone numbers are read aloud
  std::string digit_separator;
  std::string extension;  ///< how "ext" in a telephone number is read aloud
  std::string pause;      ///< what a sign that is not read becomes
  NoticeForm alert;
  NoticeForm update;
  NoticeForm close;
  NoticeForm retract;

  friend bool operator==(const LanguageTemplates&, const LanguageTemplates&) = default;
};

/// The first language is zh-CN (proto: Notice.texts).
struct NoticeTemplates {
  std::vector<LanguageTemplates> languages;

  friend bool operator==(const NoticeTemplates&, const NoticeTemplates&) = default;
};

/// zh-CN and en. `config/notice-texts.toml` holds the same, for deployments to change and to add to.
NoticeTemplates default_templates();

/// What is wrong with templates that came from a configuration, by their path there
/// ("languages[1].alert.body"); empty when nothing is.
std::vector<FieldError> check(const NoticeTemplates& templates);

/// The names that a template may use, in the order of the list above.
const std::vector<std::string_view>& fact_names();

/// The texts of a notice in every language. The facts are those that the notice itself shows, so that no text
/// can say more than its audience may know.
std::vector<NoticeText> texts_of(const NoticeTemplates& templates, const Notice& notice);

}  // namespace tuanyuan::core
