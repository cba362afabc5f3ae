// Whatever comes in becomes a picture that a display can take, or is refused.
#include <string>

#include "adapters/picture/picture_header.hpp"
#include "adapters/picture/pictures.hpp"
#include "adapters/picture/png_essence.hpp"
#include "core/limits.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

/// What is left of a PNG is still one, of the same size, and nothing more can be taken away.
void png(std::string_view bytes) {
  const auto header = picture::read_header(picture::PictureKind::png, bytes);
  if (!header) {
    return;
  }
  const auto essence = picture::png_essence(bytes);
  if (!essence) {
    return;
  }
  const auto left = picture::read_header(picture::PictureKind::png, *essence);
  require(left && left->width == header->width && left->height == header->height);
  require(essence->size() <= bytes.size() && picture::png_essence(*essence) == essence);
}

void shown(const std::string& bytes, const std::string& media_type, core::Status status) {
  static picture::GdPictures pictures;
  const auto ready = pictures.prepare(core::Photo{media_type, bytes}, status);
  if (!ready) {
    return;
  }
  require(ready->media_type == "image/jpeg" && ready->data.size() <= core::shown_photo_bytes_max);
  const auto header = picture::read_header(picture::PictureKind::jpeg, ready->data);
  require(header && header->exif.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(fuzz::text_of(data, size));
  static_cast<void>(picture::exif_orientation(bytes));
  const auto kind = picture::sniff(bytes);
  const std::string media_type(kind ? picture::media_type(*kind) : "image/jpeg");
  png(bytes);
  shown(bytes, media_type, core::Status::actual);
  shown(bytes, media_type, core::Status::exercise);
  return 0;
}
