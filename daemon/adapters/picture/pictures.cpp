#include "adapters/picture/pictures.hpp"

#include <cstdarg>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/picture/picture_header.hpp"
#include "core/limits.hpp"

namespace tuanyuan::picture {
namespace {

constexpr const char* data_path = "child.photo.data";
constexpr const char* media_type_path = "child.photo.mediaType";

/// Below this an exercise's picture is set on white: the words need room to be read.
constexpr int marked_edge_pixels_min = 200;

/// Tried in this order until one fits: a smaller picture before a blurred one, down to where blur is the lesser
/// evil. The last one fits whatever the picture.
struct Attempt {
  int edge_pixels;
  int quality;
};
constexpr Attempt attempts[] = {{shown_photo_edge_pixels_max, 85},
                                {shown_photo_edge_pixels_max, 75},
                                {shown_photo_edge_pixels_max, 65},
                                {800, 75},
                                {800, 65},
                                {640, 70},
                                {640, 60},
                                {480, 65},
                                {480, 50},
                                {320, 50},
                                {320, 30},
                                {240, 20}};

void say_nothing(int /*priority*/, const char* /*format*/, std::va_list /*arguments*/) {}

core::Refusal refuse(const char* path, const char* chinese, const char* english) {
  return core::Refusal(std::vector<core::FieldError>{core::FieldError(path, core::Text(chinese, english))});
}

core::Result<PictureKind> kind_of(const core::Photo& photo) {
  if (photo.data.empty() || photo.data.size() > core::photo_bytes_max) {
    return refuse(data_path, "不能为空，且不得超过 8 MiB", "must not be empty nor larger than 8 MiB");
  }
  const auto kind = sniff(photo.data);
  if (!kind) {
    return refuse(data_path, "须为 JPEG 或 PNG 图片", "has to be a JPEG or PNG picture");
  }
  if (photo.media_type != media_type(*kind)) {
    return refuse(media_type_path, "与图片的实际类型不符", "is not what the picture is");
  }
  return *kind;
}

bool size_allowed(const PictureHeader& header) {
  const auto edge_allowed = [](std::uint32_t edge) {
    return edge >= core::photo_edge_pixels_min && edge <= core::photo_edge_pixels_max;
  };
  return edge_allowed(header.width) && edge_allowed(header.height) &&
         std::uint64_t{header.width} * header.height <= core::photo_pixels_max;
}

}  // namespace

GdPictures::GdPictures(const std::filesystem::path& watermark_font) : watermark_(watermark_font) {
  gdSetErrorMethod(say_nothing);
}

core::Result<core::Photo> GdPictures::prepare(const core::Photo& photo, core::Status status) {
  const auto kind = kind_of(photo);
  if (kind.has_error()) {
    return kind.error();
  }
  const auto header = read_header(*kind, photo.data);
  if (!header) {
    return refuse(data_path, "图片已损坏或不完整", "is damaged or incomplete");
  }
  if (!size_allowed(*header)) {
    return refuse(data_path, "边长须为 32 至 12000 像素，总计不超过 4000 万像素",
                  "has to have edges of 32 to 12,000 pixels and at most 40 million pixels");
  }
  const Image image = decode(*kind, photo.data);
  if (image == nullptr || gdImageSX(image.get()) != static_cast<int>(header->width) ||
      gdImageSY(image.get()) != static_cast<int>(header->height)) {
    return refuse(data_path, "图片无法解码", "cannot be decoded");
  }
  return shown(image.get(), exif_orientation(header->exif), status);
}

core::Photo GdPictures::shown(gdImagePtr image, int orientation, core::Status status) const {
  const Size stored{gdImageSX(image), gdImageSY(image)};
  // Everything smaller is made from this one, so that a large picture is gone over once.
  const Image largest = upright(scaled_on_white(image, fitted(stored, shown_photo_edge_pixels_max)), orientation);
  core::Photo photo;
  photo.media_type = media_type(PictureKind::jpeg);
  Image prepared;
  int prepared_edge_pixels = 0;
  for (const Attempt& attempt : attempts) {
    if (attempt.edge_pixels != prepared_edge_pixels) {
      prepared = reduced(largest.get(), attempt.edge_pixels, status);
      prepared_edge_pixels = attempt.edge_pixels;
    }
    photo.data = encode_jpeg(prepared.get(), attempt.quality);
    if (photo.data.size() <= core::shown_photo_bytes_max) {
      return photo;
    }
  }
  throw std::logic_error("a picture of 240 pixels does not fit into 64 KiB");
}

Image GdPictures::reduced(gdImagePtr image, int edge_pixels, core::Status status) const {
  Image prepared = scaled_on_white(image, fitted(Size{gdImageSX(image), gdImageSY(image)}, edge_pixels));
  if (status == core::Status::exercise) {
    prepared = padded(std::move(prepared), marked_edge_pixels_min);
    watermark_.stamp(prepared.get());
  }
  return prepared;
}

}  // namespace tuanyuan::picture
