#pragma once

#include "adapters/drawing/sheet.hpp"
#include "core/poster_text.hpp"

namespace tuanyuan::drawing {

/// Where a notice is read.
enum class Medium {
  paper,    ///< in the hand or on a board: more text, smaller letters, who issued it when
  display,  ///< from ten metres away: what does not fit in letters that can be read from there is left out
};

/// What is drawn: photo and code may be null.
struct FaceParts {
  const core::PosterText& text;
  cairo_surface_t* photo = nullptr;
  cairo_surface_t* code = nullptr;
};

/// Draws a notice over the whole of a sheet, upright or lying, whichever its shape is. Red is meant; an exercise
/// is violet, says so in a frame on every side, in its title and in a line of its own. The police's own copy says
/// in white on black, below the header, that it is. Whether all that is essential stands there, in letters that
/// can be made out: the title, which says what it is, the name, the traits, the essential facts and the telephone.
/// Where not, it has what there was room for.
bool draw_face(Sheet& sheet, const Extent& whole, Medium medium, const FaceParts& parts);

}  // namespace tuanyuan::drawing
