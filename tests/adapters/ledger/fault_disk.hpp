#pragma once

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tuanyuan::test {

/// A file layer for SQLite that passes everything on to the real one, remembers what was flushed and what was
/// not, and fails on demand. While it lives, a connection opened with its name uses it. Any thread.
class FaultDisk {
 public:
  FaultDisk();
  ~FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  const std::string& name() const { return name_; }

  /// Writes fail as on a full disk.
  std::atomic<bool> full{false};
  /// Flushing the log fails, after its frames were written.
  std::atomic<bool> log_flush_fails{false};

  /// Flushes of the log wait until they are released.
  void hold_log_flushes();
  void release_log_flushes();
  /// Returns when one waits.
  void await_held_flush();
  /// Likewise, at the most for so long. False: none has come.
  bool await_held_flush(std::chrono::milliseconds at_most);

  std::uint64_t log_bytes_written() const { return log_bytes_written_; }
  std::uint64_t log_bytes_largest() const { return log_bytes_largest_; }

  /// Writes into `directory` what a power cut would leave: all that was flushed, and of every write since
  /// then any of its sectors, or none.
  void cut_power(const std::string& directory, std::uint32_t seed) const;

  // What the layer does, called by SQLite through C functions.
  struct Image;
  std::shared_ptr<Image> image_of(const std::string& path);
  void forget(const std::string& path);
  int write(sqlite3_file* real, Image& image, const void* bytes, int size, sqlite3_int64 offset);
  int truncate(sqlite3_file* real, Image& image, sqlite3_int64 size);
  int flush(sqlite3_file* real, Image& image, int flags);
  sqlite3_vfs* system() const { return system_; }

 private:
  std::string name_;
  sqlite3_vfs* system_;
  sqlite3_vfs layer_{};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int waiting_ = 0;
  std::map<std::string, std::shared_ptr<Image>> images_;
  std::atomic<std::uint64_t> log_bytes_written_{0};
  std::atomic<std::uint64_t> log_bytes_largest_{0};
};

}  // namespace tuanyuan::test
