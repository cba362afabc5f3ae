#include "core/broadcast_script.hpp"

#include <chrono>
#include <cmath>

#include "core/fitted_text.hpp"
#include "core/police_mark.hpp"
#include "core/speaking_time.hpp"

namespace tuanyuan::core {
namespace {

/// On the sheet, and not to be read aloud.
std::string aside(const std::string& language, const std::string& text) {
  return language.starts_with("zh") ? "〔" + text + "〕" : '[' + text + ']';
}

std::string heading(const std::string& language, std::uint32_t slot, std::chrono::duration<double> takes) {
  const std::string seconds = std::to_string(static_cast<long>(std::ceil(takes.count())));
  const std::string number = std::to_string(slot);
  const bool chinese = language.starts_with("zh");
  return aside(language, chinese ? number + "秒播报稿，朗读约" + seconds + "秒"
                                 : "Script of " + number + " seconds, read in about " + seconds);
}

}  // namespace

std::string broadcast_script(const LanguageTemplates& language, const Notice& notice, std::uint32_t seconds) {
  return fitted_speech(language, notice, at_most_spoken(std::chrono::seconds(seconds), language.language));
}

std::string script_sheet(const LanguageTemplates& language, const Notice& notice,
                         std::optional<std::uint32_t> only) {
  std::string sheet;
  const std::string mark(police_mark(notice.audience, language.language));
  if (!mark.empty()) {
    sheet = aside(language.language, mark) + '\n';
  }
  for (const std::uint32_t seconds : script_seconds) {
    if (only && *only != seconds) {
      continue;
    }
    const std::string script = broadcast_script(language, notice, seconds);
    sheet += sheet.empty() ? "" : "\n";
    sheet += heading(language.language, seconds, speaking_time(script, language.language)) + '\n' + script + '\n';
  }
  return sheet;
}

}  // namespace tuanyuan::core
