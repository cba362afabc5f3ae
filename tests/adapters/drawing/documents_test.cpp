#include "adapters/drawing/documents.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>
#include <string>

#include "adapters/drawing/code.hpp"
#include "adapters/drawing/draughtsman.hpp"
#include "adapters/drawing/photo.hpp"
#include "adapters/drawing/qr_modules.hpp"
#include "sample_poster.hpp"

namespace tuanyuan::drawing {
namespace {

const std::string hostile =
    "<script>alert(1)</script> & \"quoted\" 'x' \xE2\x80\xAE"
    "desrever \xF0\x9F\x91\xA7 \x01\x02\n\t\xFF\xC0 %s </style>";

std::string text_of(const std::string& pdf) {
  return test::printed_by("pdftotext -layout FILE - 2>&1", pdf);
}

std::string info_of(const std::string& pdf) {
  return test::printed_by("pdfinfo FILE 2>&1", pdf);
}

/// Lines of pdffonts after its heading, and how many say that the font is not embedded.
struct Fonts {
  int all = 0;
  int not_embedded = 0;
};
Fonts fonts_of(const std::string& pdf) {
  const std::string table = test::printed_by("pdffonts FILE 2>&1 | tail -n +3 | awk '{print $(NF-4)}'", pdf);
  Fonts fonts;
  for (std::size_t at = 0; at < table.size(); at = table.find('\n', at) + 1) {
    fonts.all += 1;
    fonts.not_embedded += table.compare(at, 3, "yes") == 0 ? 0 : 1;
  }
  return fonts;
}

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

std::set<std::uint32_t> colours_of(const std::string& png, int width, int height) {
  const Surface surface = load_photo(png);
  EXPECT_NE(surface, nullptr);
  EXPECT_EQ(cairo_image_surface_get_width(surface.get()), width);
  EXPECT_EQ(cairo_image_surface_get_height(surface.get()), height);
  std::set<std::uint32_t> colours;
  const unsigned char* pixels = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < height; y += 3) {
    for (int x = 0; x < width; x += 3) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, pixels + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(x) * 4,
                  4);
      colours.insert(pixel & 0xFFFFFFU);
    }
  }
  return colours;
}

constexpr std::uint32_t red = 0xA3141F;
constexpr std::uint32_t violet = 0x5B2A86;

TEST(DisplayPng, SizeAskedForThenExactlyThatAndNotBlank) {
  for (const Pixels size : {Pixels{1920, 1080}, Pixels{720, 1280}, Pixels{160, 160}}) {
    const std::set<std::uint32_t> meant =
        colours_of(display_png(test::sample(), size).png, size.width, size.height);
    EXPECT_GT(meant.size(), 100U);
    EXPECT_TRUE(meant.contains(red) && !meant.contains(violet));
    const auto exercise =
        colours_of(display_png(test::sample(core::Status::exercise), size).png, size.width, size.height);
    EXPECT_TRUE(exercise.contains(violet) && !exercise.contains(red));
  }
}

TEST(DisplayPng, SizeThatNoDisplayHasThenRefused) {
  for (const Pixels size : {Pixels{0, 0}, Pixels{-1, 1080}, Pixels{1920, 100}, Pixels{100'000, 100'000}}) {
    EXPECT_THROW(display_png(test::sample(), size), std::runtime_error);
    EXPECT_THROW(idle_png(size), std::runtime_error);
  }
}

TEST(IdlePng, NothingToShowThenDarkAndWithoutAnySign) {
  const std::set<std::uint32_t> colours = colours_of(idle_png({640, 360}), 640, 360);
  EXPECT_TRUE(colours.contains(0x15202B));
  EXPECT_FALSE(colours.contains(red) || colours.contains(violet));
}

