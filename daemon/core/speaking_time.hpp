#pragma once

#include <chrono>
#include <string_view>

#include "core/fitted_text.hpp"

namespace tuanyuan::core {

/// How fast a person reads an announcement. An assumption, and the one place for it: Mandarin at four syllables a
/// second, which is slower than news is read, and other languages at 150 words a minute, pauses between sentences
/// taken together with the words.
struct ReadingPace {
  double syllables_per_second;
  double words_per_second;
};
inline constexpr ReadingPace announcement_pace{4.0, 2.5};

/// How long a text takes to be read aloud. Numbers count as they are spoken: up to three digits as a number, more
/// (years, telephones that are not spelt yet) digit by digit. `language`: BCP 47; in a Chinese text numbers and
/// Latin letters are counted in syllables, in any other in words, and Chinese characters always in syllables.
std::chrono::duration<double> speaking_time(std::string_view text, std::string_view language);

/// For fitted_speech.
Fits at_most_spoken(std::chrono::duration<double> most, std::string_view language);

}  // namespace tuanyuan::core
