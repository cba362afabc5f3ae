#include "core/poster_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/calendar.hpp"
#include "core/exercise_mark.hpp"
#include "core/fitted_text.hpp"
#include "core/police_mark.hpp"
#include "core/speech.hpp"

namespace tuanyuan::core {
namespace {

/// The words of the form itself.
struct PosterWords {
  std::string_view mark;
  std::string_view mark_before;
  std::string_view mark_line;
  std::string_view title;
  std::string_view subtitle;
  std::string_view nameless;
  std::string_view male;
  std::string_view female;
  std::string_view infant;
  std::string_view between;
  std::string_view time;
  std::string_view place;
  std::string_view clothing;
  std::string_view marks;
  std::string_view appearance;
  std::string_view note;
  std::string_view abducted;
  std::string_view suspect;
  std::string_view vehicle;
  std::string_view plate;
  std::string_view circumstances;
  std::string_view incident;
  std::string_view case_number;
  std::string_view birth_date;
  std::string_view reporting_unit;
  std::string_view lead_officer;
  std::string_view call;
  std::string_view beside;
  std::string_view scan;
  std::string_view more_by_code;
  std::string_view more_by_phone;
  std::string_view issued_by;
  std::string_view issued_at;
  std::string_view number;
  std::string_view show_until;
  std::string_view authority;
};

constexpr PosterWords chinese_words{
    .mark = "演练",
    .mark_before = exercise_mark_zh,
    .mark_line = "这是演练，不是真实警情，请勿报警",
    .title = "寻人",
    .subtitle = "寻找失踪儿童",
    .nameless = "失踪儿童",
    .male = "男",
    .female = "女",
    .infant = "不满一岁",
    .between = "　",
    .time = "最后出现",
    .place = "走失地点",
    .clothing = "衣着",
    .marks = "特征",
    .appearance = "体貌",
    .note = "提示",
    .abducted = "疑似被人带走",
    .suspect = "可能同行者",
    .vehicle = "车辆",
    .plate = "车牌",
    .circumstances = "经过",
    .incident = "接警单编号",
    .case_number = "案件编号",
    .birth_date = "出生日期",
    .reporting_unit = "报告单位",
    .lead_officer = "责任民警",
    .call = "如有线索，请立即拨打",
    .beside = "或拨打 110",
    .scan = "扫码查看公开信息",
    .more_by_code = "另有信息，请扫码查看",
    .more_by_phone = "另有信息，请来电询问",
    .issued_by = "发布单位 ",
    .issued_at = "发布时间 ",
    .number = "通告编号 ",
    .show_until = "展示至 ",
    .authority = "以公安机关发布为准",
};

constexpr PosterWords english_words{
    .mark = "EXERCISE",
    .mark_before = exercise_mark_en,
    .mark_line = "This is an exercise. No child is missing. Do not call the police.",
    .title = "MISSING",
    .subtitle = "Missing child",
    .nameless = "Missing child",
    .male = "Boy",
    .female = "Girl",
    .infant = "under one year old",
    .between = " · ",
    .time = "Last seen",
    .place = "Where",
    .clothing = "Clothing",
    .marks = "Marks",
    .appearance = "Appearance",
    .note = "Note",
    .abducted = "The child may have been taken away",
    .suspect = "May be with",
    .vehicle = "Vehicle",
    .plate = "Number plate",
    .circumstances = "What happened",
    .incident = "Incident number",
    .case_number = "Case number",
    .birth_date = "Date of birth",
    .reporting_unit = "Reporting unit",
    .lead_officer = "Lead officer",
    .call = "If you know anything, call at once",
    .beside = "or call 110",
    .scan = "Scan to read more",
    .more_by_code = "More is known: scan the code",
    .more_by_phone = "More is known: call the number below",
    .issued_by = "Issued by ",
    .issued_at = "Issued ",
    .number = "Notice ",
    .show_until = "show until ",
    .authority = "Police announcements take precedence",
};

std::string_view primary(std::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

/// Of a notice that has no texts at all.
constexpr std::string_view form_language = "zh-CN";

/// In this language, or in one like it.
const NoticeText* find_text(const Notice& notice, std::string_view language) {
  const auto& texts = notice.texts;
  auto found =
      std::find_if(texts.begin(), texts.end(), [&](const auto& text) { return text.language == language; });
  if (found == texts.end()) {
    found = std::find_if(texts.begin(), texts.end(),
                         [&](const auto& text) { return primary(text.language) == primary(language); });
  }
  return found == texts.end() ? nullptr : &*found;
}

const NoticeText* text_in(const Notice& notice, std::string_view language) {
  const NoticeText* found = find_text(notice, language);
  return found == nullptr && !notice.texts.empty() ? &notice.texts.front() : found;
}

std::string two_digits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string in_tenths(double size) {
  const auto tenths = std::lround(size * 10);
  const std::string whole = std::to_string(tenths / 10);
  return tenths % 10 == 0 ? whole : whole + '.' + std::to_string(tenths % 10);
}

/// Puts the pieces together in one of the two languages.
class Writer {
 public:
  Writer(const Notice& notice, bool english)
      : notice_(notice), english_(english), words_(english ? english_words : chinese_words) {}

  void write_form(PosterText& poster) const {
    poster.exercise = notice_.status == Status::exercise;
    if (poster.exercise) {
      poster.mark = words_.mark;
      poster.mark_line = words_.mark_line;
      poster.title = words_.mark_before;
    }
    poster.internal = police_mark(notice_.audience, poster.language);
    poster.title += words_.title;
    poster.subtitle = words_.subtitle;
    poster.name = words_.nameless;
    poster.call = words_.call;
    poster.scan = words_.scan;
    poster.more_by_code = words_.more_by_code;
    poster.authority = words_.authority;
    poster.issuer = std::string(words_.issued_by) + notice_.issuer + std::string(words_.between) +
                    std::string(words_.issued_at) + moment(notice_.issued_at);
    poster.reference = std::string(words_.number) + notice_.alert_id.value + " / " +
                       std::to_string(notice_.version.revision) + std::string(words_.between) +
                       std::string(words_.show_until) + moment(notice_.expires_at);
    write_contact(poster);
  }

  void write_facts(PosterText& poster) const {
    if (notice_.child) {
      const std::string_view name = without_end_mark(notice_.child->name);
      if (!name.empty()) {
        poster.name = name;
      }
      poster.traits = traits(*notice_.child);
    }
    if (notice_.last_seen) {
      add(poster, words_.time, span(*notice_.last_seen), essential);
      add(poster, words_.place, notice_.last_seen->place, essential);
    }
    const Child child = notice_.child.value_or(Child());
    add(poster, words_.clothing, child.clothing, essential);
    add(poster, words_.marks, child.marks);
    add(poster, words_.appearance, child.appearance);
    add(poster, words_.note, notice_.abduction_suspected ? words_.abducted : std::string_view());
    const Suspect suspect = notice_.suspect.value_or(Suspect());
    add(poster, words_.suspect, suspect.description);
    add(poster, words_.plate, suspect.plate);
    add(poster, words_.vehicle, suspect.vehicle);
    add(poster, words_.circumstances, notice_.circumstances);
    write_police_facts(poster, child);
  }

 private:
  static constexpr bool essential = true;

  static void add(PosterText& poster, std::string_view label, std::string_view value, bool is_essential = false) {
    const std::string_view plain = without_end_mark(value);
    if (!plain.empty()) {
      poster.facts.push_back({std::string(label), std::string(plain), is_essential});
    }
  }

  void write_contact(PosterText& poster) const {
    if (!notice_.contact) {
      return;
    }
    poster.phone = without_end_mark(notice_.contact->phone);
    poster.beside = poster.phone == "110" ? std::string_view() : words_.beside;
    poster.contact_unit = without_end_mark(notice_.contact->unit);
    poster.more_by_phone = poster.phone.empty() ? std::string_view() : words_.more_by_phone;
  }

  void write_police_facts(PosterText& poster, const Child& child) const {
    add(poster, words_.incident, notice_.incident_number);
    add(poster, words_.case_number, notice_.case_number);
    add(poster, words_.birth_date, child.birth_date ? iso_date(*child.birth_date) : std::string());
    add(poster, words_.reporting_unit, notice_.reporting_unit);
    add(poster, words_.lead_officer, notice_.lead_officer);
  }

  std::vector<std::string> traits(const Child& child) const {
    std::vector<std::string> parts;
    if (child.sex != Sex::unknown) {
      parts.emplace_back(child.sex == Sex::male ? words_.male : words_.female);
    }
    if (child.age_years && *child.age_years == 0) {
      parts.emplace_back(words_.infant);
    } else if (child.age_years) {
      const std::string age = std::to_string(*child.age_years);
      parts.push_back(english_ ? "Aged " + age : age + "岁");
    }
    if (child.height_cm) {
      const std::string height = in_tenths(*child.height_cm);
      parts.push_back(english_ ? height + " cm tall" : "身高" + height + "厘米");
    }
    if (child.weight_kg) {
      const std::string weight = in_tenths(*child.weight_kg);
      parts.push_back(english_ ? weight + " kg" : "体重" + weight + "千克");
    }
    return parts;
  }

  std::string date(const BeijingTime& time) const {
    if (english_) {
      return iso_date(time.date);
    }
    return std::to_string(static_cast<int>(time.date.year())) + "年" +
           std::to_string(static_cast<unsigned>(time.date.month())) + "月" +
           std::to_string(static_cast<unsigned>(time.date.day())) + "日";
  }

  static std::string clock(const BeijingTime& time) {
    return two_digits(time.hour) + ':' + two_digits(time.minute);
  }

  std::string moment(Instant at) const {
    const BeijingTime time = beijing_time(at);
    return date(time) + ' ' + clock(time);
  }

  std::string span(const LastSeen& last_seen) const {
    std::string text = moment(last_seen.time);
    if (last_seen.time_latest) {
      const BeijingTime earliest = beijing_time(last_seen.time);
      const BeijingTime latest = beijing_time(*last_seen.time_latest);
      text += english_ ? " to " : " 至 ";
      text += latest.date == earliest.date ? clock(latest) : date(latest) + ' ' + clock(latest);
    }
    return english_ ? text + " (Beijing time)" : text;
  }

  const Notice& notice_;
  bool english_;
  const PosterWords& words_;
};

/// In front, so that whoever hands a line on sees it first; behind the mark that every text of an exercise begins
/// with.
void mark_as_internal(std::string& line, const LanguageTemplates& language, const Notice& notice) {
  const std::string mark(police_mark(notice.audience, language.language));
  if (mark.empty()) {
    return;
  }
  const std::size_t at = notice.status == Status::exercise ? language.exercise_mark.size() : 0;
  line.insert(at, primary(language.language) == "en" ? '[' + mark + "] " : "【" + mark + "】");
}

/// In a language that the form has no words in, the notice says it all itself; nobody here knows which line is
/// what, so that none may be left out.
void write_body(PosterText& poster, std::string_view body) {
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    const std::string_view line = body.substr(0, end);
    if (!line.empty()) {
      poster.facts.push_back({std::string(), std::string(line), true});
    }
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
  }
}

}  // namespace

PosterText poster_text(const Notice& notice, std::string_view language) {
  const NoticeText* text = text_in(notice, language);
  PosterText poster;
  poster.language = text == nullptr ? form_language : text->language;
  const bool english = primary(poster.language) == "en";
  const Writer writer(notice, english);
  writer.write_form(poster);
  if (text != nullptr) {
    poster.headline = text->headline;
  }
  if (text == nullptr || english || primary(poster.language) == "zh") {
    writer.write_facts(poster);
    return poster;
  }
  if (notice.child && !without_end_mark(notice.child->name).empty()) {
    poster.name = without_end_mark(notice.child->name);
  }
  write_body(poster, text->body);
  return poster;
}

std::vector<std::string> shown_languages(const Notice& notice, const std::vector<std::string>& wanted) {
  std::vector<std::string> shown;
  const auto add = [&shown](const NoticeText* text) {
    if (text != nullptr && std::find(shown.begin(), shown.end(), text->language) == shown.end()) {
      shown.push_back(text->language);
    }
  };
  for (const std::string& language : wanted) {
    add(find_text(notice, language));
  }
  for (const NoticeText& text : notice.texts) {
    if (wanted.empty() || shown.empty()) {
      add(&text);
    }
  }
  if (shown.empty()) {
    shown.emplace_back(form_language);
  }
  return shown;
}

std::string led_line(const LanguageTemplates& language, const Notice& notice) {
  std::string line = fitted_body(language, notice, at_most_units(led_units_max));
  std::replace(line.begin(), line.end(), '\n', ' ');
  mark_as_internal(line, language, notice);
  return line;
}

}  // namespace tuanyuan::core
