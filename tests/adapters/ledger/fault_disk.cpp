#include "adapters/ledger/fault_disk.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <random>

namespace tuanyuan::test {

struct FaultDisk::Image {
  struct Write {
    std::uint64_t offset = 0;
    std::string bytes;
    bool truncates = false;  ///< to offset
  };
  bool is_log = false;
  std::string name;
  std::string flushed;
  std::vector<Write> since;

  static void apply(std::string& content, std::uint64_t offset, std::string_view bytes) {
    content.resize(std::max<std::size_t>(content.size(), offset + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
  }
};

namespace {

constexpr std::size_t sector_bytes = 512;

/// Stands before the real layer's own file, in the memory that SQLite provides.
struct File {
  sqlite3_file base;
  FaultDisk* disk;
  std::shared_ptr<FaultDisk::Image> image;  ///< none: a file that need not survive

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(sizeof(File) % alignof(std::max_align_t) == 0);

File& of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}
FaultDisk& of(sqlite3_vfs* layer) {
  return *static_cast<FaultDisk*>(layer->pAppData);
}

int close(sqlite3_file* file) {
  const int code = of(file).real()->pMethods->xClose(of(file).real());
  of(file).~File();
  return code;
}
int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  return of(file).real()->pMethods->xRead(of(file).real(), bytes, size, offset);
}
int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  File& ours = of(file);
  return ours.image ? ours.disk->write(ours.real(), *ours.image, bytes, size, offset)
                    : ours.real()->pMethods->xWrite(ours.real(), bytes, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  File& ours = of(file);
  return ours.image ? ours.disk->truncate(ours.real(), *ours.image, size)
                    : ours.real()->pMethods->xTruncate(ours.real(), size);
}
int flush(sqlite3_file* file, int flags) {
  File& ours = of(file);
  return ours.image ? ours.disk->flush(ours.real(), *ours.image, flags)
                    : ours.real()->pMethods->xSync(ours.real(), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return of(file).real()->pMethods->xFileSize(of(file).real(), size);
}
int lock(sqlite3_file* file, int level) {
  return of(file).real()->pMethods->xLock(of(file).real(), level);
}
int unlock(sqlite3_file* file, int level) {
  return of(file).real()->pMethods->xUnlock(of(file).real(), level);
}
int check_lock(sqlite3_file* file, int* held) {
  return of(file).real()->pMethods->xCheckReservedLock(of(file).real(), held);
}
int control(sqlite3_file* file, int operation, void* argument) {
  return of(file).real()->pMethods->xFileControl(of(file).real(), operation, argument);
}
int sector_size(sqlite3_file* file) {
  return of(file).real()->pMethods->xSectorSize(of(file).real());
}
int characteristics(sqlite3_file* file) {
  return of(file).real()->pMethods->xDeviceCharacteristics(of(file).real());
}
int shared_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return of(file).real()->pMethods->xShmMap(of(file).real(), page, size, extend, memory);
}
int shared_lock(sqlite3_file* file, int offset, int count, int flags) {
  return of(file).real()->pMethods->xShmLock(of(file).real(), offset, count, flags);
}
void shared_barrier(sqlite3_file* file) {
  of(file).real()->pMethods->xShmBarrier(of(file).real());
}
int shared_unmap(sqlite3_file* file, int remove) {
  return of(file).real()->pMethods->xShmUnmap(of(file).real(), remove);
}

// Version 2: without memory mapping of the file, which would pass us by.
constexpr sqlite3_io_methods methods{
    2,           close,          read,         write,   truncate,    flush,           file_size,
    lock,        unlock,         check_lock,   control, sector_size, characteristics, shared_map,
    shared_lock, shared_barrier, shared_unmap, nullptr, nullptr};

int open(sqlite3_vfs* layer, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  FaultDisk& disk = of(layer);
  File* ours = new (file) File{};
  const int code = disk.system()->xOpen(disk.system(), path, ours->real(), flags, flags_out);
  if (code != SQLITE_OK) {
    ours->~File();
    file->pMethods = nullptr;
    return code;
  }
  ours->disk = &disk;
  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0) {
    ours->image = disk.image_of(path);
  }
  ours->base.pMethods = &methods;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* layer, const char* path, int flush_directory) {
  of(layer).forget(path);
  return of(layer).system()->xDelete(of(layer).system(), path, flush_directory);
}
int access(sqlite3_vfs* layer, const char* path, int flags, int* result) {
  return of(layer).system()->xAccess(of(layer).system(), path, flags, result);
}
int full_path(sqlite3_vfs* layer, const char* path, int size, char* out) {
  return of(layer).system()->xFullPathname(of(layer).system(), path, size, out);
}

}  // namespace

FaultDisk::FaultDisk() : system_(sqlite3_vfs_find(nullptr)) {
  static std::atomic<int> made{0};
  name_ = "fault-" + std::to_string(++made);
  layer_ = *system_;  // randomness, sleep and time stay the system's
  layer_.szOsFile = static_cast<int>(sizeof(File)) + system_->szOsFile;
  layer_.zName = name_.c_str();
  layer_.pAppData = this;
  layer_.xOpen = open;
  layer_.xDelete = remove;
  layer_.xAccess = access;
  layer_.xFullPathname = full_path;
  sqlite3_vfs_register(&layer_, 0);
}

FaultDisk::~FaultDisk() {
  sqlite3_vfs_unregister(&layer_);
}

void FaultDisk::hold_log_flushes() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void FaultDisk::release_log_flushes() {
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
  }
  changed_.notify_all();
}

