#include "adapters/drawing/documents.hpp"

#include <cairo-pdf.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "adapters/drawing/code.hpp"
#include "adapters/drawing/face.hpp"
#include "adapters/drawing/photo.hpp"
#include "adapters/drawing/png.hpp"

namespace tuanyuan::drawing {
namespace {

constexpr double strip_length_max = 14'400;  // points; what PDF readers take as a page (ISO 32000, annex C)

Surface picture_of(Pixels size) {
  if (size.width < picture_edge_pixels_min || size.height < picture_edge_pixels_min ||
      size.width > picture_edge_pixels_max || size.height > picture_edge_pixels_max) {
    throw std::runtime_error("a picture of such a size is not drawn");
  }
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height));
  require(cairo_surface_status(surface.get()));
  return surface;
}

/// Whether it has all that is essential.
bool draw(cairo_surface_t* surface, const Extent& whole, Medium medium, const ports::PosterContent& content,
          std::string_view code_text) {
  const Surface photo = load_photo(content.photo.data);
  const Surface code = qr_code(code_text);
  Sheet sheet(surface, content.text.language);
  return draw_face(sheet, whole, medium, {content.text, photo.get(), code.get()});
}

std::string iso_time(core::Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

/// Writes itself into `pdf`, whole once it is finished.
Surface pdf_of(std::string& pdf, const Extent& page, const ports::PosterContent& content) {
  Surface surface(cairo_pdf_surface_create_for_stream(append_to, &pdf, page.width, page.height));
  require(cairo_surface_status(surface.get()));
  // The form's words alone: a title is shown by whatever opens the file, and kept by it.
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, content.text.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 iso_time(content.issued_at).c_str());
  return surface;
}

void finish(cairo_surface_t* surface) {
  cairo_surface_show_page(surface);
  cairo_surface_finish(surface);
  require(cairo_surface_status(surface));
}

}  // namespace

DisplayPicture display_png(const ports::PosterContent& content, Pixels size) {
  const Surface surface = picture_of(size);
  const Extent whole{static_cast<double>(size.width), static_cast<double>(size.height)};
  DisplayPicture made;
  made.has_essentials = draw(surface.get(), whole, Medium::display, content, content.code);
  if (!made.has_essentials && !content.code.empty()) {
    made.has_essentials = draw(surface.get(), whole, Medium::display, content, {});
  }
  made.png = png_of(surface.get());
  return made;
}

std::string idle_png(Pixels size) {
  const Surface surface = picture_of(size);
  Sheet sheet(surface.get(), "zh-CN");
  const Box whole{0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
  sheet.fill(whole, ink);
  Style small;
  small.size = 0.035 * std::min(whole.width, whole.height);
  small.colour = soft_ink;
  small.along = Side::middle;
  small.across = Side::middle;
  sheet.write("当前没有寻人通告　No notice in force", small,
              whole.inset(0.1 * std::min(whole.width, whole.height)));
  return png_of(surface.get());
}

std::string page_pdf(const ports::PosterContent& content) {
  std::string pdf;
  const Surface surface = pdf_of(pdf, a4, content);
  draw(surface.get(), a4, Medium::paper, content, content.code);
  finish(surface.get());
  return pdf;
}

std::string strip_pdf(const ports::PosterContent& content) {
  Style letters;
  letters.size = 0.72 * strip_rows;
  letters.bold = true;
  letters.one_line = true;
  letters.across = Side::middle;
  std::string pdf;
  const Surface surface = pdf_of(pdf, {strip_length_max, strip_rows}, content);
  Extent page{strip_length_max, strip_rows};
  {
    Sheet ruler(surface.get(), content.text.language);
    page.width = std::min(ruler.measure(content.line, letters, 0).width + 2 * strip_rows, page.width);
  }
  cairo_pdf_surface_set_size(surface.get(), page.width, page.height);
  Sheet sheet(surface.get(), content.text.language);
  sheet.fill({0, 0, page.width, page.height}, Colour{0, 0, 0});
  letters.colour = white;
  sheet.write(content.line, letters, {strip_rows, 0, page.width - 2 * strip_rows, page.height});
  finish(surface.get());
  return pdf;
}

}  // namespace tuanyuan::drawing
