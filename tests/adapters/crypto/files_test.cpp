#include "adapters/crypto/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/crypto/temporary_folder.hpp"

namespace tuanyuan::crypto {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

TEST(Files, WrittenThenReadAndOnlyWhoMayReadsIt) {
  tests::TemporaryFolder folder;
  write_file(folder / "key.pem", "secret", Access::owner, Sync::yes);
  write_file(folder / "certificate.pem", "public", Access::everybody, Sync::no);
  EXPECT_EQ(read_file(folder / "key.pem"), "secret");
  EXPECT_EQ(mode_of(folder / "key.pem"), 0600U);
  EXPECT_EQ(read_file(folder / "certificate.pem"), "public");
  EXPECT_EQ(mode_of(folder / "certificate.pem"), 0644U);
}

TEST(Files, WrittenOverAnOpenFileThenReplacedWholeAndClosed) {
  tests::TemporaryFolder folder;
  std::ofstream(folder / "key.pem") << "a longer text that was there before";
  ::chmod((folder / "key.pem").c_str(), 0644);
  write_file(folder / "key.pem", "", Access::owner, Sync::yes);
  EXPECT_EQ(read_file(folder / "key.pem"), "");
  EXPECT_EQ(mode_of(folder / "key.pem"), 0600U);
}

TEST(Files, CannotBeWrittenThenThrowsAndLeavesNothing) {
  tests::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  std::ofstream(folder / "taken" / "inside") << "x";
  EXPECT_THROW(write_file(folder / "taken", "x", Access::owner, Sync::no), std::runtime_error);
  EXPECT_THROW(write_file(folder / "absent" / "key", "x", Access::owner, Sync::no), std::runtime_error);
  const auto left =
      std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator());
  EXPECT_EQ(left, 1);
}

TEST(Files, AbsentOrTooLargeThenThrowsWithItsPath) {
  tests::TemporaryFolder folder;
  EXPECT_THROW(read_file(folder / "absent"), std::runtime_error);
  std::ofstream(folder / "large") << std::string(key_file_bytes_max + 1, 'x');
  EXPECT_THROW(read_file(folder / "large"), std::runtime_error);
  try {
    read_file(folder / "absent");
  } catch (const std::runtime_error& failed) {
    EXPECT_NE(std::string(failed.what()).find("absent"), std::string::npos);
  }
}

}  // namespace
}  // namespace tuanyuan::crypto
