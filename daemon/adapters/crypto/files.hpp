#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tuanyuan::crypto {

inline constexpr std::size_t key_file_bytes_max = 1024 * 1024;

/// The whole of a small file. Throws std::runtime_error naming the path where it cannot be read or is larger
/// than key_file_bytes_max.
std::string read_file(const std::filesystem::path& path);

enum class Access {
  owner,      ///< 0600: keys
  everybody,  ///< 0644: certificates
};
enum class Sync {
  yes,  ///< on the disk when this returns: what cannot be made again
  no,   ///< whole or absent after a crash of the program; for thousands of certificates that can be issued anew
};

/// Writes beside the path and renames, so that a reader sees the old file or the new one, never a part; the
/// new one has its access rights from the first byte. Throws std::runtime_error naming the path.
void write_file(const std::filesystem::path& path, std::string_view bytes, Access access, Sync sync);

}  // namespace tuanyuan::crypto
