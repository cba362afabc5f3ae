#include "app/line_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tuanyuan::app {

LineFile::LineFile(const std::string& path)
    : descriptor_(path.empty() ? STDERR_FILENO
                               : ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot open " + path);
  }
}

LineFile::~LineFile() {
  if (descriptor_ != STDERR_FILENO) {
    ::close(descriptor_);
  }
}

bool LineFile::append(std::string_view line) {
  std::string whole(line);
  whole += '\n';
  std::size_t written = 0;
  error_ = 0;
  while (written < whole.size() && error_ == 0) {
    const ssize_t size = ::write(descriptor_, whole.data() + written, whole.size() - written);
    if (size >= 0) {
      written += static_cast<std::size_t>(size);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  if (error_ != 0 && written != 0) {
    // A pipe or a terminal refuses this, and keeps what it has.
    const off_t end = ::lseek(descriptor_, 0, SEEK_END);
    if (end >= static_cast<off_t>(written)) {
      [[maybe_unused]] const int refused = ::ftruncate(descriptor_, end - static_cast<off_t>(written));
    }
  }
  return error_ == 0;
}

}  // namespace tuanyuan::app
