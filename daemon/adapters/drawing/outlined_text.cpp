#include "adapters/drawing/outlined_text.hpp"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-font.h>

#include <algorithm>
#include <new>
#include <vector>

namespace tuanyuan::drawing {
namespace {

const cairo_user_data_key_t source_key{};

double units(int pango) {
  return static_cast<double>(pango) / PANGO_SCALE;
}

/// The letter as the source font draws it, at whatever scale is asked for.
cairo_status_t draw_letter(cairo_scaled_font_t* font, unsigned long glyph, cairo_t* pen,
                           cairo_text_extents_t* extents) {
  auto* source = static_cast<cairo_font_face_t*>(
      cairo_font_face_get_user_data(cairo_scaled_font_get_font_face(font), &source_key));
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(pen, options);
  cairo_font_options_destroy(options);
  cairo_set_font_face(pen, source);
  cairo_set_font_size(pen, 1);
  const cairo_glyph_t letter{glyph, 0, 0};
  cairo_glyph_extents(pen, &letter, 1, extents);
  cairo_glyph_path(pen, &letter, 1);
  cairo_fill(pen);
  return cairo_status(pen);
}

/// File and index say which font it is; in which size does not matter to outlines.
std::string name_of(PangoFont* font) {
  FcPattern* pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
  FcChar8* file = nullptr;
  int index = 0;
  FcBool emboldened = FcFalse;
  FcPatternGetString(pattern, FC_FILE, 0, &file);
  FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
  FcPatternGetBool(pattern, FC_EMBOLDEN, 0, &emboldened);
  return std::string(file == nullptr ? "" : reinterpret_cast<const char*>(file)) + ' ' + std::to_string(index) +
         (emboldened == FcTrue ? " bold" : "");
}

/// A run that holds a box for a letter which no font has.
bool has_unknown(const PangoGlyphString& glyphs) {
  for (int i = 0; i < glyphs.num_glyphs; ++i) {
    const PangoGlyph glyph = glyphs.glyphs[i].glyph;
    if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0) {
      return true;
    }
  }
  return false;
}

/// What Cairo has to know for a text to be found in a document: its letters, and which of its octets each stands
/// for.
struct Letters {
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
};

void add_cluster(Letters& letters, const PangoGlyphString& glyphs, const PangoGlyphItemIter& at, double& x,
                 double y) {
  const bool forward = at.start_glyph < at.end_glyph;
  const int first = forward ? at.start_glyph : at.end_glyph + 1;
  const int last = forward ? at.end_glyph : at.start_glyph + 1;
  cairo_text_cluster_t cluster{at.end_index - at.start_index, 0};
  for (int i = first; i < last; ++i) {
    const PangoGlyphInfo& info = glyphs.glyphs[i];
    if (info.glyph != PANGO_GLYPH_EMPTY) {
      letters.glyphs.push_back({info.glyph, x + units(info.geometry.x_offset), y + units(info.geometry.y_offset)});
      cluster.num_glyphs += 1;
    }
    x += units(info.geometry.width);
  }
  letters.clusters.push_back(cluster);
}

}  // namespace

cairo_font_face_t* OutlinedText::outlines_of(PangoFont* font) {
  FontFace& face = faces_[name_of(font)];
  if (face == nullptr) {
    cairo_scaled_font_t* scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
    cairo_font_face_t* source = cairo_font_face_reference(cairo_scaled_font_get_font_face(scaled));
    face.reset(cairo_user_font_face_create());
    cairo_user_font_face_set_render_glyph_func(face.get(), draw_letter);
    const auto release = [](void* held) { cairo_font_face_destroy(static_cast<cairo_font_face_t*>(held)); };
    if (cairo_font_face_set_user_data(face.get(), &source_key, source, release) != CAIRO_STATUS_SUCCESS) {
      cairo_font_face_destroy(source);
      throw std::bad_alloc();
    }
  }
  return face.get();
}

void OutlinedText::show_run(cairo_t* pen, const char* text, PangoGlyphItem* run, double x, double y) {
  PangoFont* font = run->item->analysis.font;
  if (font == nullptr || !PANGO_IS_FC_FONT(font) || has_unknown(*run->glyphs)) {
    cairo_move_to(pen, x, y);
    pango_cairo_show_glyph_item(pen, text, run);
    return;
  }
  Letters letters;
  PangoGlyphItemIter at;
  const bool backward = (run->item->analysis.level & 1) != 0;
  for (gboolean more = backward ? pango_glyph_item_iter_init_end(&at, run, text)
                                : pango_glyph_item_iter_init_start(&at, run, text);
       more != FALSE;
       more = backward ? pango_glyph_item_iter_prev_cluster(&at) : pango_glyph_item_iter_next_cluster(&at)) {
    add_cluster(letters, *run->glyphs, at, x, y);
  }
  if (letters.glyphs.empty()) {
    return;
  }
  const char* from = text + run->item->offset;
  cairo_matrix_t size;
  cairo_scaled_font_get_font_matrix(pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)), &size);
  cairo_set_font_face(pen, outlines_of(font));
  cairo_set_font_matrix(pen, &size);
  const int order = backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0;
  if (backward) {
    std::reverse(letters.clusters.begin(), letters.clusters.end());  // told in the order of the text
  }
  cairo_show_text_glyphs(pen, from, run->item->length, letters.glyphs.data(),
                         static_cast<int>(letters.glyphs.size()), letters.clusters.data(),
                         static_cast<int>(letters.clusters.size()),
                         static_cast<cairo_text_cluster_flags_t>(order));
}

void OutlinedText::show(cairo_t* pen, PangoLayout* layout) {
  double x = 0;
  double y = 0;
  cairo_get_current_point(pen, &x, &y);
  const char* text = pango_layout_get_text(layout);
  PangoLayoutIter* at = pango_layout_get_iter(layout);
  do {
    PangoLayoutRun* run = pango_layout_iter_get_run_readonly(at);
    if (run != nullptr) {
      PangoRectangle taken;
      pango_layout_iter_get_run_extents(at, nullptr, &taken);
      show_run(pen, text, run, x + units(taken.x), y + units(pango_layout_iter_get_baseline(at)));
    }
  } while (pango_layout_iter_next_run(at) != FALSE);
  pango_layout_iter_free(at);
}

}  // namespace tuanyuan::drawing