TEST(PagePdf, NoticeThenOnePageOfA4WithItsFontsInItAndItsTextToBeFound) {
  const std::string pdf = page_pdf(test::sample());
  EXPECT_TRUE(pdf.starts_with("%PDF-"));
  EXPECT_LT(pdf.size(), 400'000U);
  const std::string info = info_of(pdf);
  EXPECT_EQ(count(info, "Pages:           1\n"), 1U) << info;
  EXPECT_TRUE(has(info, "(A4)")) << info;
  EXPECT_FALSE(has(info, "小禾")) << info;
  const Fonts fonts = fonts_of(pdf);
  EXPECT_GE(fonts.all, 2);
  EXPECT_FALSE(has(test::printed_by("pdffonts FILE", pdf), "Type 0C")) << "taken apart by Cairo itself";
  EXPECT_EQ(fonts.not_embedded, 0);
  const std::string text = text_of(pdf);
  for (const char* said : {"寻人", "小禾", "024-22720110", "黄色雨衣", "以公安机关发布为准", "0198c0de-0000"}) {
    EXPECT_TRUE(has(text, said)) << said << '\n' << text;
  }
  EXPECT_FALSE(has(text, "演练")) << text;
}

TEST(PagePdf, ExerciseThenMarkedOnEverySide) {
  const std::string text = text_of(page_pdf(test::sample(core::Status::exercise)));
  EXPECT_TRUE(has(text, "【演练】寻人")) << text;
  EXPECT_TRUE(has(text, "这是演练，不是真实警情")) << text;
  EXPECT_GE(count(text, "EXERCISE"), 10U) << text;
}

TEST(PagePdf, PoliceCopyThenItSaysSo) {
  EXPECT_FALSE(has(text_of(page_pdf(test::sample())), "内部"));
  const std::string text = text_of(page_pdf(test::of_police(test::sample())));
  EXPECT_TRUE(has(text, "公安机关内部使用，请勿外传")) << text;
  EXPECT_TRUE(has(text, "小禾")) << text;
}

/// How much of a strip with this one letter is lit.
std::size_t lit_by(const std::string& letter) {
  ports::PosterContent content = test::sample();
  content.line = letter;
  const std::string picture = test::printed_by("pdftoppm -gray -r 144 FILE", strip_pdf(content));
  const std::size_t pixels_at = picture.find("\n255\n") + 5;
  std::size_t lit = 0;
  for (std::size_t at = pixels_at; at < picture.size(); ++at) {
    lit += static_cast<unsigned char>(picture[at]) > 128 ? 1 : 0;
  }
  return lit;
}

// A PDF library may lose single letters of a font without a word (README).
TEST(StripPdf, EveryLetterThenSeen) {
  EXPECT_EQ(lit_by("　"), 0U);
  for (const char* letter : {"如", "禾", "寻", "警", "龘", "𠮷", "g", "8"}) {
    EXPECT_GT(lit_by(letter), 20U) << letter;
  }
}

TEST(PagePdf, SameNoticeThenSameBytes) {
  EXPECT_EQ(page_pdf(test::sample()), page_pdf(test::sample()));
}

TEST(StripPdf, LineThenOneLongLowPage) {
  const ports::PosterContent content = test::sample(core::Status::exercise);
  const std::string pdf = strip_pdf(content);
  EXPECT_EQ(fonts_of(pdf).not_embedded, 0);
  EXPECT_TRUE(has(info_of(pdf), " x 16 pts")) << info_of(pdf);
  const std::string text = text_of(pdf);
  EXPECT_TRUE(has(text, "【演练】失踪儿童：小禾")) << text;
  EXPECT_TRUE(has(text, "024-22720110")) << text;
}

TEST(PageHtml, NoticeThenAllInOneFile) {
  const std::string html = page_html(test::sample());
  EXPECT_TRUE(html.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"));
  EXPECT_EQ(count(html, "src=\"data:image/jpeg;base64,/9j/"), 1U);
  EXPECT_EQ(count(html, "src: url(data:font/otf;base64,"), 2U);
  EXPECT_FALSE(has(html, "http:") || has(html, "https:") || has(html, "<script") || has(html, "<link"));
  EXPECT_TRUE(has(html, "<strong>024-22720110</strong>"));
  EXPECT_FALSE(has(html, "演练 EXERCISE"));
  EXPECT_LT(html.size(), 300'000U);
}

TEST(PageHtml, ExerciseThenMarkedOnEverySideAndInItsTitle) {
  const std::string html = page_html(test::sample(core::Status::exercise, "en"));
  EXPECT_TRUE(has(html, "<html lang=\"en\">"));
  EXPECT_EQ(count(html, "class=\"side "), 4U);
  EXPECT_TRUE(has(html, "<h1>[EXERCISE] MISSING</h1>"));
  EXPECT_TRUE(has(html, "<title>[EXERCISE] MISSING</title>"));
  EXPECT_TRUE(has(html, "class=\"medium exercise\"")) << "its frame and colour";
}

TEST(PageHtml, PoliceCopyThenItSaysSo) {
  EXPECT_FALSE(has(page_html(test::sample()), "class=\"internal\""));
  EXPECT_TRUE(
      has(page_html(test::of_police(test::sample())), "<p class=\"internal\">公安机关内部使用，请勿外传</p>"));
  EXPECT_TRUE(has(page_html(test::of_police(test::sample(core::Status::exercise, "en"))),
                  "<p class=\"internal\">For police use only. Do not pass on.</p>"));
}

TEST(Hostile, TextThenNothingOfItIsMoreThanText) {
  const ports::PosterContent content = test::with_texts(test::sample(), hostile);
  const std::string html = page_html(content);
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_EQ(count(html, "</style>"), 1U);
  EXPECT_FALSE(has(html, "\xE2\x80\xAE")) << "no text turns what follows it";
  EXPECT_TRUE(has(html, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; &#39;x&#39; desrever"));
  const std::string text = text_of(page_pdf(content));
  EXPECT_TRUE(has(text, "<script>alert(1)</script>")) << text;
  EXPECT_TRUE(strip_pdf(content).starts_with("%PDF-"));
}

TEST(Hostile, LanguageThenNoMarkup) {
  ports::PosterContent content = test::sample();
  content.text.language = "zh\"><script>";
  EXPECT_FALSE(has(page_html(content), "<script>"));
  EXPECT_TRUE(page_pdf(content).starts_with("%PDF-"));
}

TEST(Hostile, FiveThousandCharactersThenStillOnePage) {
  std::string longest;
  for (int i = 0; i < 5'000; ++i) {
    longest += "字";
  }
  const ports::PosterContent content = test::with_texts(test::sample(), longest);
  EXPECT_TRUE(has(info_of(page_pdf(content)), "Pages:           1\n"));
  EXPECT_TRUE(has(text_of(page_pdf(content)), "024-22720110"));
  EXPECT_TRUE(has(page_html(content), longest)) << "a browser runs on";
  EXPECT_TRUE(strip_pdf(content).starts_with("%PDF-"));
}

TEST(Photo, DamagedOrNotOneThenDrawnWithout) {
  const std::string whole = test::jpeg();
  std::string huge = display_png(test::sample(), {160, 160}).png;
  huge.replace(16, 8, std::string("\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF", 8));
  for (const std::string& bytes :
       {std::string(), std::string("x"), std::string("GIF89a"), whole.substr(0, 100),
        whole.substr(0, whole.size() / 2), std::string("\xFF\xD8\xFF"), huge, huge.substr(0, 20),
        display_png(test::sample(), {160, 160}).png.substr(0, 900)}) {
    EXPECT_EQ(load_photo(bytes), nullptr) << bytes.size();
    ports::PosterContent content = test::sample();
    content.photo.data = bytes;
    EXPECT_TRUE(has(text_of(page_pdf(content)), "小禾"));
    EXPECT_FALSE(has(page_html(content), "<img"));
    EXPECT_FALSE(display_png(content, {640, 360}).png.empty());
  }
  EXPECT_NE(load_photo(whole), nullptr);
}

TEST(Photo, JpegThenItselfInThePdf) {
  const ports::PosterContent content = test::sample();
  EXPECT_TRUE(has(page_pdf(content), content.photo.data));
}

TEST(Code, TextThenAQrCodeWithItsQuietZone) {
  const Surface code = qr_code("https://example.org/alerts/0198c0de");
  ASSERT_NE(code, nullptr);
  const auto* pixels = cairo_image_surface_get_data(code.get());
  const int stride = cairo_image_surface_get_stride(code.get());
  EXPECT_EQ(pixels[0], 0xFF);
  EXPECT_EQ(pixels[4 * stride + 4 * 4], 0) << "the corner of the finder pattern";
  EXPECT_EQ(qr_code(""), nullptr);
  EXPECT_EQ(qr_code(std::string(qr_bytes_max + 1, 'x')), nullptr);
  ports::PosterContent content = test::sample();
  content.code = "https://example.org/alerts/0198c0de";
  EXPECT_TRUE(has(page_html(content), "src=\"data:image/png;base64,"));
  EXPECT_NE(page_pdf(content), page_pdf(test::sample()));
}

TEST(Draughtsman, EachFormThenItsDocument) {
  Draughtsman draughtsman;
  const ports::PosterContent content = test::sample();
  EXPECT_EQ(draughtsman.draw(content, ports::PosterForm::page_pdf).value(), page_pdf(content));
  EXPECT_EQ(draughtsman.draw(content, ports::PosterForm::strip_pdf).value(), strip_pdf(content));
  EXPECT_EQ(draughtsman.draw(content, ports::PosterForm::page_html).value(), page_html(content));
}

}  // namespace
}  // namespace tuanyuan::drawing
