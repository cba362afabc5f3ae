#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tools/ctl/fake_daemon.hpp"

namespace tuanyuan::ctl {
namespace {

using testing::HasSubstr;

class PosterCommand : public testing::Test {
 protected:
  ~PosterCommand() override { std::filesystem::remove(file_); }

  int run(std::vector<std::string> options) {
    std::vector<std::string> line{"alert", "poster", "a1", "--out", file_};
    line.insert(line.end(), options.begin(), options.end());
    return daemon_.run(std::move(line));
  }

  std::string written() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  FakeDaemon daemon_;
  std::string file_ = std::filesystem::temp_directory_path() /
                      ("ctl-poster-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
                       ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(PosterCommand, FormatThenAskedForAndKeptInTheFile) {
  HttpResponse pdf = FakeDaemon::answer(200, "%PDF");
  pdf.content_type = "application/pdf";
  daemon_.on("GET /alerts/a1/poster?format=led-pdf&audience=PARTNER&language=en&seconds=15", pdf);
  EXPECT_EQ(run({"--format", "led-pdf", "--audience", "PARTNER", "--notice-language", "en", "--seconds", "15"}), 0)
      << daemon_.err.str();
  EXPECT_EQ(written(), "%PDF");
  EXPECT_EQ(std::filesystem::status(file_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(daemon_.out.str(), HasSubstr("application/pdf, 4 bytes"));
}

TEST_F(PosterCommand, FormatThatThereIsNotThenWrongUsage) {
  EXPECT_EQ(run({"--format", "doc"}), 2);
  EXPECT_EQ(run({}), 2);
  EXPECT_TRUE(daemon_.requests.empty());
}

TEST_F(PosterCommand, RefusedThenNoFile) {
  daemon_.on("GET /alerts/a1/poster?format=html", 404, R"({"title":"nothing"})");
  EXPECT_EQ(run({"--format", "html"}), 1);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace tuanyuan::ctl
