#include "core/notice_text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/calendar.hpp"
#include "core/exercise_mark.hpp"
#include "core/field_checks.hpp"
#include "core/language_tag.hpp"
#include "core/notice_form.hpp"
#include "core/speech.hpp"
#include "core/template.hpp"
#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

constexpr std::size_t place_short_chars_max = 30;  // so that a headline stays near CAP's 160 characters
constexpr const char* known = "1";

std::string two_digits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// How values are written in one language, to be read or to be heard.
class Pen {
 public:
  Pen(const LanguageTemplates& language, bool aloud) : language_(language), aloud_(aloud) {}

  std::string text(std::string_view value) const {
    return aloud_ ? spoken(value, language_) : std::string(without_end_mark(value));
  }
  std::string characters(std::string_view value) const {
    return aloud_ ? spelt(value, language_) : std::string(without_end_mark(value));
  }

 private:
  const LanguageTemplates& language_;
  bool aloud_;
};

/// "3.4", "126": nobody measures a child more finely.
std::string in_tenths(double size) {
  const auto tenths = std::lround(size * 10);
  const std::string whole = std::to_string(tenths / 10);
  return tenths % 10 == 0 ? whole : whole + '.' + std::to_string(tenths % 10);
}

void add_child(Facts& facts, const Child& child, const Pen& pen) {
  facts["name"] = pen.text(child.name);
  if (child.age_years) {
    const bool infant = *child.age_years == 0;
    facts[infant ? "infant" : "age"] = infant ? known : std::to_string(*child.age_years);
  }
  if (child.sex != Sex::unknown) {
    facts[child.sex == Sex::male ? "male" : "female"] = known;
  }
  if (child.height_cm) {
    facts["height"] = in_tenths(*child.height_cm);
  }
  if (child.weight_kg) {
    facts["weight"] = in_tenths(*child.weight_kg);
  }
  facts["appearance"] = pen.text(child.appearance);
  facts["clothing"] = pen.text(child.clothing);
  facts["marks"] = pen.text(child.marks);
  if (child.birth_date) {
    facts["birth_date"] = iso_date(*child.birth_date);
  }
}

void add_date(Facts& facts, const std::string& prefix, const BeijingTime& time) {
  facts[prefix + "year"] = std::to_string(static_cast<int>(time.date.year()));
  facts[prefix + "month"] = std::to_string(static_cast<unsigned>(time.date.month()));
  facts[prefix + "day"] = std::to_string(static_cast<unsigned>(time.date.day()));
  facts[prefix + "date"] = iso_date(time.date);
}

void add_time(Facts& facts, const std::string& prefix, const BeijingTime& time) {
  facts[prefix + "hour"] = std::to_string(time.hour);
  facts[prefix + "minute"] = two_digits(time.minute);
  facts[prefix + "minute_if_any"] = time.minute == 0 ? "" : two_digits(time.minute);
  facts[prefix + "clock"] = two_digits(time.hour) + ':' + two_digits(time.minute);
}

void add_last_seen(Facts& facts, const LastSeen& last_seen, const Pen& pen) {
  const BeijingTime earliest = beijing_time(last_seen.time);
  add_date(facts, "", earliest);
  add_time(facts, "", earliest);
  if (last_seen.time_latest) {
    const BeijingTime latest = beijing_time(*last_seen.time_latest);
    add_time(facts, "latest_", latest);
    if (latest.date != earliest.date) {
      add_date(facts, "latest_", latest);
    }
  }
  facts["place"] = pen.text(last_seen.place);
  const std::string_view start = leading_code_points(last_seen.place, place_short_chars_max);
  facts["place_short"] = pen.text(start) + (start.size() < last_seen.place.size() ? "…" : "");
}

void add_contact(Facts& facts, const Contact& contact, const Pen& pen) {
  facts["contact_unit"] = pen.text(contact.unit);
  facts["phone"] = pen.characters(contact.phone);
  facts["beside_110"] = without_end_mark(contact.phone) == "110" ? "" : known;
}

Facts facts_of(const Notice& notice, const Pen& pen) {
  Facts facts;
  if (notice.child) {
    add_child(facts, *notice.child, pen);
  }
  if (notice.last_seen) {
    add_last_seen(facts, *notice.last_seen, pen);
  }
  facts["circumstances"] = pen.text(notice.circumstances);
  facts["abduction"] = notice.abduction_suspected ? known : "";
  if (notice.suspect) {
    facts["suspect"] = pen.text(notice.suspect->description);
    facts["vehicle"] = pen.text(notice.suspect->vehicle);
    facts["plate"] = pen.characters(notice.suspect->plate);
  }
  if (notice.contact) {
    add_contact(facts, *notice.contact, pen);
  }
  facts["incident_number"] = pen.characters(notice.incident_number);
  facts["case_number"] = pen.characters(notice.case_number);
  facts["reporting_unit"] = pen.characters(notice.reporting_unit);
  facts["lead_officer"] = pen.text(notice.lead_officer);
  return facts;
}

/// What each text of one form is checked for.
class FormCheck {
 public:
  FormCheck(FieldChecks& checks, std::string path, bool fixed)
      : checks_(checks), path_(std::move(path)), fixed_(fixed) {}

