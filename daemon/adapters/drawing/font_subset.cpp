#include "adapters/drawing/font_subset.hpp"

#include <fontconfig/fontconfig.h>
#include <hb-subset.h>
#include <hb.h>

#include <initializer_list>
#include <memory>
#include <optional>

#include "core/unicode.hpp"

namespace tuanyuan::drawing {
namespace {

template <auto give_back>
struct GivenBack {
  template <class T>
  void operator()(T* thing) const {
    give_back(thing);
  }
};
using Pattern = std::unique_ptr<FcPattern, GivenBack<FcPatternDestroy>>;
using Blob = std::unique_ptr<hb_blob_t, GivenBack<hb_blob_destroy>>;
using Typeface = std::unique_ptr<hb_face_t, GivenBack<hb_face_destroy>>;
using SubsetInput = std::unique_ptr<hb_subset_input_t, GivenBack<hb_subset_input_destroy>>;

struct FontFile {
  std::string path;
  unsigned int index = 0;  ///< in a collection
};

/// The first of the sheets' families that there is.
std::optional<FontFile> find_font(bool bold, std::string_view language) {
  const Pattern wanted(FcPatternCreate());
  if (wanted == nullptr) {
    return std::nullopt;
  }
  for (const char* family : {"Noto Sans CJK SC", "Noto Sans CJK", "Droid Sans Fallback", "sans-serif"}) {
    FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
  }
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
  FcPatternAddString(wanted.get(), FC_LANG, reinterpret_cast<const FcChar8*>(std::string(language).c_str()));
  FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result = FcResultNoMatch;
  const Pattern found(FcFontMatch(nullptr, wanted.get(), &result));
  FcChar8* file = nullptr;
  int index = 0;
  if (found == nullptr || FcPatternGetString(found.get(), FC_FILE, 0, &file) != FcResultMatch) {
    return std::nullopt;
  }
  FcPatternGetInteger(found.get(), FC_INDEX, 0, &index);
  return FontFile{reinterpret_cast<const char*>(file), static_cast<unsigned int>(index & 0xFFFF)};
}

/// What belongs to other scripts and to upright writing: a page of Chinese needs none of it, and each carries
/// letters along that nobody asked for.
void leave_tables_out(hb_subset_input_t* input) {
  hb_set_t* left_out = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
  for (const hb_tag_t table : {HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
                               HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'), HB_TAG('V', 'O', 'R', 'G'),
                               HB_TAG('B', 'A', 'S', 'E')}) {
    hb_set_add(left_out, table);
  }
}

}  // namespace

std::string font_for(std::string_view texts, bool bold, std::string_view language) {
  const std::optional<FontFile> file = find_font(bold, language);
  if (!file) {
    return {};
  }
  const Blob bytes(hb_blob_create_from_file(file->path.c_str()));
  const Typeface whole(hb_face_create(bytes.get(), file->index));
  const SubsetInput input(hb_subset_input_create_or_fail());
  if (input == nullptr || hb_face_get_glyph_count(whole.get()) == 0) {
    return {};
  }
  hb_set_t* letters = hb_subset_input_unicode_set(input.get());
  while (const std::optional<char32_t> c = core::take_code_point(texts)) {
    hb_set_add(letters, *c);
  }
  leave_tables_out(input.get());
  const Typeface part(hb_subset_or_fail(whole.get(), input.get()));
  if (part == nullptr) {
    return {};
  }
  const Blob made(hb_face_reference_blob(part.get()));
  unsigned int length = 0;
  const char* data = hb_blob_get_data(made.get(), &length);
  return {data, length};
}

}  // namespace tuanyuan::drawing
