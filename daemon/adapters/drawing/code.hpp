#pragma once

#include <string_view>

#include "adapters/drawing/handles.hpp"

namespace tuanyuan::drawing {

/// A QR code of the text (qr_modules), a pixel a module, with its quiet zone around it. Null for an
/// empty or too long text.
Surface qr_code(std::string_view text);

/// How many pixels wide the modules of a code are in a picture whose shorter edge is that long; `modules`: across
/// it, the quiet zone with them; `room`: the most that the code may take. 0: it would have to be too small to be
/// read, or so large that it would push out what it only adds to.
///
/// ISO/IEC 18004 leaves the width of a module to whoever makes the code, but it has to be the same all over it: so
/// whole pixels. A telephone reads a code from some ten times its width. A fifth of the shorter edge, as on the
/// page for browsers, is 14 cm on a screen of 55 inches: who comes within a step or two can scan it.
int module_pixels(int modules, double shorter_edge, double room);

}  // namespace tuanyuan::drawing
