#include "app/resources.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace tuanyuan::app {

std::size_t raise_files_max() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    rlimit raised = files;
    raised.rlim_cur = files.rlim_max;
    files = ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised : files;
  }
  return files.rlim_cur;
}

DescriptorShares share_descriptors(std::size_t files, std::size_t gateways_wanted, std::size_t idle_wanted) {
  const std::size_t gateways_min = std::min(gateways_wanted, gateway_connections_min);
  const std::size_t least = descriptors_reserved + client_connections_min + gateways_min;
  if (files < least) {
    throw std::runtime_error("the limit on open files is " + std::to_string(files) + "; it has to be " +
                             std::to_string(least) + " at least (LimitNOFILE of the unit, ulimit -n)");
  }
  const std::size_t spare = files - descriptors_reserved - client_connections_min;
  DescriptorShares shares;
  shares.gateways = std::min(gateways_wanted, std::max(gateways_min, spare / 2));
  shares.idle = std::min(idle_wanted, (spare - shares.gateways) / 8);
  shares.clients = files - descriptors_reserved - shares.gateways - shares.idle;
  return shares;
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
