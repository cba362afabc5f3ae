#include "tools/station/qr_code.hpp"

#include <qrencode.h>

#include <memory>

namespace tuanyuan::station {
namespace {

/// Modules of white that a reader needs around the code (ISO/IEC 18004, section 6.3.8).
constexpr int quiet_zone = 4;

struct Freed {
  void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

/// Dark modules side by side as one stroke, so that no hairlines show between them.
std::string path_of(const QRcode& code) {
  std::string path;
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width; ++x) {
      const int from = x;
      while (x < code.width && (code.data[y * code.width + x] & 1) != 0) {
        ++x;
      }
      if (x > from) {
        path += "M" + std::to_string(from + quiet_zone) + " " + std::to_string(y + quiet_zone) + "h" +
                std::to_string(x - from) + "v1h-" + std::to_string(x - from) + "z";
      }
    }
  }
  return path;
}

}  // namespace

std::optional<std::string> qr_svg(std::string_view text) {
  if (text.empty() || text.size() > qr_text_bytes_max) {
    return std::nullopt;
  }
  const std::unique_ptr<QRcode, Freed> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr) {
    return std::nullopt;
  }
  const std::string size = std::to_string(code->width + 2 * quiet_zone);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" height=\"" + size +
         "\" viewBox=\"0 0 " + size + " " + size +
         "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size +
         "H0z\"/><path d=\"" + path_of(*code) + "\"/></svg>";
}

}  // namespace tuanyuan::station
