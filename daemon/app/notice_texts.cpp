#include "app/notice_texts.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include "app/toml_reader.hpp"

namespace tuanyuan::app {
namespace {

void read_form(TableReader& table, core::NoticeForm& form) {
  table.text("headline", form.headline);
  table.text("body", form.body);
  table.text("speech", form.speech);
}

void read_language(TableReader& table, core::LanguageTemplates& language) {
  table.text("language", language.language);
  table.text("exercise_mark", language.exercise_mark);
  std::size_t digits = 0;
  table.texts("digits", [&](const std::string& digit) {
    if (digits == language.digits.size()) {
      return false;
    }
    language.digits[digits++] = digit;
    return true;
  });
  if (digits != language.digits.size()) {
    table.refuse("digits", "must be ten words, for 0 to 9");
  }
  table.text("digit_separator", language.digit_separator);
  table.text("extension", language.extension);
  table.text("pause", language.pause);
  table.table("alert", [&](TableReader& form) { read_form(form, language.alert); });
  table.table("update", [&](TableReader& form) { read_form(form, language.update); });
  table.table("close", [&](TableReader& form) { read_form(form, language.close); });
  table.table("retract", [&](TableReader& form) { read_form(form, language.retract); });
}

}  // namespace

LoadedTexts parse_notice_texts(std::string_view text) {
  LoadedTexts loaded;
  try {
    const toml::table document = toml::parse(text);
    TableReader root(&document, {}, loaded.errors);
    root.tables("languages", [&](TableReader& table) {
      core::LanguageTemplates language;
      read_language(table, language);
      loaded.texts.languages.push_back(std::move(language));
    });
    root.finish();
  } catch (const toml::parse_error& error) {
    loaded.errors.push_back(
        {"line " + std::to_string(error.source().begin.line), std::string(error.description())});
    return loaded;
  }
  for (const core::FieldError& wrong : core::check(loaded.texts)) {
    loaded.errors.push_back({wrong.path, wrong.message.en});
  }
  return loaded;
}

LoadedTexts load_notice_texts(const std::string& path) {
  LoadedTexts loaded;
  if (path.empty()) {
    loaded.texts = core::default_templates();
    return loaded;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    loaded.errors.push_back({path, "cannot be read"});
    return loaded;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return parse_notice_texts(text.str());
}

}  // namespace tuanyuan::app
