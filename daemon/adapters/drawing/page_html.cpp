#include <glib.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/drawing/code.hpp"
#include "adapters/drawing/documents.hpp"
#include "adapters/drawing/font_subset.hpp"
#include "adapters/drawing/photo.hpp"
#include "adapters/drawing/plain_text.hpp"
#include "adapters/drawing/png.hpp"
#include "core/unicode.hpp"

namespace tuanyuan::drawing {
namespace {

/// A browser does not step letters down until a text fits, so they go by its length; what is longer still runs on
/// to a second page.
struct TextStep {
  std::size_t characters_max;
  std::string_view name;
};
constexpr TextStep text_steps[] = {{120, "large"}, {260, "medium"}, {600, "small"}};
constexpr std::string_view text_step_last = "tiny";

constexpr std::string_view policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'";

constexpr std::string_view styles = R"(
@page { size: A4; margin: 0 }
* { box-sizing: border-box; margin: 0 }
html { background: #f3f5f7; -webkit-print-color-adjust: exact; print-color-adjust: exact }
body { --accent: #a3141f; font: 16pt/1.35 notice, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Droid Sans Fallback", sans-serif; color: #15202b }
body.exercise { --accent: #5b2a86 }
main { position: relative; display: flex; flex-direction: column; width: 210mm; min-height: 297mm; margin: 0 auto; background: #fff }
.exercise main { border: 8mm solid #5b2a86 }
.side { position: absolute; z-index: 1; font-size: 11pt; line-height: 8mm; font-weight: 700; color: #fff; white-space: nowrap; text-align: center; overflow: hidden }
.top, .bottom { left: 0; right: 0; height: 8mm }
.top { top: -8mm } .bottom { bottom: -8mm }
.left, .right { top: 0; bottom: 0; width: 8mm; writing-mode: vertical-rl }
.left { left: -8mm } .right { right: -8mm }
header { display: flex; align-items: center; justify-content: space-between; padding: 0 9mm; min-height: 24mm; background: var(--accent); color: #fff }
h1 { font-size: 48pt; line-height: 1.1 }
header p { font-size: 20pt }
.mark { padding: 1.5mm; background: #eee3f8; color: #5b2a86; font-weight: 700; text-align: center }
.internal { padding: 1.5mm; background: #15202b; color: #fff; font-weight: 700; text-align: center }
.body { flex: 1; padding: 8mm 9mm }
.photo { float: left; max-width: 50%; max-height: 125mm; margin: 0 8mm 6mm 0; border: .3mm solid #c4ccd4 }
h2 { font-size: 40pt; line-height: 1.2; padding-bottom: 2mm; border-bottom: 1mm solid var(--accent); overflow-wrap: anywhere; display: flow-root }
.traits { display: flex; flex-wrap: wrap; gap: 0 1em; margin: 3mm 0; font-size: 22pt; font-weight: 700; overflow-wrap: anywhere }
dl { font-size: 17pt } .medium dl { font-size: 15pt } .small dl { font-size: 12pt } .tiny dl { font-size: 9pt }
dl div { display: flex; gap: .8em; margin-bottom: .35em; break-inside: avoid }
dt { flex: none; color: var(--accent) }
dd { flex: 1; font-weight: 700; overflow-wrap: anywhere }
.call { display: flex; align-items: center; gap: 6mm; padding: 5mm 9mm; background: var(--accent); color: #fff; break-inside: avoid }
.call > div { flex: 1 }
.call p { display: flex; justify-content: space-between; align-items: baseline; gap: 6mm; font-size: 15pt }
.call .phone { font-size: 26pt; font-weight: 700; line-height: 1.2 }
.phone strong { font-size: 44pt; overflow-wrap: anywhere }
.call img { width: 30mm; image-rendering: pixelated }
footer { display: flex; justify-content: space-between; align-items: center; gap: 6mm; padding: 4mm 9mm; font-size: 9pt; color: #4a5763 }
footer strong { flex: none; font-size: 13pt; color: #15202b }
@media screen { main { margin: 8mm auto; box-shadow: 0 1mm 4mm #0003 } }
@media screen and (max-width: 210mm) { main { width: 100%; margin: 0 } .photo { float: none; max-width: 100%; display: block } h1 { font-size: 36pt } .phone strong { font-size: 30pt } }
)";

struct GlibFreed {
  void operator()(char* text) const { g_free(text); }
};

std::string data_uri(std::string_view type, std::string_view bytes) {
  const std::unique_ptr<char, GlibFreed> base64(
      g_base64_encode(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
  return "data:" + std::string(type) + ";base64," + base64.get();
}

/// Writes elements; every text goes through here, and so is escaped.
class Page {
 public:
  void raw(std::string_view markup) { html_ += markup; }

  /// Nothing where there is no text.
  void element(std::string_view name, std::string_view attributes, std::string_view text) {
    if (text.empty()) {
      return;
    }
    html_ += '<';
    html_ += name;
    html_ += attributes.empty() ? "" : " ";
    html_ += attributes;
    html_ += '>';
    html_ += escaped(text);
    html_ += "</";
    html_ += name;
    html_ += ">\n";
  }

  std::string take() { return std::move(html_); }

 private:
  std::string html_;
};

std::size_t length_of(std::string_view text) {
  return core::code_point_count(text).value_or(text.size());
}

std::string_view step_of(const core::PosterText& text) {
  std::size_t characters = 0;
  for (const core::PosterFact& fact : text.facts) {
    characters += length_of(fact.label) + length_of(fact.value);
  }
  for (const TextStep& step : text_steps) {
    if (characters <= step.characters_max) {
      return step.name;
    }
  }
  return text_step_last;
}

/// Every letter of the page, for the fonts that go with it.
std::string letters_of(const core::PosterText& text) {
  std::string all = "演练 EXERCISE· 0123456789";
  for (const std::string* part :
       {&text.mark_line, &text.internal, &text.title, &text.subtitle, &text.name, &text.call, &text.phone,
        &text.beside, &text.contact_unit, &text.issuer, &text.reference, &text.authority}) {
    all += plain(*part);
  }
  for (const std::string& trait : text.traits) {
    all += plain(trait);
  }
  for (const core::PosterFact& fact : text.facts) {
    all += plain(fact.label);
    all += plain(fact.value);
  }
  return all;
}

void add_font(Page& page, std::string_view letters, bool bold, std::string_view language) {
  const std::string font = font_for(letters, bold, language);
  if (font.empty()) {
    return;
  }
  page.raw("@font-face { font-family: notice; font-weight: ");
  page.raw(bold ? "700" : "400");
  page.raw("; src: url(");
  page.raw(data_uri("font/otf", font));
  page.raw(") }\n");
}

void add_head(Page& page, const core::PosterText& text) {
  page.raw("<!doctype html>\n<html lang=\"");
  page.raw(escaped(text.language));
  page.raw("\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"");
  page.raw(policy);
  page.raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
  page.element("title", "", text.title);
  page.raw("<style>\n");
  const std::string letters = letters_of(text);
  add_font(page, letters, false, text.language);
  add_font(page, letters, true, text.language);
  page.raw(styles);
  page.raw("</style>\n</head>\n");
}

void add_frame(Page& page) {
  for (const std::string_view side : {"top", "bottom", "left", "right"}) {
    page.raw("<p class=\"side ");
    page.raw(side);
    page.raw("\" aria-hidden=\"true\">");
    for (int i = 0; i < 5; ++i) {
      page.raw(i == 0 ? "演练 EXERCISE" : "　·　演练 EXERCISE");
    }
    page.raw("</p>\n");
  }
}

void add_child(Page& page, const ports::PosterContent& content) {
  const core::PosterText& text = content.text;
  page.raw("<div class=\"body\">\n");
  // A damaged picture would be shown as a broken one.
  if (load_photo(content.photo.data) != nullptr) {
    page.raw("<img class=\"photo\" alt=\"");
    page.raw(escaped(text.name));
    page.raw("\" src=\"");
    page.raw(data_uri(photo_type(content.photo.data), content.photo.data));
    page.raw("\">\n");
  }
  page.element("h2", "dir=\"auto\"", text.name);
  page.raw("<p class=\"traits\">");
  for (const std::string& trait : text.traits) {
    page.element("span", "", trait);
  }
  page.raw("</p>\n");
  page.raw("<dl>\n");
  for (const core::PosterFact& fact : text.facts) {
    page.raw("<div>");
    page.element("dt", "", fact.label);
    page.element("dd", "dir=\"auto\"", fact.value);
    page.raw("</div>\n");
  }
  page.raw("</dl>\n</div>\n");
}

void add_call(Page& page, const ports::PosterContent& content) {
  const core::PosterText& text = content.text;
  if (text.phone.empty()) {
    return;
  }
  page.raw("<section class=\"call\">\n<div>\n<p>");
  page.element("span", "", text.call);
  page.element("span", "", text.contact_unit);
  page.raw("</p>\n<p class=\"phone\">");
  page.element("strong", "", text.phone);
  page.element("span", "", text.beside);
  page.raw("</p>\n</div>\n");
  if (const Surface code = qr_code(content.code); code != nullptr) {
    page.raw("<img alt=\"\" src=\"");
    page.raw(data_uri("image/png", png_of(code.get())));
    page.raw("\">\n");
  }
  page.raw("</section>\n");
}

}  // namespace

std::string page_html(const ports::PosterContent& content) {
  const core::PosterText& text = content.text;
  Page page;
  add_head(page, text);
  page.raw("<body class=\"");
  page.raw(step_of(text));
  page.raw(text.exercise ? " exercise\">\n<main>\n" : "\">\n<main>\n");
  if (text.exercise) {
    add_frame(page);
  }
  page.raw("<header>");
  page.element("h1", "", text.title);
  page.element("p", "", text.subtitle);
  page.raw("</header>\n");
  page.element("p", "class=\"mark\"", text.mark_line);
  page.element("p", "class=\"internal\"", text.internal);
  add_child(page, content);
  add_call(page, content);
  page.raw("<footer>\n<div>\n");
  page.element("p", "", text.issuer);
  page.element("p", "", text.reference);
  page.raw("</div>\n");
  page.element("strong", "", text.authority);
  page.raw("</footer>\n</main>\n</body>\n</html>\n");
  return page.take();
}

}  // namespace tuanyuan::drawing
