// The rules that read free text and codes, on any bytes.
#include <string>

#include "core/calendar.hpp"
#include "core/division.hpp"
#include "core/group_address.hpp"
#include "core/identifiers.hpp"
#include "core/identity_number.hpp"
#include "core/language_tag.hpp"
#include "core/limits.hpp"
#include "core/notice_text.hpp"
#include "core/reason.hpp"
#include "core/redaction.hpp"
#include "core/speech.hpp"
#include "core/template.hpp"
#include "core/unicode.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan::core;

namespace {

/// What is read as a code is written as the same text again, and judged the same by everybody.
void codes(std::string_view text) {
  if (const auto date = parse_iso_date(text)) {
    require(date->ok() && iso_date(*date) == text);
  }
  if (const auto division = parse_division(text)) {
    require(*division && division->code <= 999'999 && to_string(*division) == text);
    require(parse_coverage(text).has_value() && parse_coverage(text)->contains(*division));
  }
  if (const auto prefix = parse_coverage(text)) {
    const std::string written = prefix->digits.empty() ? "*" : prefix->digits;
    require(parse_coverage(written) == prefix && (written == text || text.starts_with(written)));
    require(prefix->overlaps(*prefix));
  }
  if (is_unit_code(text)) {
    require(text.starts_with(division_of_unit(text).digits));
  }
  require(!is_uuid(text) || is_recipient_id(text));
  require(!is_recipient_id(text) || text.size() <= recipient_id_chars_max);
  require(!is_language_tag(text) || text.find_first_not_of("-0123456789abcdefghijklmnopqrstuvwxyz"
                                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.npos);
}

void identity_numbers(std::string_view text) {
  require(holds_identity_number(text) || !is_identity_number(text));
  const bool accepted = validate_reason(text, true).has_value();
  require(!accepted || (is_valid_utf8(text) && !holds_identity_number(text)));
  require(!accepted || code_point_count(text).value() <= reason_chars_max);
}

/// What a gateway takes for a group keeps its limits, and no other gateway is told of it.
void group_addresses(std::string_view text) {
  for (const std::string_view word : {"", "topic:", "tag:", "condition:"}) {
    const std::string address = std::string(word) + std::string(text);
    for (const ChannelKind gateway :
         {ChannelKind::fcm, ChannelKind::xiaomi, ChannelKind::jpush, ChannelKind::apns}) {
      const bool is_good = group_address(gateway, address) && !group_fault(gateway, address);
      require(!is_good || (gateway != ChannelKind::apns && is_valid_utf8(address)));
      require(!is_good || address.find_first_of("\"\r\n") == address.npos);
    }
  }
}

/// What was well-formed stays so, whatever is made of it.
void made_of_it(std::string_view text) {
  static const NoticeTemplates templates = default_templates();
  const std::string half(text.substr(0, text.size() / 2));
  const std::string filled = fill(text, {{"name", "小禾"}, {"age", ""}});
  const std::string withheld = withhold(text, {"辽A7K9Q2", half});
  const std::string heard = spoken(text, templates.languages[0]) + spelt(text, templates.languages[1]);
  if (is_valid_utf8(text)) {
    require(is_valid_utf8(withheld) && is_valid_utf8(heard) && is_valid_utf8(filled));
    const std::string_view leading = leading_code_points(text, 7);
    require(text.starts_with(leading) && code_point_count(leading).value() <= 7);
  }
  if (shape_of(text).well_formed) {
    require(fill(text, {}).size() <= text.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  codes(text);
  identity_numbers(text);
  group_addresses(text);
  made_of_it(text);
  return 0;
}
