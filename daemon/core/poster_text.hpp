#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/notice.hpp"
#include "core/notice_text.hpp"

namespace tuanyuan::core {

struct PosterFact {
  std::string label;  ///< may be empty
  std::string value;
  bool essential =
      false;  ///< without it nobody knows whom to look for, and where: rather in small letters than not

  friend bool operator==(const PosterFact&, const PosterFact&) = default;
};

/// What a notice says on paper or on a display, in one language, in the pieces that are set in letters of their
/// own. Everything but the words of the form itself comes from the notice, so it says no more than its audience
/// may know.
struct PosterText {
  std::string language;  ///< BCP 47
  bool exercise = false;
  std::string mark;       ///< what stands on every side of an exercise: "演练"; empty when it is meant
  std::string mark_line;  ///< likewise, as a sentence
  std::string internal;   ///< "公安机关内部使用，请勿外传", of the police's own copy; else empty
  std::string title;      ///< "寻人", of an exercise "【演练】寻人"
  std::string subtitle;   ///< "寻找失踪儿童"
  std::string headline;   ///< the notice's own
  std::string name;       ///< or what stands for it
  std::vector<std::string> traits;  ///< sex, age, height, weight, as far as they are known
  /// The essential ones first, then by their use: where there is no room for all of them, the last ones are left
  /// out whole.
  std::vector<PosterFact> facts;
  std::string call;    ///< "如有线索，请立即拨打"
  std::string phone;   ///< empty where none is given
  std::string beside;  ///< "或拨打 110"; empty where the telephone is that
  std::string contact_unit;
  std::string scan;           ///< what a code beside it is for: "扫码查看公开信息"
  std::string more_by_code;   ///< where facts were left out: that there are more, and how to get at them
  std::string more_by_phone;  ///< likewise where there is no code; empty where there is no telephone
  std::string issuer;         ///< who issued it and when
  std::string reference;      ///< which notice and version it is, and until when it may be shown
  std::string authority;      ///< "以公安机关发布为准"

  friend bool operator==(const PosterText&, const PosterText&) = default;
};

/// In the notice's texts of this language, or of one like it, or in its first. The words of the form are Chinese
/// or English; in any other language the notice's own body takes the place of the labelled facts. Of a recall
/// there is nothing to show: not to be asked for.
PosterText poster_text(const Notice& notice, std::string_view language);

/// The languages that a display shows a notice in, one after the other: those of its texts, in their order, or of
/// these the ones that are wanted, in that order; its first where it has none of them. At least one.
std::vector<std::string> shown_languages(const Notice& notice, const std::vector<std::string>& wanted);

/// A line for LED strips, in units of UTF-16: as much as runs past in the time that somebody stands and reads. The
/// mark of the police's own copy comes on top, because no fact is left out for it.
inline constexpr std::size_t led_units_max = 120;

/// The notice as one line, facts left out whole until it fits.
std::string led_line(const LanguageTemplates& language, const Notice& notice);

}  // namespace tuanyuan::core
