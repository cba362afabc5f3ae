#include "adapters/drawing/qr_modules.hpp"

#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace tuanyuan::drawing {
namespace {

struct Freed {
  void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

}  // namespace

std::optional<QrModules> qr_modules(std::string_view text) {
  if (text.empty() || text.size() > qr_bytes_max) {
    return std::nullopt;
  }
  const std::unique_ptr<QRcode, Freed> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr) {
    return std::nullopt;
  }
  // The lowest bit is the module; the others tell what it is a part of.
  const auto modules = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
  std::vector<bool> dark(modules);
  std::transform(code->data, code->data + modules, dark.begin(),
                 [](unsigned char module) { return (module & 1U) != 0; });
  return QrModules(code->width, std::move(dark));
}

}  // namespace tuanyuan::drawing
