#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>

// What Cairo and Pango hand out, given back by itself.
namespace tuanyuan::drawing {

struct SurfaceDestroyed {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDestroyed>;

struct PenDestroyed {
  void operator()(cairo_t* pen) const { cairo_destroy(pen); }
};
using Pen = std::unique_ptr<cairo_t, PenDestroyed>;

struct ObjectReleased {
  void operator()(void* object) const { g_object_unref(object); }
};
using Layout = std::unique_ptr<PangoLayout, ObjectReleased>;

struct FontDestroyed {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
using Font = std::unique_ptr<PangoFontDescription, FontDestroyed>;

}  // namespace tuanyuan::drawing
