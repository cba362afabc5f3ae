#include "adapters/mqtt/acl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/mqtt/acl_file.hpp"
#include "adapters/mqtt/fakes.hpp"
#include "adapters/mqtt/limits.hpp"
#include "runtime/task_group.hpp"
#include "runtime/virtual_clock.hpp"

namespace tuanyuan::mqtt {
namespace {

using namespace std::chrono_literals;

core::Recipient recipient(const std::string& id, core::Audience audience = core::Audience::partner) {
  core::Recipient one;
  one.id = core::RecipientId(id);
  one.audience = audience;
  one.division = test::shenyang;
  return one;
}

std::string rules_of(const core::Recipient& one) {
  std::string out;
  append_acl_rules(one, Topics("tuanyuan/v1"), out);
  return out;
}

TEST(Acl, RecipientThenReadsItsOwnAudienceAndDivisionOnly) {
  EXPECT_EQ(rules_of(recipient("station-1")),
            "user station-1\n"
            "topic read tuanyuan/v1/keys\n"
            "topic read tuanyuan/v1/json/keys\n"
            "topic read tuanyuan/v1/notices/partner/210102/+\n"
            "topic read tuanyuan/v1/json/notices/partner/210102/+\n"
            "topic read tuanyuan/v1/photos/partner/210102/+\n"
            "topic read tuanyuan/v1/json/photos/partner/210102/+\n");
  EXPECT_THAT(rules_of(recipient("p-1", core::Audience::police)), testing::HasSubstr("notices/police/210102/+"));
}

TEST(Acl, IdThatWouldWriteRulesOfItsOwnThenLeftOut) {
  for (const char* id : {"", "a b", "a\ntopic readwrite #", "a/b", "+", "#"}) {
    EXPECT_EQ(rules_of(recipient(id)), "") << id;
  }
  EXPECT_THROW(acl_rules_for_all(Topics("tuanyuan/v1"), "daemon\ntopic #"), std::invalid_argument);
}

TEST(Acl, RulesForAllThenByTheNameInTheCertificate) {
  EXPECT_EQ(acl_rules_for_all(Topics("t"), "tuanyuand.service"),
            "pattern read t/direct/%u/#\n"
            "pattern read t/json/direct/%u/#\n"
            "pattern read t/receipts/%u/#\n"
            "pattern read t/json/receipts/%u/#\n"
            "pattern write t/acknowledgements/%u\n"
            "pattern write t/json/acknowledgements/%u\n"
            "pattern write t/sightings/%u\n"
            "pattern write t/json/sightings/%u\n"
            "pattern write t/presence/%u\n"
            "pattern write t/json/presence/%u\n"
            "user tuanyuand.service\n"
            "topic readwrite t/#\n"
            "topic read $SYS/#\n");
}

struct AclFileTest : testing::Test {
  std::filesystem::path folder;
  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context};
  test::SilentLog log;
  std::vector<core::Recipient> recipients = {recipient("a")};
  bool readable = true;
  int reads = 0;
  AclSettings settings;
  std::unique_ptr<AclFile> file;
  std::unique_ptr<runtime::TaskGroup> tasks = std::make_unique<runtime::TaskGroup>(context.get_executor());

  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "tuanyuan-acl-XXXXXX";
    folder = mkdtemp(pattern.data());
    settings.file = folder / "acl";
    settings.daemon_user = "tuanyuand";
    file = std::make_unique<AclFile>(context.get_executor(), clock, log, settings,
                                     [this](AclFile::Visitor visit) { return read(std::move(visit)); });
  }
  void TearDown() override {
    tasks->cancel_all();
    clock.settle();
    std::filesystem::remove_all(folder);
  }
  boost::asio::awaitable<bool> read(AclFile::Visitor visit) {
    ++reads;
    if (readable) {
      for (const core::Recipient& one : recipients) {
        visit(one);
      }
    }
    co_return readable;
  }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(settings.file).rdbuf();
    return text.str();
  }
};

TEST_F(AclFileTest, StartedThenWrittenForOwnerAndGroupOnly) {
  tasks->spawn(file->keep());
  clock.settle();
  EXPECT_THAT(content(), testing::HasSubstr("user a\n"));
  struct stat info {};
  ASSERT_EQ(::stat(settings.file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0007U, 0U);
}

TEST_F(AclFileTest, ManyChangesThenOneWriteAfterTheDelay) {
  tasks->spawn(file->keep());
  clock.settle();
  for (const char* id : {"b", "c", "d"}) {
    recipients.push_back(recipient(id));
    file->changed();
    clock.run_for(acl_delay / 10);
  }
  EXPECT_EQ(reads, 1);
  clock.run_for(acl_delay);
  EXPECT_EQ(reads, 2);
  EXPECT_THAT(content(), testing::HasSubstr("user d\n"));
}

TEST_F(AclFileTest, DirectoryUnreadableThenTheOldFileStandsAndItIsTriedAgain) {
  tasks->spawn(file->keep());
  clock.settle();
  const std::string before = content();
  readable = false;
  file->changed();
  clock.run_for(acl_delay);
  EXPECT_EQ(content(), before);
  readable = true;
  recipients.push_back(recipient("b"));
  clock.run_for(back_off_max);
  EXPECT_THAT(content(), testing::HasSubstr("user b\n"));
}

TEST(ProcessOf, PidFileThatNamesAStrangerThenNobody) {
  std::string pattern = std::filesystem::temp_directory_path() / "tuanyuan-pid-XXXXXX";
  const int fd = mkstemp(pattern.data());
  ASSERT_GE(fd, 0);
  ::close(fd);
  std::string own_name;
  std::getline(std::ifstream("/proc/self/comm"), own_name);
  std::ofstream(pattern) << ::getpid();
  EXPECT_EQ(process_of(pattern, own_name), ::getpid());
  EXPECT_EQ(process_of(pattern, "mosquitto"), 0);
  std::ofstream(pattern) << "1";
  EXPECT_EQ(process_of(pattern, "systemd"), 0);
  std::ofstream(pattern) << "rubbish";
  EXPECT_EQ(process_of(pattern, own_name), 0);
  std::filesystem::remove(pattern);
  EXPECT_EQ(process_of(pattern, own_name), 0);
}

}  // namespace
}  // namespace tuanyuan::mqtt
