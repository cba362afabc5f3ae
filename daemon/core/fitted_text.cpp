#include "core/fitted_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "core/notice_form.hpp"
#include "core/template.hpp"
#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

struct Fact {
  void (*forget)(Notice& notice);
};

template <auto member>
void forget_of_child(Notice& notice) {
  if (notice.child) {
    notice.child.value().*member = {};
  }
}
template <auto member>
void forget_of_suspect(Notice& notice) {
  if (notice.suspect) {
    notice.suspect.value().*member = {};
  }
}

void forget_place(Notice& notice) {
  if (notice.last_seen) {
    notice.last_seen->place.clear();
  }
}
void forget_last_seen(Notice& notice) {
  notice.last_seen.reset();
}
void forget_latest(Notice& notice) {
  if (notice.last_seen) {
    notice.last_seen->time_latest.reset();
  }
}
void forget_contact_unit(Notice& notice) {
  if (notice.contact) {
    notice.contact->unit.clear();
  }
}

/// From the most to the least useful to somebody who may be looking at the child. Name, sex, age, time and
/// telephone are not among them: without those it is no notice.
constexpr std::array facts{
    Fact{forget_place},
    Fact{forget_of_child<&Child::clothing>},
    Fact{forget_of_suspect<&Suspect::plate>},
    Fact{forget_of_child<&Child::height_cm>},
    Fact{forget_of_child<&Child::marks>},
    Fact{[](Notice& notice) { notice.abduction_suspected = false; }},
    Fact{forget_of_child<&Child::appearance>},
    Fact{forget_of_suspect<&Suspect::vehicle>},
    Fact{forget_of_suspect<&Suspect::description>},
    Fact{forget_latest},
    Fact{forget_contact_unit},
    Fact{[](Notice& notice) { notice.incident_number.clear(); }},
    Fact{[](Notice& notice) { notice.case_number.clear(); }},
    Fact{[](Notice& notice) { notice.circumstances.clear(); }},
    Fact{forget_of_child<&Child::weight_kg>},
    Fact{forget_of_child<&Child::birth_date>},
    Fact{[](Notice& notice) { notice.lead_officer.clear(); }},
    Fact{[](Notice& notice) { notice.reporting_unit.clear(); }},
};

/// In speech the time may go too, once nothing else is left to go.
constexpr auto spoken_facts = [] {
  std::array<Fact, facts.size() + 1> all{};
  all.front() = Fact{forget_last_seen};
  std::copy(facts.begin(), facts.end(), all.begin() + 1);
  return all;
}();

Notice without(const Notice& notice, std::span<const Fact> all, const std::vector<bool>& kept) {
  Notice less = notice;
  for (std::size_t index = 0; index < all.size(); ++index) {
    if (!kept[index]) {
      all[index].forget(less);
    }
  }
  return less;
}

NoticeText text_in(const LanguageTemplates& language, const Notice& notice) {
  return std::move(texts_of(NoticeTemplates{{language}}, notice).front());
}

/// One part of the texts with as many of the facts as fit; nothing where it does not fit without any.
std::optional<std::string> fitted(const LanguageTemplates& language, const Notice& notice, const Fits& fits,
                                  std::string NoticeText::*part, std::span<const Fact> all) {
  std::vector<bool> kept(all.size());
  std::string text = text_in(language, without(notice, all, kept)).*part;
  if (!fits(text)) {
    return std::nullopt;
  }
  for (std::size_t index = 0; index < all.size(); ++index) {
    kept[index] = true;
    std::string more = text_in(language, without(notice, all, kept)).*part;
    if (fits(more)) {
      text = std::move(more);
    } else {
      kept[index] = false;
    }
  }
  return text;
}

bool is_of_last_seen(std::string_view name) {
  constexpr std::string_view names[] = {"year",   "month", "day",           "date",  "hour",
                                        "minute", "clock", "minute_if_any", "place", "place_short"};
  return name.starts_with("latest_") || std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// Whether time and place of the loss stand in groups, so that without them no sentence has a hole.
bool may_leave_out_last_seen(std::string_view form) {
  const TemplateShape shape = shape_of(form);
  return std::none_of(shape.bare_names.begin(), shape.bare_names.end(), is_of_last_seen);
}

std::string_view primary(std::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

const LanguageTemplates* find_language(const NoticeTemplates& templates, const std::string& wanted) {
  const auto& all = templates.languages;
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.language == wanted; });
  if (found == all.end()) {
    found = std::find_if(all.begin(), all.end(),
                         [&](const auto& each) { return primary(each.language) == primary(wanted); });
  }
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string fitted_headline(const LanguageTemplates& language, const Notice& notice, const Fits& fits) {
  std::string headline = text_in(language, notice).headline;
  if (!fits(headline)) {
    Notice less = notice;
    forget_place(less);
    headline = text_in(language, less).headline;
  }
  return headline;
}

std::string fitted_body(const LanguageTemplates& language, const Notice& notice, const Fits& fits) {
  std::string body = text_in(language, notice).body;
  if (fits(body)) {
    return body;
  }
  std::optional<std::string> less = fitted(language, notice, fits, &NoticeText::body, facts);
  return less ? std::move(*less) : fitted_headline(language, notice, fits);
}

std::string fitted_speech(const LanguageTemplates& language, const Notice& notice, const Fits& fits) {
  std::string speech = text_in(language, notice).speech;
  if (fits(speech)) {
    return speech;
  }
  std::span<const Fact> all = spoken_facts;
  if (!may_leave_out_last_seen(form_of(language, notice.kind).speech)) {
    all = facts;
  }
  std::optional<std::string> less = fitted(language, notice, fits, &NoticeText::speech, all);
  const std::vector<bool> none(all.size());
  return less ? std::move(*less) : text_in(language, without(notice, all, none)).speech;
}

std::vector<const LanguageTemplates*> chosen_languages(const NoticeTemplates& templates,
                                                       const std::vector<std::string>& wanted) {
  std::vector<const LanguageTemplates*> chosen;
  for (const std::string& tag : wanted) {
    const LanguageTemplates* found = find_language(templates, tag);
    if (found != nullptr && std::find(chosen.begin(), chosen.end(), found) == chosen.end()) {
      chosen.push_back(found);
    }
  }
  if (chosen.empty() && !templates.languages.empty()) {
    chosen.push_back(&templates.languages.front());
  }
  return chosen;
}

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  while (const auto code_point = take_code_point(text)) {
    units += *code_point > 0xFFFF ? 2 : 1;
  }
  return units;
}

Fits at_most_bytes(std::size_t bytes) {
  return [bytes](std::string_view text) { return text.size() <= bytes; };
}

Fits at_most_units(std::size_t units) {
  return [units](std::string_view text) { return utf16_units(text) <= units; };
}

}  // namespace tuanyuan::core