  void form(const NoticeForm& form) {
    part("headline", form.headline);
    part("body", form.body);
    part("speech", form.speech);
  }

 private:
  void part(const char* name, const std::string& text) {
    const std::string path = path_ + '.' + name;
    const TemplateShape shape = shape_of(text);
    if (text.empty()) {
      checks_.require(false, path);
    } else if (!is_valid_utf8(text)) {
      checks_.refuse(path, Text("不是有效的 UTF-8 文字", "is not valid UTF-8"));
    } else if (!shape.well_formed) {
      checks_.refuse(path, Text("括号不成对", "has brackets or braces that do not match"));
    } else if (fixed_ && !shape.names.empty()) {
      checks_.refuse(path, Text("解除与撤回的文字固定，不得含有变量",
                                "is of a recall, whose text is fixed: it may name no fact"));
    } else if (holds_exercise_mark(text)) {
      checks_.refuse(
          path, Text("演练标记由系统添加，不得写入", "may not hold the exercise mark, which is put before it"));
    }
    names(path, shape);
  }

  void names(const std::string& path, const TemplateShape& shape) {
    for (const std::string& name : shape.names) {
      const auto& known_names = fact_names();
      if (std::find(known_names.begin(), known_names.end(), name) == known_names.end()) {
        checks_.refuse(path, Text("没有名为 " + name + " 的变量", "names no known fact: " + name));
      }
    }
  }

  FieldChecks& checks_;
  std::string path_;
  bool fixed_;
};

void check_language(FieldChecks& checks, const std::string& path, const LanguageTemplates& language) {
  if (!is_language_tag(language.language)) {
    checks.refuse(path + ".language", Text("须为 BCP 47 语言标签", "has to be a BCP 47 language tag"));
  }
  checks.require(!language.exercise_mark.empty(), path + ".exercise_mark");
  const bool spelt = std::none_of(language.digits.begin(), language.digits.end(), is_blank);
  checks.require(spelt, path + ".digits");
  checks.require(!language.extension.empty(), path + ".extension");
  checks.require(!language.pause.empty(), path + ".pause");
  FormCheck(checks, path + ".alert", false).form(language.alert);
  FormCheck(checks, path + ".update", false).form(language.update);
  FormCheck(checks, path + ".close", true).form(language.close);
  FormCheck(checks, path + ".retract", true).form(language.retract);
}

void check_first_language(FieldChecks& checks, const NoticeTemplates& templates) {
  if (templates.languages.empty() || templates.languages.front().language != "zh-CN") {
    checks.refuse("languages[0].language", Text("第一种语言须为 zh-CN", "has to be zh-CN in the first place"));
  } else if (templates.languages.front().exercise_mark != exercise_mark_zh) {
    checks.refuse("languages[0].exercise_mark", Text("中文演练标记须为【演练】", "has to be 【演练】 in Chinese"));
  }
}

NoticeText text_of(const LanguageTemplates& language, const Notice& notice) {
  const NoticeForm& form = form_of(language, notice.kind);
  const std::string mark = notice.status == Status::exercise ? language.exercise_mark : std::string();
  const Facts read = facts_of(notice, Pen(language, false));
  const Facts heard = facts_of(notice, Pen(language, true));
  return {language.language, mark + fill(form.headline, read), mark + fill(form.body, read),
          mark + fill(form.speech, heard)};
}

}  // namespace

const std::vector<std::string_view>& fact_names() {
  static const std::vector<std::string_view> names = {
      "name",
      "age",
      "infant",
      "male",
      "female",
      "height",
      "weight",
      "appearance",
      "clothing",
      "marks",
      "year",
      "month",
      "day",
      "date",
      "hour",
      "minute",
      "minute_if_any",
      "clock",
      "latest_year",
      "latest_month",
      "latest_day",
      "latest_date",
      "latest_hour",
      "latest_minute",
      "latest_minute_if_any",
      "latest_clock",
      "place",
      "place_short",
      "circumstances",
      "abduction",
      "suspect",
      "vehicle",
      "plate",
      "contact_unit",
      "phone",
      "beside_110",
      "birth_date",
      "incident_number",
      "case_number",
      "reporting_unit",
      "lead_officer",
  };
  return names;
}

std::vector<FieldError> check(const NoticeTemplates& templates) {
  FieldChecks checks;
  check_first_language(checks, templates);
  std::set<std::string> seen;
  for (std::size_t index = 0; index < templates.languages.size(); ++index) {
    const std::string path = "languages[" + std::to_string(index) + "]";
    const LanguageTemplates& language = templates.languages[index];
    if (!seen.insert(language.language).second) {
      checks.refuse(path + ".language", Text("语言重复", "is given twice"));
    }
    check_language(checks, path, language);
  }
  return checks.take();
}

std::vector<NoticeText> texts_of(const NoticeTemplates& templates, const Notice& notice) {
  std::vector<NoticeText> texts;
  for (const LanguageTemplates& language : templates.languages) {
    texts.push_back(text_of(language, notice));
  }
  return texts;
}

}  // namespace tuanyuan::core
