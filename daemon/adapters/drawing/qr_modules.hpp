#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tuanyuan::drawing {

/// Modules of white that a reader needs around a code (ISO/IEC 18004, section 6.3.8).
inline constexpr int qr_quiet_zone = 4;
/// What a code may say: more would make its modules too small for a telephone's camera some steps away.
inline constexpr std::size_t qr_bytes_max = 300;

/// A QR code (ISO/IEC 18004, error correction M), without its quiet zone.
class QrModules {
 public:
  QrModules(int width, std::vector<bool> dark) : width_(width), dark_(std::move(dark)) {}

  int width() const { return width_; }
  bool is_dark(int x, int y) const { return dark_[static_cast<std::size_t>(y * width_ + x)]; }

 private:
  int width_;
  std::vector<bool> dark_;
};

/// Nothing: the text is empty or too long.
std::optional<QrModules> qr_modules(std::string_view text);

}  // namespace tuanyuan::drawing
