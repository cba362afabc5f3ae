#include "sample_poster.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <jpeglib.h>

#include "core/notice_text.hpp"
#include "core/police_mark.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::drawing::test {
namespace {

using namespace std::chrono_literals;

core::Notice notice(core::Status status) {
  const core::Report report = core::sample::sample_report();
  core::Notice made;
  made.alert_id = core::AlertId("0198c0de-0000-7000-8000-00000000000a");
  made.version = {1, 0};
  made.status = status;
  made.audience = core::Audience::partner;
  made.issued_at = core::sample::reported_at;
  made.expires_at = core::sample::reported_at + 24h;
  made.issuer = "210102000000";
  made.child = report.child;
  made.child->age_years = 8;
  made.child->birth_date.reset();
  made.last_seen = report.last_seen;
  made.circumstances = report.circumstances;
  made.abduction_suspected = true;
  made.suspect = report.suspect;
  made.contact = report.contact;
  made.texts = core::texts_of(core::default_templates(), made);
  return made;
}

}  // namespace

std::string jpeg(int width, int height) {
  jpeg_compress_struct encoder;
  jpeg_error_mgr errors;
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&encoder, &bytes, &length);
  encoder.image_width = static_cast<JDIMENSION>(width);
  encoder.image_height = static_cast<JDIMENSION>(height);
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_start_compress(&encoder, TRUE);
  std::vector<JSAMPLE> row(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool face =
          (x - width / 2) * (x - width / 2) + (y - height / 3) * (y - height / 3) < width * width / 16;
      const std::size_t at = static_cast<std::size_t>(x) * 3;
      row[at] = static_cast<JSAMPLE>(face ? 224 : 90 + 80 * y / height);
      row[at + 1] = static_cast<JSAMPLE>(face ? 180 : 150);
      row[at + 2] = static_cast<JSAMPLE>(face ? 150 : 190 - 60 * x / width);
    }
    JSAMPROW line = row.data();
    jpeg_write_scanlines(&encoder, &line, 1);
  }
  jpeg_finish_compress(&encoder);
  std::string made(reinterpret_cast<const char*>(bytes), length);
  std::free(bytes);
  jpeg_destroy_compress(&encoder);
  return made;
}

ports::PosterContent sample(core::Status status, const std::string& language) {
  const core::Notice shown = notice(status);
  const core::LanguageTemplates templates = core::default_templates().languages.at(language == "en" ? 1 : 0);
  ports::PosterContent content;
  content.text = core::poster_text(shown, language);
  content.line = core::led_line(templates, shown);
  content.photo = {"image/jpeg", jpeg()};
  content.issued_at = shown.issued_at;
  return content;
}

ports::PosterContent of_police(ports::PosterContent content) {
  content.text.internal = core::police_mark(core::Audience::police, content.text.language);
  return content;
}

ports::PosterContent with_texts(ports::PosterContent content, const std::string& text) {
  content.line = text;
  content.text.name = text;
  content.text.traits = {text, text};
  content.text.contact_unit = text;
  for (core::PosterFact& fact : content.text.facts) {
    fact.value = text;
  }
  return content;
}

std::string printed_by(const std::string& command, const std::string& document) {
  std::string file = std::filesystem::temp_directory_path() / "drawing-test-XXXXXX";
  const int made = mkstemp(file.data());
  if (made < 0) {
    throw std::runtime_error("no temporary file");
  }
  std::ofstream(file, std::ios::binary) << document;
  std::string line = command;
  line.replace(line.find("FILE"), 4, file);
  std::string printed;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(line.c_str(), "r"), pclose);
  for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
    printed += static_cast<char>(c);
  }
  std::filesystem::remove(file);
  return printed;
}

}  // namespace tuanyuan::drawing::test
