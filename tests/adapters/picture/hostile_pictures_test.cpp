#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "adapters/picture/drawn.hpp"
#include "adapters/picture/picture_header.hpp"
#include "adapters/picture/pictures.hpp"
#include "core/limits.hpp"

// What somebody may send to harm the daemon, or by accident.
namespace tuanyuan::picture {
namespace {

using namespace tests;

constexpr const char* data = "child.photo.data";
constexpr const char* media_type_field = "child.photo.mediaType";

std::string good_jpeg() {
  return as_jpeg(face(320, 240).get());
}
std::string good_png() {
  return as_png(face(320, 240).get());
}

/// A progressive JPEG whose last scan is there again and again.
std::string with_scans(int count) {
  const Image image = plain(64, 64, grey);
  gdImageInterlace(image.get(), 1);
  const std::string jpeg = as_jpeg(image.get());
  const std::size_t last = jpeg.rfind("\xFF\xDA");
  const std::string scan = jpeg.substr(last, jpeg.size() - 2 - last);
  std::string many = jpeg.substr(0, jpeg.size() - 2);
  for (int i = 0; i < count; ++i) {
    many += scan;
  }
  return many + "\xFF\xD9";
}

/// A few kilobytes, and well formed, that become more pixels than are allowed.
std::string png_bomb() {
  const Image image(gdImageCreate(8'000, 5'001));
  gdImageColorAllocate(image.get(), 128, 128, 128);
  return as_png(image.get());
}

struct Hostile {
  const char* name;
  std::function<std::string()> make;
  const char* type;
  const char* path;
};

class HostilePicture : public testing::TestWithParam<Hostile> {};

TEST_P(HostilePicture, SentThenRefusedByPathWithoutAWordOnTheConsole) {
  GdPictures pictures;
  testing::internal::CaptureStderr();
  const auto photo = pictures.prepare(core::Photo{GetParam().type, GetParam().make()}, core::Status::actual);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_TRUE(photo.has_error());
  EXPECT_EQ(photo.error().code, core::Errc::invalid);
  ASSERT_EQ(photo.error().fields.size(), 1U);
  EXPECT_EQ(photo.error().fields[0].path, GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, HostilePicture,
    testing::Values(
        Hostile{"empty", [] { return std::string(); }, "image/jpeg", data},
        Hostile{"text", [] { return std::string("hello"); }, "image/jpeg", data},
        Hostile{"gif", [] { return std::string("GIF89a\x01\x00\x01\x00", 10); }, "image/gif", data},
        Hostile{"svg", [] { return std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"); }, "image/png", data},
        Hostile{"too_large", [] { return good_jpeg() + std::string(core::photo_bytes_max, '\0'); }, "image/jpeg",
                data},
        Hostile{"png_said_to_be_jpeg", good_png, "image/jpeg", media_type_field},
        Hostile{"jpeg_said_to_be_png", good_jpeg, "image/png", media_type_field},
        Hostile{"jpeg_said_to_be_jpg", good_jpeg, "image/jpg", media_type_field},
        Hostile{"jpeg_said_to_be_nothing", good_jpeg, "", media_type_field},
        Hostile{"jpeg_magic_alone", [] { return std::string("\xFF\xD8\xFF"); }, "image/jpeg", data},
        Hostile{"png_magic_alone", [] { return good_png().substr(0, 8); }, "image/png", data},
        Hostile{"jpeg_cut_in_half", [] { return good_jpeg().substr(0, good_jpeg().size() / 2); }, "image/jpeg",
                data},
        Hostile{"jpeg_without_its_end", [] { return good_jpeg().substr(0, good_jpeg().size() - 2); }, "image/jpeg",
                data},
        Hostile{"png_cut_in_half", [] { return good_png().substr(0, good_png().size() / 2); }, "image/png", data},
        Hostile{"png_without_its_end", [] { return good_png().substr(0, good_png().size() - 12); }, "image/png",
                data},
        Hostile{"png_with_a_bad_crc",
                [] {
                  std::string png = good_png();
                  png[png.find("IDAT") + 40] = static_cast<char>(png[png.find("IDAT") + 40] ^ 0x55);
                  return png;
                },
                "image/png", data},
        Hostile{"png_header_with_a_bad_crc", [] { return with_png_size(good_png(), 400, 300); }, "image/png",
                data},
        Hostile{"png_of_giant_size", [] { return with_png_size(good_png(), 0x7FFFFFFF, 0x7FFFFFFF); }, "image/png",
                data},
        Hostile{"png_of_no_width", [] { return with_png_size(good_png(), 0, 240); }, "image/png", data},
        Hostile{"png_one_edge_too_long", [] { return with_png_size(good_png(), 12'001, 100); }, "image/png", data},
        Hostile{"png_too_many_pixels", [] { return with_png_size(good_png(), 8'000, 5'001); }, "image/png", data},
        Hostile{"png_bomb", png_bomb, "image/png", data},
        Hostile{"png_too_small", [] { return as_png(plain(31, 200, grey).get()); }, "image/png", data},
        Hostile{"jpeg_of_giant_size", [] { return with_jpeg_size(good_jpeg(), 65'535, 65'535); }, "image/jpeg",
                data},
        Hostile{"jpeg_of_no_height", [] { return with_jpeg_size(good_jpeg(), 320, 0); }, "image/jpeg", data},
        Hostile{"jpeg_with_two_sizes",
                [] {
                  const std::string jpeg = good_jpeg();
                  return with_segment(jpeg, '\xC0', std::string("\x08\0\x40\0\x40\x01\x01\x11\0", 9));
                },
                "image/jpeg", data},
        Hostile{"jpeg_without_a_picture", [] { return std::string("\xFF\xD8\xFF\xD9"); }, "image/jpeg", data},
        Hostile{"jpeg_within_a_jpeg", [] { return "\xFF\xD8" + good_jpeg(); }, "image/jpeg", data},
        Hostile{"jpeg_of_endless_scans", [] { return with_scans(200); }, "image/jpeg", data},
        Hostile{"jpeg_with_a_segment_beyond_its_end", [] { return std::string("\xFF\xD8\xFF\xE0\xFF\xFF", 6); },
                "image/jpeg", data}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(PictureHeader, OfSomethingElseThenNothing) {
  EXPECT_FALSE(read_header(PictureKind::png, "Ex"));
  EXPECT_FALSE(read_header(PictureKind::jpeg, "\xFF"));
  EXPECT_FALSE(read_header(PictureKind::jpeg, ""));
}

TEST(HarmlessPicture, ProgressiveOfAFewScansThenPrepared) {
  GdPictures pictures;
  EXPECT_TRUE(pictures.prepare(core::Photo{"image/jpeg", with_scans(0)}, core::Status::actual).has_value());
}

TEST(HarmlessPicture, BytesAfterItsEndThenPrepared) {
  GdPictures pictures;
  const std::string second_picture = good_jpeg() + good_jpeg();
  EXPECT_TRUE(pictures.prepare(core::Photo{"image/jpeg", second_picture}, core::Status::actual).has_value());
}

TEST(HarmlessPicture, ExifCutOffThenTakenAsUpright) {
  GdPictures pictures;
  const std::string whole = exif_with(6);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string jpeg = with_segment(good_jpeg(), '\xE1', whole.substr(0, size));
    EXPECT_TRUE(pictures.prepare(core::Photo{"image/jpeg", jpeg}, core::Status::actual).has_value()) << size;
  }
}

TEST(HarmlessPicture, AnyByteOfItChangedThenPreparedOrRefused) {
  GdPictures pictures;
  const std::string jpeg = as_jpeg(plain(48, 48, red).get());
  const std::string png = as_png(plain(48, 48, red).get());
  testing::internal::CaptureStderr();
  for (const auto& [type, bytes] : {std::pair{"image/jpeg", jpeg}, std::pair{"image/png", png}}) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 0x80);
      const auto photo = pictures.prepare(core::Photo{type, changed}, core::Status::actual);
      if (photo.has_value()) {
        EXPECT_LE(photo->data.size(), core::shown_photo_bytes_max);
      }
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

/// A palette picture with transparency; `damage` gets the place of its tRNS chunk's content and its length.
std::string palette_png(const std::function<void(std::string&, std::size_t)>& damage) {
  Image image(gdImageCreate(64, 64));
  gdImageColorTransparent(image.get(), gdImageColorAllocate(image.get(), 9, 9, 9));
  gdImageColorAllocate(image.get(), 200, 0, 0);
  std::string png = as_png(image.get());
  const std::size_t transparency = png.find("tRNS");
  EXPECT_NE(transparency, std::string::npos);
  damage(png, transparency);
  return png;
}

TEST(PalettePicture, TransparencyDamagedLongerThanThePaletteOrTwiceThenRefused) {
  GdPictures pictures;
  const auto prepare = [&](const std::string& png) {
    return pictures.prepare(core::Photo{"image/png", png}, core::Status::actual).has_value();
  };
  EXPECT_TRUE(prepare(palette_png([](std::string&, std::size_t) {})));
  EXPECT_FALSE(prepare(palette_png([](std::string& png, std::size_t at) { png[at + 4] ^= 1; })));
  EXPECT_FALSE(prepare(palette_png([](std::string& png, std::size_t at) {
    const auto length = static_cast<unsigned char>(png[at - 1]);
    const std::string chunk = png.substr(at - 4, 12U + length);
    png.insert(at - 4, chunk);
  })));
  EXPECT_FALSE(prepare(palette_png([](std::string& png, std::size_t at) {
    png.insert(at + 4, 3, '\0');
    png[at - 1] = static_cast<char>(png[at - 1] + 3);
  })));
}

}  // namespace
}  // namespace tuanyuan::picture
