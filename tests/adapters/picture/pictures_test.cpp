#include "adapters/picture/pictures.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "adapters/picture/drawn.hpp"
#include "core/limits.hpp"

namespace tuanyuan::picture {
namespace {

using namespace tests;

class PicturesTest : public testing::Test {
 protected:
  core::Photo prepared(const std::string& data, const char* type, core::Status status = core::Status::actual) {
    const auto photo = pictures_.prepare(core::Photo{type, data}, status);
    EXPECT_TRUE(photo.has_value());
    return photo.has_value() ? *photo : core::Photo{};
  }
  static Image seen(const core::Photo& photo) { return decode(PictureKind::jpeg, photo.data); }
  static int at(const Image& image, double x, double y) {
    return gdImageGetTrueColorPixel(image.get(), static_cast<int>(x * gdImageSX(image.get())),
                                    static_cast<int>(y * gdImageSY(image.get())));
  }

  GdPictures pictures_;
};

TEST_F(PicturesTest, JpegOrPngThenAJpegOfTheSamePicture) {
  const Image drawn = quarters(400, 300);
  for (const core::Photo& photo :
       {prepared(as_jpeg(drawn.get()), "image/jpeg"), prepared(as_png(drawn.get()), "image/png")}) {
    EXPECT_EQ(photo.media_type, "image/jpeg");
    const Image image = seen(photo);
    ASSERT_NE(image, nullptr);
    EXPECT_EQ(gdImageSX(image.get()), 400);
    EXPECT_EQ(gdImageSY(image.get()), 300);
    EXPECT_TRUE(alike(at(image, 0.25, 0.25), red));
    EXPECT_TRUE(alike(at(image, 0.75, 0.25), green));
    EXPECT_TRUE(alike(at(image, 0.25, 0.75), blue));
    EXPECT_TRUE(alike(at(image, 0.75, 0.75), grey));
  }
}

TEST_F(PicturesTest, SamePictureThenTheSameBytes) {
  const std::string jpeg = as_jpeg(face(900, 1200).get());
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    EXPECT_EQ(prepared(jpeg, "image/jpeg", status), prepared(jpeg, "image/jpeg", status));
  }
}

TEST_F(PicturesTest, LargeThenReducedInProportionAndSmallEnough) {
  const core::Photo photo = prepared(as_jpeg(face(3000, 4000).get()), "image/jpeg");
  EXPECT_LE(photo.data.size(), core::shown_photo_bytes_max);
  const Image image = seen(photo);
  EXPECT_EQ(gdImageSX(image.get()), 768);
  EXPECT_EQ(gdImageSY(image.get()), 1024);
}

TEST_F(PicturesTest, WhatCompressesWorstThenStillSmallEnough) {
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    const core::Photo photo = prepared(as_jpeg(noise(1500, 1500).get()), "image/jpeg", status);
    EXPECT_LE(photo.data.size(), core::shown_photo_bytes_max);
    EXPECT_GE(gdImageSX(seen(photo).get()), 240);
  }
}

TEST_F(PicturesTest, ExtremeShapeThenPrepared) {
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    for (const auto& [width, height] : {std::pair{12'000, 32}, std::pair{32, 12'000}, std::pair{32, 32}}) {
      const core::Photo photo = prepared(as_png(plain(width, height, blue).get()), "image/png", status);
      EXPECT_LE(photo.data.size(), core::shown_photo_bytes_max);
    }
  }
}

TEST_F(PicturesTest, TransparentThenOnWhite) {
  Image image(gdImageCreateTrueColor(100, 100));
  gdImageAlphaBlending(image.get(), 0);
  gdImageFilledRectangle(image.get(), 0, 0, 99, 99, gdTrueColorAlpha(0, 0, 0, 127));
  gdImageFilledRectangle(image.get(), 0, 0, 49, 99, gdTrueColorAlpha(220, 0, 0, 0));
  const Image shown = seen(prepared(as_png(image.get()), "image/png"));
  EXPECT_TRUE(alike(at(shown, 0.2, 0.5), red));
  EXPECT_TRUE(alike(at(shown, 0.8, 0.5), gdTrueColor(255, 255, 255)));
}

TEST_F(PicturesTest, PaletteWithATransparentColourThenOnWhite) {
  Image image(gdImageCreate(100, 100));
  const int clear = gdImageColorAllocate(image.get(), 1, 2, 3);
  const int full = gdImageColorAllocate(image.get(), 0, 0, 220);
  gdImageColorTransparent(image.get(), clear);
  gdImageFilledRectangle(image.get(), 0, 0, 49, 99, full);
  const Image shown = seen(prepared(as_png(image.get()), "image/png"));
  EXPECT_TRUE(alike(at(shown, 0.2, 0.5), blue));
  EXPECT_TRUE(alike(at(shown, 0.8, 0.5), gdTrueColor(255, 255, 255)));
}

