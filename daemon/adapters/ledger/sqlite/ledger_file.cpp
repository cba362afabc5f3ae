#include "adapters/ledger/sqlite/ledger_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tuanyuan::ledger {
namespace {

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

std::string because(const std::string& what, int error) {
  return what + ": " + std::strerror(error);
}

void flush_directory(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  directory = directory.empty() ? "." : directory;
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::fsync(descriptor);
    ::close(descriptor);
  }
}

// Deleted content is overwritten, because a data key that was destroyed must not be found in the file.
constexpr const char* common_settings =
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = "
    "MEMORY;"
    "PRAGMA synchronous = FULL;";

// A broadcast reads its recipients in no order, again and again: 100,000 of them, with two endpoints each, take
// 29 MB of pages, and some have more. A cache that holds only a part of them reads the rest each time.
constexpr int reader_cache_kib = 48 * 1'024;

}  // namespace

FileLock::FileLock(const std::string& ledger_path) {
  const std::string path = ledger_path + ".lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
  if (descriptor_ < 0) {
    throw LedgerUnusable(because("cannot make " + path, errno));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(descriptor_);
    throw LedgerUnusable(error == EWOULDBLOCK ? ledger_path + " is in use by another process"
                                              : because("cannot lock " + path, error));
  }
}

FileLock::~FileLock() {
  ::close(descriptor_);
}

void create_if_missing(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_only);
  if (descriptor >= 0) {
    ::close(descriptor);
    flush_directory(path);
  } else if (errno != EEXIST) {
    throw LedgerUnusable(because("cannot make the ledger " + path, errno));
  }
}

Connection open_writer(const std::string& path, const std::string& vfs, std::uint64_t log_bytes_max) {
  Connection connection(path, OpenMode{false, false, vfs});
  Rows mode = connection.query("PRAGMA journal_mode = WAL");
  if (!mode.next() || mode->text(0) != "wal") {
    throw LedgerUnusable(path + " cannot be used with a write-ahead log: is it on a network file system?");
  }
  connection.script(std::string(common_settings) +
                    "PRAGMA cache_size = -65536; PRAGMA journal_size_limit = " + std::to_string(log_bytes_max));
  return connection;
}

Connection open_checkpointer(const std::string& path, const std::string& vfs) {
  Connection connection(path, OpenMode{false, false, vfs});
  connection.script(std::string(common_settings) + "PRAGMA wal_autocheckpoint = 0");
  return connection;
}

Connection open_reader(const std::string& path, const std::string& vfs) {
  Connection connection(path, OpenMode{false, false, vfs});
  connection.script(std::string(common_settings) + "PRAGMA query_only = ON; PRAGMA cache_size = -" +
                    std::to_string(reader_cache_kib));
  return connection;
}

void explain_failures(const std::string& path, const std::function<void()>& open) {
  try {
    open();
  } catch (const SqliteError& error) {
    switch (error.code()) {
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        throw LedgerUnusable(path + " is damaged or no ledger at all, restore it from a backup: " + error.what());
      default:
        throw LedgerUnusable("cannot open the ledger " + path + ": " + error.what());
    }
  }
}

}  // namespace tuanyuan::ledger
