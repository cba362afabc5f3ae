#include "core/fitted_text.hpp"

#include <algorithm>
#include <array>

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

Notice without(const Notice& notice, const std::array<bool, facts.size()>& kept) {
  Notice less = notice;
  for (std::size_t index = 0; index < facts.size(); ++index) {
    if (!kept[index]) {
      facts[index].forget(less);
    }
  }
  return less;
}

NoticeText text_in(const LanguageTemplates& language, const Notice& notice) {
  return std::move(texts_of(NoticeTemplates{{language}}, notice).front());
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
  std::array<bool, facts.size()> kept{};
  body = text_in(language, without(notice, kept)).body;
  if (!fits(body)) {
    return fitted_headline(language, notice, fits);
  }
  for (std::size_t index = 0; index < facts.size(); ++index) {
    kept[index] = true;
    std::string more = text_in(language, without(notice, kept)).body;
    if (fits(more)) {
      body = std::move(more);
    } else {
      kept[index] = false;
    }
  }
  return body;
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
