#pragma once

#include <gd.h>

#include <filesystem>

namespace tuanyuan::picture {

/// 演练 EXERCISE, repeated across a picture. Immutable once made; any thread.
class Watermark {
 public:
  /// `font` is a TrueType file that has Chinese glyphs. Throws std::runtime_error, naming it, where it is
  /// missing or draws nothing.
  explicit Watermark(const std::filesystem::path& font);

  /// Letters of a thirteenth of the shorter edge, aslant, in rows that leave about half of the picture free: a
  /// face stays recognisable, and every part larger than a face bears the words.
  void stamp(gdImagePtr image) const;

 private:
  std::string font_;
};

}  // namespace tuanyuan::picture
