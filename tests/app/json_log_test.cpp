#include "app/json_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "runtime/system_clock.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::app {
namespace {

namespace fs = std::filesystem;

class JsonLogTest : public testing::Test {
 protected:
  JsonLogTest() {
    fs::create_directory(folder_);
    config_.file = (folder_ / "log").string();
  }
  ~JsonLogTest() override { fs::remove_all(folder_); }

  static std::vector<std::string> lines_of(const fs::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
      lines.push_back(line);
    }
    return lines;
  }

  fs::path folder_ = fs::path(testing::TempDir()) / ("json_log_" + std::to_string(getpid()));
  LogConfig config_;
  runtime::SystemClock clock_;
};

TEST_F(JsonLogTest, RotatedThenTheRestInTheNewFile) {
  JsonLog log(config_, clock_);
  log.info("first", {{"alert", "a"}});
  fs::rename(config_.file, config_.file + ".1");
  log.reopen();
  log.warning("second");
  ASSERT_EQ(lines_of(config_.file + ".1").size(), 1U);
  ASSERT_EQ(lines_of(config_.file).size(), 1U);
  const boost::json::value line = boost::json::parse(lines_of(config_.file + ".1").front());
  EXPECT_EQ(line.at("event").as_string(), "first");
  EXPECT_EQ(line.at("alert").as_string(), "a");
}

TEST_F(JsonLogTest, FileThatCannotBeOpenedAgainThenTheOldOneGoesOn) {
  JsonLog log(config_, clock_);
  fs::rename(config_.file, config_.file + ".1");
  fs::create_directory(config_.file);
  EXPECT_NO_THROW(log.reopen());
  log.info("still.here");
  EXPECT_EQ(lines_of(config_.file + ".1").size(), 2U);  // and one that says why
}

TEST_F(JsonLogTest, LevelThenLesserLinesAreLeftOut) {
  config_.level = "warning";
  JsonLog log(config_, clock_);
  log.info("unheard");
  log.error("heard");
  EXPECT_EQ(lines_of(config_.file).size(), 1U);
}

TEST_F(JsonLogTest, ReopenedWhileOthersWriteThenNoLineIsLost) {
  JsonLog log(config_, clock_);
  std::thread writer([&log] {
    for (int i = 0; i < 500; ++i) {
      log.info("line");
    }
  });
  for (int i = 0; i < 20; ++i) {
    log.reopen();
  }
  writer.join();
  EXPECT_EQ(lines_of(config_.file).size(), 500U);
}

// A limit on the file's size refuses as a full disk does: what fits is written, the rest is not.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit full = before_;
    full.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(JsonLogTest, DiskFullThenLinesAreLostWholeAndCounted) {
  JsonLog log(config_, clock_);
  log.info("before");
  EXPECT_EQ(log.wrong(), "");
  {
    const FullDisk full(fs::file_size(config_.file) + 10);
    log.info("lost");
    log.reopen();
    log.info("lost.too");
    EXPECT_THAT(log.wrong(), testing::EndsWith(", 2 lines are lost"));
  }
  log.info("after");
  EXPECT_EQ(log.wrong(), "");
  std::vector<std::string> events;
  for (const std::string& line : lines_of(config_.file)) {
    events.emplace_back(boost::json::parse(line).at("event").as_string());
  }
  EXPECT_EQ(events, (std::vector<std::string>{"before", "after", "log.lines_lost"}));
  EXPECT_EQ(boost::json::parse(lines_of(config_.file).back()).at("count").as_string(), "2");
}

// A log has one JSON object a line, and stations may send anything.
TEST_F(JsonLogTest, HostileMessageThenTheProtobufLibraryHoldsItsTongue) {
  const JsonLog log(config_, clock_);
  testing::internal::CaptureStderr();
  v1::Notice notice;
  const bool parsed = notice.ParseFromString("\x0a\x01\xff");
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(parsed);
  EXPECT_EQ(said, "");
}

}  // namespace
}  // namespace tuanyuan::app
