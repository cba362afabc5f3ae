#include "adapters/crypto/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace tuanyuan::crypto {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* what) {
  throw std::runtime_error(path.string() + ": " + what + ": " + std::strerror(errno));
}

/// Closes when it goes, and says so when closing failed and somebody asked.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool close() {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Makes the rename itself last.
void sync_folder(const std::filesystem::path& folder) {
  Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0 || ::fsync(descriptor.number()) != 0) {
    fail(folder, "cannot be synchronised");
  }
}

/// Removes the half-written file unless it has become the whole one.
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  ~Temporary() {
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    fail(path, "cannot be read");
  }
  std::string bytes(key_file_bytes_max + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad() || (!file.eof() && file.gcount() == 0)) {
    fail(path, "cannot be read");
  }
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > key_file_bytes_max) {
    throw std::runtime_error(path.string() + ": is larger than a key file may be");
  }
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes, Access access, Sync sync) {
  std::string pattern = path.string() + ".XXXXXX";
  Descriptor descriptor(::mkostemp(pattern.data(), O_CLOEXEC));  // 0600 from the start
  if (descriptor.number() < 0) {
    fail(path, "cannot be written");
  }
  Temporary temporary(pattern);
  const bool written = (access == Access::owner || ::fchmod(descriptor.number(), 0644) == 0) &&
                       write_all(descriptor.number(), bytes) &&
                       (sync == Sync::no || ::fsync(descriptor.number()) == 0) && descriptor.close() &&
                       ::rename(temporary.path().c_str(), path.c_str()) == 0;
  if (!written) {
    fail(path, "cannot be written");
  }
  temporary.keep();
  if (sync == Sync::yes) {
    sync_folder(path.parent_path());
  }
}

}  // namespace tuanyuan::crypto
