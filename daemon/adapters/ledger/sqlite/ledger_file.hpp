#pragma once

#include <functional>
#include <string>

#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/schema.hpp"

namespace tuanyuan::ledger {

/// Keeps every other daemon away from a ledger, by flock(2) on a file beside it. Not on the ledger itself:
/// closing any handle of that would take SQLite's own locks away.
class FileLock {
 public:
  /// Throws LedgerUnusable when somebody else has it.
  explicit FileLock(const std::string& ledger_path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_ = -1;
};

/// Makes the file, empty and for its owner only, if it is not there; its directory entry is flushed.
void create_if_missing(const std::string& path);

/// The writing connection: every commit is flushed before it is answered.
Connection open_writer(const std::string& path, const std::string& vfs, std::uint64_t log_bytes_max);
Connection open_checkpointer(const std::string& path, const std::string& vfs);
Connection open_reader(const std::string& path, const std::string& vfs);

/// Runs `open`, and says what is wrong with the file where SQLite would only give its error.
void explain_failures(const std::string& path, const std::function<void()>& open);

}  // namespace tuanyuan::ledger
