#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/picture/picture_header.hpp"
#include "adapters/picture/pictures.hpp"
#include "core/limits.hpp"

// Whatever comes in becomes a picture that a display can take, or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan;
  static picture::GdPictures pictures;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(picture::exif_orientation(bytes));
  const auto kind = picture::sniff(bytes);
  const core::Photo photo{std::string(kind ? picture::media_type(*kind) : "image/jpeg"), bytes};
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    const auto shown = pictures.prepare(photo, status);
    if (shown.has_value() && (shown->data.size() > core::shown_photo_bytes_max ||
                              !picture::read_header(picture::PictureKind::jpeg, shown->data))) {
      std::abort();
    }
  }
  return 0;
}