TEST_F(PicturesTest, MetadataThenGone) {
  std::string jpeg = as_jpeg(quarters(200, 200).get());
  jpeg = with_segment(jpeg, '\xE1', exif_with(1) + "GPS 41.79 123.39");
  jpeg = with_segment(jpeg, '\xE2', "ICC_PROFILE of a telephone");
  jpeg = with_segment(jpeg, '\xFE', "taken by a neighbour");
  const core::Photo photo = prepared(jpeg, "image/jpeg");
  for (const char* trace : {"Exif", "GPS", "ICC_PROFILE", "neighbour", "CREATOR", "gd-jpeg"}) {
    EXPECT_EQ(photo.data.find(trace), std::string::npos) << trace;
  }
  const auto header = read_header(PictureKind::jpeg, photo.data);
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->exif.empty());
}

struct Turn {
  int orientation;
  int corners[4];  ///< above left, above right, below left, below right, as a person sees them
};

class PicturesTurned : public PicturesTest, public testing::WithParamInterface<Turn> {};

TEST_P(PicturesTurned, OrientationThenUpright) {
  const std::string jpeg =
      with_segment(as_jpeg(quarters(300, 200).get()), '\xE1', exif_with(GetParam().orientation));
  const Image image = seen(prepared(jpeg, "image/jpeg"));
  const bool lay_on_its_side = GetParam().orientation >= 5 && GetParam().orientation <= 8;
  EXPECT_EQ(gdImageSX(image.get()), lay_on_its_side ? 200 : 300);
  EXPECT_EQ(gdImageSY(image.get()), lay_on_its_side ? 300 : 200);
  EXPECT_TRUE(alike(at(image, 0.25, 0.25), GetParam().corners[0]));
  EXPECT_TRUE(alike(at(image, 0.75, 0.25), GetParam().corners[1]));
  EXPECT_TRUE(alike(at(image, 0.25, 0.75), GetParam().corners[2]));
  EXPECT_TRUE(alike(at(image, 0.75, 0.75), GetParam().corners[3]));
}

// Stored are red, green above blue, grey. EXIF says where row 0 and column 0 of what is stored belong: 1 top
// left, 2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom.
INSTANTIATE_TEST_SUITE_P(Exif, PicturesTurned,
                         testing::Values(Turn{1, {red, green, blue, grey}}, Turn{2, {green, red, grey, blue}},
                                         Turn{3, {grey, blue, green, red}}, Turn{4, {blue, grey, red, green}},
                                         Turn{5, {red, blue, green, grey}}, Turn{6, {blue, red, grey, green}},
                                         Turn{7, {grey, green, blue, red}}, Turn{8, {green, grey, red, blue}},
                                         Turn{0, {red, green, blue, grey}}, Turn{9, {red, green, blue, grey}}),
                         [](const auto& tested) { return std::to_string(tested.param.orientation); });

TEST_F(PicturesTest, ExerciseThenMarkedInEveryPart) {
  const std::string jpeg = as_jpeg(plain(800, 600, grey).get());
  const Image marked = seen(prepared(jpeg, "image/jpeg", core::Status::exercise));
  // A quarter of each edge: nobody crops a face from it without a piece of the words.
  constexpr int rows = 4;
  constexpr int columns = 4;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      int changed = 0;
      for (int y = row * 150; y < (row + 1) * 150; ++y) {
        for (int x = column * 200; x < (column + 1) * 200; ++x) {
          changed += alike(gdImageGetTrueColorPixel(marked.get(), x, y), grey) ? 0 : 1;
        }
      }
      EXPECT_GT(changed, 150 * 200 / 25) << row << "," << column;
    }
  }
}

TEST_F(PicturesTest, ExerciseThenMostOfThePictureStaysAsItWas) {
  const std::string jpeg = as_jpeg(plain(800, 600, grey).get());
  const Image marked = seen(prepared(jpeg, "image/jpeg", core::Status::exercise));
  int kept = 0;
  for (int y = 0; y < 600; ++y) {
    for (int x = 0; x < 800; ++x) {
      kept += alike(gdImageGetTrueColorPixel(marked.get(), x, y), grey) ? 1 : 0;
    }
  }
  EXPECT_GT(kept, 800 * 600 / 2);
}

TEST_F(PicturesTest, ExerciseOfATinyPictureThenRoomForTheWords) {
  const Image image = seen(prepared(as_png(plain(40, 40, blue).get()), "image/png", core::Status::exercise));
  EXPECT_EQ(gdImageSX(image.get()), 200);
  EXPECT_EQ(gdImageSY(image.get()), 200);
}

TEST(Pictures, FontMissingThenThrowsNamingIt) {
  try {
    GdPictures pictures("/nowhere/font.ttf");
    ADD_FAILURE();
  } catch (const std::runtime_error& failed) {
    EXPECT_NE(std::string_view(failed.what()).find("/nowhere/font.ttf"), std::string_view::npos);
  }
  EXPECT_THROW(GdPictures(TUANYUAN_SOURCE_DIR "/CMakeLists.txt"), std::runtime_error);
}

}  // namespace
}  // namespace tuanyuan::picture
