#pragma once

#include <cstdint>
#include <string>

#include "core/poster_text.hpp"
#include "core/refusal.hpp"
#include "core/report.hpp"
#include "core/time.hpp"

namespace tuanyuan::ports {

/// What is drawn of a notice, in one language.
struct PosterContent {
  core::PosterText text;
  std::string line;         ///< what a strip says
  core::Photo photo;        ///< as it is shown; empty or unreadable: drawn without
  std::string code;         ///< what a QR code on it says; empty: none
  core::Instant issued_at;  ///< the document's own date, so that the same notice gives the same bytes

  PosterContent() = default;
};

enum class PosterForm : std::uint8_t {
  page_pdf,   ///< A4, one page
  page_html,  ///< the same to be opened and printed by a browser; nothing outside it is needed
  strip_pdf,  ///< its line alone, for strips of lights
};

/// Draws notices. Blocking, up to a second: run it in a pool. Any thread.
class Posters {
 public:
  virtual ~Posters() = default;

  /// The document's bytes. Refuses (unavailable) where it cannot be drawn: no memory, no font.
  virtual core::Result<std::string> draw(const PosterContent& content, PosterForm form) = 0;
};

}  // namespace tuanyuan::ports
