#include "tools/station/qr_code.hpp"

#include "adapters/drawing/qr_modules.hpp"

namespace tuanyuan::station {
namespace {

using drawing::qr_quiet_zone;

/// Dark modules side by side as one stroke, so that no hairlines show between them.
std::string path_of(const drawing::QrModules& code) {
  std::string path;
  for (int y = 0; y < code.width(); ++y) {
    for (int x = 0; x < code.width(); ++x) {
      const int from = x;
      while (x < code.width() && code.is_dark(x, y)) {
        ++x;
      }
      if (x > from) {
        path += "M" + std::to_string(from + qr_quiet_zone) + " " + std::to_string(y + qr_quiet_zone) + "h" +
                std::to_string(x - from) + "v1h-" + std::to_string(x - from) + "z";
      }
    }
  }
  return path;
}

}  // namespace

std::optional<std::string> qr_svg(std::string_view text) {
  const std::optional<drawing::QrModules> code = drawing::qr_modules(text);
  if (!code) {
    return std::nullopt;
  }
  const std::string size = std::to_string(code->width() + 2 * qr_quiet_zone);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" height=\"" + size +
         "\" viewBox=\"0 0 " + size + " " + size +
         "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size +
         "H0z\"/><path d=\"" + path_of(*code) + "\"/></svg>";
}

}  // namespace tuanyuan::station
