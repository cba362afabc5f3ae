#include "app/resources.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>

#include <filesystem>
#include <stdexcept>

namespace tuanyuan::app {

std::size_t client_connections_max(std::size_t gateway_connections_max) {
  const std::size_t kept = descriptors_reserved + gateway_connections_max;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    rlimit raised = files;
    raised.rlim_cur = files.rlim_max;
    files = ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised : files;
  }
  if (files.rlim_cur < kept + client_connections_min) {
    throw std::runtime_error("the limit on open files is " + std::to_string(files.rlim_cur) + "; it has to be " +
                             std::to_string(kept + client_connections_min) +
                             " at least (LimitNOFILE of the unit, ulimit -n)");
  }
  return files.rlim_cur - kept;
}

std::string little_space(const std::string& file) {
  struct statvfs disk {};
  std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (::statvfs(folder.empty() ? "." : folder.c_str(), &disk) != 0) {
    return {};
  }
  const unsigned long long free = static_cast<unsigned long long>(disk.f_bavail) * disk.f_frsize;
  return free < disk_free_bytes_min ? "only " + std::to_string(free >> 20) + " MiB are free" : std::string();
}

}  // namespace tuanyuan::app
