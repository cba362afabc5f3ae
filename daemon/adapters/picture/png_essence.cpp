#include "adapters/picture/png_essence.hpp"

#include <array>
#include <cstdint>

namespace tuanyuan::picture {
namespace {

constexpr std::size_t magic_bytes = 8;
constexpr std::size_t chunk_frame_bytes = 12;  // length, type and CRC
constexpr std::size_t palette_entry_bytes = 3;
constexpr std::size_t palette_entries_max = 256;

// Colour types (PNG, section 11.2.2).
constexpr int greyscale = 0;
constexpr int truecolour = 2;
constexpr int indexed = 3;

std::uint32_t big_endian_32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) {
    value = value << 8U | static_cast<unsigned char>(byte);
  }
  return value;
}

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < table.size(); ++n) {
    std::uint32_t value = n;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1U) != 0 ? 0xEDB88320U ^ value >> 1U : value >> 1U;
    }
    table[n] = value;
  }
  return table;
}

/// PNG, annex D.
std::uint32_t crc_32(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> table = crc_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ crc >> 8U;
  }
  return crc ^ 0xFFFFFFFFU;
}

class Essence {
 public:
  explicit Essence(std::string_view data) : rest_(data), kept_(take(magic_bytes)) {}

  std::optional<std::string> run() {
    while (rest_.size() >= chunk_frame_bytes) {
      const std::string_view chunk = take(chunk_frame_bytes + big_endian_32(rest_));
      const std::string_view type = chunk.substr(4, 4);
      if (!keep(type, chunk)) {
        return std::nullopt;
      }
      if (type == "IEND") {
        return std::move(kept_);
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  /// False where the picture is to be refused.
  bool keep(std::string_view type, std::string_view chunk) {
    const std::size_t length = chunk.size() - chunk_frame_bytes;
    if (type == "IHDR") {
      colour_type_ = static_cast<unsigned char>(chunk[8 + 9]);
    } else if (type == "PLTE") {
      return keep_palette(chunk, length);
    } else if (type == "tRNS") {
      return keep_transparency(chunk, length);
    } else if (type == "IDAT") {
      data_begun_ = true;
    } else if (type != "IEND") {
      return true;
    }
    kept_ += chunk;
    return true;
  }

  bool keep_palette(std::string_view chunk, std::size_t length) {
    if (colour_type_ != indexed) {
      return true;  // a suggestion for screens of few colours
    }
    if (data_begun_ || palette_entries_ != 0 || length == 0 || length % palette_entry_bytes != 0 ||
        length / palette_entry_bytes > palette_entries_max) {
      return false;
    }
    palette_entries_ = length / palette_entry_bytes;
    kept_ += chunk;
    return true;
  }

  bool keep_transparency(std::string_view chunk, std::size_t length) {
    const bool fits = colour_type_ == greyscale    ? length == 2
                      : colour_type_ == truecolour ? length == 6
                      : colour_type_ == indexed    ? length >= 1 && length <= palette_entries_
                                                   : false;
    const std::string_view checked = chunk.substr(4, 4 + length);
    if (!fits || data_begun_ || transparent_ || crc_32(checked) != big_endian_32(chunk.substr(8 + length))) {
      return false;
    }
    transparent_ = true;
    kept_ += chunk;
    return true;
  }

  std::string_view rest_;
  std::string kept_;
  int colour_type_ = -1;
  std::size_t palette_entries_ = 0;
  bool transparent_ = false;
  bool data_begun_ = false;
};

}  // namespace

std::optional<std::string> png_essence(std::string_view data) {
  return Essence(data).run();
}

}  // namespace tuanyuan::picture
