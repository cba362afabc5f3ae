#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace tuanyuan::station {

/// A folder of its own that goes when the test does.
class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "station-test-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace tuanyuan::station
