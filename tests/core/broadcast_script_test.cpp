#include "core/broadcast_script.hpp"

#include <gtest/gtest.h>

#include "sample_report.hpp"

namespace tuanyuan::core {
namespace {

Notice notice(Audience audience) {
  const Report report = sample::sample_report();
  Notice made;
  made.status = Status::actual;
  made.audience = audience;
  made.child = report.child;
  made.last_seen = report.last_seen;
  made.contact = report.contact;
  return made;
}

TEST(ScriptSheet, PoliceCopyThenSaidAboveTheScriptsAndNotReadAloud) {
  const NoticeTemplates templates = default_templates();
  const LanguageTemplates& chinese = templates.languages.at(0);
  const LanguageTemplates& english = templates.languages.at(1);
  EXPECT_EQ(script_sheet(chinese, notice(Audience::police)),
            "〔公安机关内部使用，请勿外传〕\n\n" + script_sheet(chinese, notice(Audience::partner)));
  EXPECT_EQ(script_sheet(english, notice(Audience::police), 15),
            "[For police use only. Do not pass on.]\n\n" + script_sheet(english, notice(Audience::partner), 15));
  for (const std::uint32_t seconds : script_seconds) {
    EXPECT_EQ(broadcast_script(chinese, notice(Audience::police), seconds),
              broadcast_script(chinese, notice(Audience::partner), seconds));
  }
}

}  // namespace
}  // namespace tuanyuan::core
