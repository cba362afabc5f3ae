#pragma once

#include "core/notice_text.hpp"

namespace tuanyuan::core {

/// What a language says of this kind of notice.
const NoticeForm& form_of(const LanguageTemplates& language, NoticeKind kind);

}  // namespace tuanyuan::core
