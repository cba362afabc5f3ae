#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"
#include "core/notice_text.hpp"

namespace tuanyuan::app {

/// The texts of notices by language, from a file like config/notice-texts.toml; or everything that is wrong
/// with it, templates included.
struct LoadedTexts {
  core::NoticeTemplates texts;
  std::vector<ConfigError> errors;
};
LoadedTexts parse_notice_texts(std::string_view toml);
/// Empty path: the texts compiled in.
LoadedTexts load_notice_texts(const std::string& path);

}  // namespace tuanyuan::app
