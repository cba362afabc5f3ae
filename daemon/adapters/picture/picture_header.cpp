#include "adapters/picture/picture_header.hpp"

namespace tuanyuan::picture {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view png_magic = "\x89PNG\r\n\x1A\n"sv;
constexpr std::string_view jpeg_magic = "\xFF\xD8\xFF"sv;

std::uint32_t byte(std::string_view data, std::size_t at) {
  return static_cast<unsigned char>(data[at]);
}
std::uint32_t big_endian_16(std::string_view data, std::size_t at) {
  return byte(data, at) << 8U | byte(data, at + 1);
}
std::uint32_t big_endian_32(std::string_view data, std::size_t at) {
  return big_endian_16(data, at) << 16U | big_endian_16(data, at + 2);
}

// JPEG markers (ITU-T T.81, table B.1).
constexpr std::uint32_t marker_tem = 0x01;
constexpr std::uint32_t marker_sof0 = 0xC0;
constexpr std::uint32_t marker_sof15 = 0xCF;
constexpr std::uint32_t marker_dht = 0xC4;
constexpr std::uint32_t marker_jpg = 0xC8;
constexpr std::uint32_t marker_dac = 0xCC;
constexpr std::uint32_t marker_rst0 = 0xD0;
constexpr std::uint32_t marker_rst7 = 0xD7;
constexpr std::uint32_t marker_soi = 0xD8;
constexpr std::uint32_t marker_eoi = 0xD9;
constexpr std::uint32_t marker_sos = 0xDA;
constexpr std::uint32_t marker_app1 = 0xE1;

bool is_frame(std::uint32_t marker) {
  return marker >= marker_sof0 && marker <= marker_sof15 && marker != marker_dht && marker != marker_jpg &&
         marker != marker_dac;
}

bool stands_alone(std::uint32_t marker) {
  return marker == marker_tem || (marker >= marker_rst0 && marker <= marker_rst7);
}

/// Walks the markers of a JPEG.
class JpegWalk {
 public:
  explicit JpegWalk(std::string_view data) : data_(data), at_(2) {}

  std::optional<PictureHeader> run() {
    while (const auto marker = next_marker()) {
      if (*marker == marker_eoi) {
        return complete() ? std::optional(header_) : std::nullopt;
      }
      if (*marker == marker_soi || (!stands_alone(*marker) && !take_segment(*marker))) {
        return std::nullopt;
      }
    }
    return std::nullopt;  // cut off before the end marker
  }

 private:
  bool complete() const { return frames_ == 1 && scans_ > 0; }

  /// As libjpeg looks for one: past whatever is no marker, entropy-coded data included, in which 0xFF is
  /// followed by 0x00.
  std::optional<std::uint32_t> next_marker() {
    for (;;) {
      at_ = data_.find('\xFF', at_);
      const std::size_t code = data_.find_first_not_of('\xFF', at_);
      if (at_ == std::string_view::npos || code == std::string_view::npos) {
        return std::nullopt;
      }
      at_ = code + 1;
      if (byte(data_, code) != 0) {
        return byte(data_, code);
      }
    }
  }

  bool take_segment(std::uint32_t marker) {
    if (data_.size() - at_ < 2) {
      return false;
    }
    const std::size_t length = big_endian_16(data_, at_);
    if (length < 2 || data_.size() - at_ < length) {
      return false;
    }
    const std::string_view content = data_.substr(at_ + 2, length - 2);
    at_ += length;
    if (is_frame(marker)) {
      return take_frame(content);
    }
    if (marker == marker_sos) {
      return frames_ == 1 && ++scans_ <= jpeg_scans_max;
    }
    if (marker == marker_app1 && header_.exif.empty() && content.starts_with("Exif\0\0"sv)) {
      header_.exif = content;
    }
    return true;
  }

  bool take_frame(std::string_view content) {
    if (content.size() < 6 || ++frames_ > 1) {
      return false;
    }
    header_.height = big_endian_16(content, 1);
    header_.width = big_endian_16(content, 3);
    return true;
  }

  std::string_view data_;
  std::size_t at_;
  PictureHeader header_;
  int frames_ = 0;
  int scans_ = 0;
};

/// Chunks (PNG, section 5.3): length, type, content, CRC. The decoder checks the CRCs.
std::optional<PictureHeader> walk_png(std::string_view data) {
  constexpr std::size_t frame_bytes = 12;
  PictureHeader header;
  bool first = true;
  std::string_view rest = data.substr(png_magic.size());
  while (rest.size() >= frame_bytes) {
    const std::size_t length = big_endian_32(rest, 0);
    const std::string_view type = rest.substr(4, 4);
    if (length > rest.size() - frame_bytes || (type == "IHDR") != first) {
      return std::nullopt;
    }
    if (first) {
      if (length != 13) {
        return std::nullopt;
      }
      header.width = big_endian_32(rest, 8);
      header.height = big_endian_32(rest, 12);
      first = false;
    }
    if (type == "IEND") {
      return header;
    }
    rest.remove_prefix(frame_bytes + length);
  }
  return std::nullopt;
}

}  // namespace

std::string_view media_type(PictureKind kind) {
  return kind == PictureKind::jpeg ? "image/jpeg" : "image/png";
}

std::optional<PictureKind> sniff(std::string_view data) {
  if (data.starts_with(jpeg_magic)) {
    return PictureKind::jpeg;
  }
  return data.starts_with(png_magic) ? std::optional(PictureKind::png) : std::nullopt;
}

std::optional<PictureHeader> read_header(PictureKind kind, std::string_view data) {
  if (sniff(data) != kind) {
    return std::nullopt;
  }
  return kind == PictureKind::jpeg ? JpegWalk(data).run() : walk_png(data);
}

}  // namespace tuanyuan::picture
