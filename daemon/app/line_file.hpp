#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tuanyuan::app {

/// A file that lines are appended to, each whole or not at all: what a full disk cut off is taken back, so that
/// whoever reads the file never meets half a line. One thread at a time.
class LineFile {
 public:
  /// Empty: standard error. Throws std::system_error where it cannot be opened.
  explicit LineFile(const std::string& path);
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// False: it was not written; error() says why.
  bool append(std::string_view line);
  int error() const { return error_; }

 private:
  int descriptor_;
  int error_ = 0;  ///< of the last attempt; 0: it succeeded
};

}  // namespace tuanyuan::app
