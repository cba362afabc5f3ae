#pragma once

#include <map>
#include <string>

#include "adapters/drawing/handles.hpp"

namespace tuanyuan::drawing {

struct FaceDestroyed {
  void operator()(cairo_font_face_t* face) const { cairo_font_face_destroy(face); }
};
using FontFace = std::unique_ptr<cairo_font_face_t, FaceDestroyed>;

/// Sets text in a PDF by the outlines of its letters. Cairo 1.16 loses single letters of the Chinese fonts that
/// are made of CFF charstrings when it takes them apart itself (their shared subroutines are not all carried
/// along), and a letter of a child's name must not go. From a font that has nothing but outlines it makes a new
/// one, which is embedded, can be searched and copied from as usual. One a document.
class OutlinedText {
 public:
  /// At the pen's current point, as pango_cairo_show_layout does.
  void show(cairo_t* pen, PangoLayout* layout);

 private:
  void show_run(cairo_t* pen, const char* text, PangoGlyphItem* run, double x, double y);
  cairo_font_face_t* outlines_of(PangoFont* font);

  std::map<std::string, FontFace> faces_;  ///< by font file
};

}  // namespace tuanyuan::drawing
