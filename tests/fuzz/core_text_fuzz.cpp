#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/calendar.hpp"
#include "core/identity_number.hpp"
#include "core/notice_text.hpp"
#include "core/redaction.hpp"
#include "core/speech.hpp"
#include "core/template.hpp"
#include "core/unicode.hpp"

// The rules that read free text, on any bytes: none may crash, and what is well-formed stays so.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan::core;
  static const NoticeTemplates templates = default_templates();
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const bool holds_number = holds_identity_number(text);
  if (!holds_number && is_identity_number(text)) {
    std::abort();
  }
  parse_iso_date(text);
  shape_of(text);
  const std::string filled = fill(text, {{"name", "小禾"}, {"age", ""}});
  const std::string withheld = withhold(text, {"辽A7K9Q2", std::string(text.substr(0, size / 2))});
  const std::string heard = spoken(text, templates.languages[0]) + spelt(text, templates.languages[1]);
  if (is_valid_utf8(text) && !(is_valid_utf8(withheld) && is_valid_utf8(heard) && is_valid_utf8(filled))) {
    std::abort();
  }
  return 0;
}
