#include "core/linking.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace tuanyuan::core {
namespace {

/// Accents are written over letters of any script, and belong to none.
bool is_accent(UChar32 character) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(character, &status) == USCRIPT_INHERITED;
}

bool is_compared(UChar32 character) {
  const bool is_mark = (U_GET_GC_MASK(character) & U_GC_M_MASK) != 0;
  return u_isalnum(character) != 0 || (is_mark && !is_accent(character));
}

icu::UnicodeString folded(std::string_view name) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* decomposing = icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) {
    throw std::logic_error("ICU has no normalization data");
  }
  const icu::StringPiece piece(name.data(), static_cast<std::int32_t>(name.size()));
  const icu::UnicodeString one_case = folding->normalize(icu::UnicodeString::fromUTF8(piece), status);
  icu::UnicodeString apart = decomposing->normalize(one_case, status);
  if (U_FAILURE(status)) {
    throw std::bad_alloc();  // the one failure that is left
  }
  return apart;
}

}  // namespace

std::string comparable_name(std::string_view name) {
  const icu::UnicodeString text = folded(name);
  icu::UnicodeString compared;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    if (const UChar32 character = text.char32At(at); is_compared(character)) {
      compared.append(character);
    }
  }
  std::string utf8;
  compared.toUTF8String(utf8);
  return utf8;
}

std::string link_text(const Report& report) {
  const std::string name = comparable_name(report.child.name);
  if (name.empty() || !report.child.birth_date) {
    return {};
  }
  const auto beijing = report.last_seen.time + std::chrono::hours(8);
  const auto lost = std::chrono::floor<std::chrono::days>(beijing).time_since_epoch().count();
  const auto born = std::chrono::sys_days(*report.child.birth_date).time_since_epoch().count();
  return name + "|" + std::to_string(born) + "|" + std::to_string(lost);
}

}  // namespace tuanyuan::core
