// The daemon's two files in TOML. A configuration that is taken holds nothing that its commented example does not
// allow; whatever is wrong with it is said with a path.
#include <cmath>

#include "app/config.hpp"
#include "app/notice_texts.hpp"
#include "core/limits.hpp"
#include "core/ring.hpp"
#include "core/unicode.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

void said(const std::vector<app::ConfigError>& errors) {
  for (const app::ConfigError& error : errors) {
    require(!error.path.empty() && !error.message.empty());
  }
}

void config(std::string_view text) {
  const app::LoadedConfig loaded = app::parse_config(text);
  said(loaded.errors);
  if (!loaded.errors.empty()) {
    return;
  }
  const app::AlertsConfig& alerts = loaded.config.alerts;
  require(core::is_valid(alerts.rings));
  for (const core::RingStage& stage : alerts.rings.stages) {
    require(std::isfinite(stage.radius_km) && stage.radius_km <= core::radius_km_max);
  }
  require(alerts.display.shown.count() > 0 && alerts.chase.between_steps.count() > 0 &&
          alerts.recall_retention.count() > 0);
  require(loaded.config.canary.interval.count() > 0);
  require(loaded.config.release.audiences.contains(core::Audience::police));
}

void notice_texts(std::string_view text) {
  const app::LoadedTexts loaded = app::parse_notice_texts(text);
  said(loaded.errors);
  if (!loaded.errors.empty()) {
    return;
  }
  require(core::check(loaded.texts).empty() && !loaded.texts.languages.empty());
  core::Notice notice;
  notice.child.emplace().name = "小禾";
  for (const core::NoticeText& shown : core::texts_of(loaded.texts, notice)) {
    require(!shown.headline.empty() && core::is_valid_utf8(shown.headline) && core::is_valid_utf8(shown.body));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  config(text);
  notice_texts(text);
  return 0;
}