void FaultDisk::await_held_flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ != 0; });
}

bool FaultDisk::await_held_flush(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [this] { return waiting_ != 0; });
}

std::shared_ptr<FaultDisk::Image> FaultDisk::image_of(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Image>& image = images_[path];
  if (!image) {
    image = std::make_shared<Image>();
    image->name = std::filesystem::path(path).filename().string();
    image->is_log = path.ends_with("-wal");
    std::ifstream in(path, std::ios::binary);
    image->flushed.assign(std::istreambuf_iterator<char>(in), {});
  }
  return image;
}

void FaultDisk::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  images_.erase(path);
}

int FaultDisk::write(sqlite3_file* real, Image& image, const void* bytes, int size, sqlite3_int64 offset) {
  if (full) {
    return SQLITE_FULL;
  }
  const std::lock_guard lock(mutex_);
  const int code = real->pMethods->xWrite(real, bytes, size, offset);
  if (code == SQLITE_OK) {
    const auto end = static_cast<std::uint64_t>(offset + size);
    image.since.push_back(
        {static_cast<std::uint64_t>(offset), std::string(static_cast<const char*>(bytes), size)});
    if (image.is_log) {
      log_bytes_written_ += static_cast<std::uint64_t>(size);
      log_bytes_largest_ = std::max(log_bytes_largest_.load(), end);
    }
  }
  return code;
}

int FaultDisk::truncate(sqlite3_file* real, Image& image, sqlite3_int64 size) {
  const std::lock_guard lock(mutex_);
  const int code = real->pMethods->xTruncate(real, size);
  if (code == SQLITE_OK) {
    image.since.push_back({static_cast<std::uint64_t>(size), {}, true});
  }
  return code;
}

int FaultDisk::flush(sqlite3_file*, Image& image, int) {
  std::unique_lock lock(mutex_);
  if (image.is_log) {
    if (log_flush_fails) {
      return SQLITE_IOERR_FSYNC;
    }
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
  }
  // The real flush is left out: what counts as flushed is decided here.
  for (const Image::Write& write : image.since) {
    if (write.truncates) {
      image.flushed.resize(write.offset);
    } else {
      Image::apply(image.flushed, write.offset, write.bytes);
    }
  }
  image.since.clear();
  return SQLITE_OK;
}

void FaultDisk::cut_power(const std::string& directory, std::uint32_t seed) const {
  std::mt19937 random(seed);
  const std::lock_guard lock(mutex_);
  for (const auto& [path, image] : images_) {
    std::string content = image->flushed;
    for (const Image::Write& write : image->since) {
      const auto fate = random() % 3;  // whole, not at all, or some of its sectors
      if (write.truncates) {
        content.resize(fate == 0 ? write.offset : content.size());
        continue;
      }
      for (std::size_t from = 0; from < write.bytes.size(); from += sector_bytes) {
        if (fate == 0 || (fate == 1 && random() % 2 == 0)) {
          Image::apply(content, write.offset + from, std::string_view(write.bytes).substr(from, sector_bytes));
        }
      }
    }
    std::ofstream(directory + "/" + image->name, std::ios::binary) << content;
  }
}

}  // namespace tuanyuan::test
