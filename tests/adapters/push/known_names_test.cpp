#include "adapters/push/known_names.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <map>
#include <memory>
#include <optional>

#include "runtime/event.hpp"
#include "runtime/loop.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Addresses = std::vector<boost::asio::ip::address>;

/// Knows what it is told, after a time of the name's own.
class SlowNames final : public Resolver {
 public:
  explicit SlowNames(ports::Clock& clock) : clock_(clock) {}

  boost::asio::awaitable<Addresses> resolve(std::string host) override {
    asked.push_back(host);
    const auto until = clock_.steady_now() + takes[host];
    co_await clock_.sleep_until(until);
    co_return known[host];
  }

  std::map<std::string, Addresses> known;
  std::map<std::string, std::chrono::milliseconds> takes;
  std::vector<std::string> asked;

 private:
  ports::Clock& clock_;
};

class KnownNamesTest : public testing::Test {
 protected:
  KnownNamesTest() { slow_.known["good.test"] = {make_address("192.0.2.1")}; }

  struct Asked {
    std::optional<Addresses> found;
  };
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<Addresses> asking,
                                           std::shared_ptr<Asked> asked) {
    Addresses found = co_await std::move(asking);
    asked->found = std::move(found);
  }
  std::shared_ptr<Asked> ask(const std::string& host) {
    auto asked = std::make_shared<Asked>();
    loop_.start(keep(names_.resolve(host), asked));
    loop_.clock.settle();
    return asked;
  }
  Addresses now(const std::string& host) {
    const auto asked = ask(host);
    EXPECT_TRUE(asked->found) << host;
    return asked->found.value_or(Addresses());
  }

  test::Loop loop_;
  SlowNames slow_{loop_.clock};
  NameLimits limits_;
  KnownNames names_{loop_.context.get_executor(), loop_.clock, slow_, limits_};
};

TEST_F(KnownNamesTest, ManyAskAtOnceThenOneLookUpIsForAllAndGoodForAWhile) {
  slow_.takes["good.test"] = 2s;
  const auto first = ask("good.test");
  const auto second = ask("good.test");
  EXPECT_FALSE(first->found);
  loop_.clock.run_for(2s);
  EXPECT_THAT(*first->found, ElementsAre(make_address("192.0.2.1")));
  EXPECT_EQ(first->found, second->found);
  EXPECT_THAT(now("good.test"), SizeIs(1));
  EXPECT_THAT(slow_.asked, SizeIs(1));
  loop_.clock.run_for(limits_.fresh_ms);
  slow_.takes.clear();
  slow_.known["good.test"] = {make_address("192.0.2.2")};
  EXPECT_THAT(now("good.test"), ElementsAre(make_address("192.0.2.2")));
}

TEST_F(KnownNamesTest, LookUpsHangOrFailThenTheLastGoodAddressesDoForABoundedTime) {
  now("good.test");
  loop_.clock.run_for(limits_.fresh_ms);
  slow_.takes["good.test"] = 20s;
  slow_.known.clear();
  const auto hanging = ask("good.test");
  EXPECT_FALSE(hanging->found);
  loop_.clock.run_for(limits_.patience_ms);
  EXPECT_THAT(*hanging->found, SizeIs(1));
  loop_.clock.run_for(20s);
  EXPECT_THAT(now("good.test"), SizeIs(1)) << "it was not found just now";
  loop_.clock.run_for(limits_.usable_ms);
  const auto late = ask("good.test");
  loop_.clock.run_for(20s);
  EXPECT_THAT(*late->found, IsEmpty());
}

TEST_F(KnownNamesTest, NotFoundThenItIsNotLookedUpAgainAtOnce) {
  EXPECT_THAT(now("none.test"), IsEmpty());
  EXPECT_THAT(now("none.test"), IsEmpty());
  EXPECT_THAT(slow_.asked, SizeIs(1));
  loop_.clock.run_for(limits_.failed_ms_min);
  EXPECT_THAT(now("none.test"), IsEmpty());
  EXPECT_THAT(slow_.asked, SizeIs(2));
  loop_.clock.run_for(limits_.failed_ms_min);
  EXPECT_THAT(now("none.test"), IsEmpty());
  EXPECT_THAT(slow_.asked, SizeIs(2)) << "the pause has doubled";
  loop_.clock.run_for(limits_.failed_ms_max);
  slow_.known["none.test"] = {make_address("192.0.2.9")};
  EXPECT_THAT(now("none.test"), SizeIs(1));
}

TEST_F(KnownNamesTest, ManyDeadZonesThenThoseThatWereFoundAndThoseThatAreNewAreLookedUpAllTheSame) {
  now("good.test");
  for (int zone = 0; zone < 20; ++zone) {
    slow_.takes["dead" + std::to_string(zone) + ".test"] = 20s;
    ask("dead" + std::to_string(zone) + ".test");
  }
  EXPECT_THAT(slow_.asked, SizeIs(1 + limits_.newcomers_max));
  loop_.clock.run_for(limits_.fresh_ms);
  slow_.known["good.test"] = {make_address("192.0.2.2")};
  EXPECT_THAT(now("good.test"), ElementsAre(make_address("192.0.2.2")));
  loop_.clock.run_for(120s);
  for (int zone = 0; zone < 20; ++zone) {
    ask("dead" + std::to_string(zone) + ".test");
  }
  slow_.known["new.test"] = {make_address("192.0.2.3")};
  EXPECT_THAT(now("new.test"), SizeIs(1)) << "the dead ones have a share of their own by now";
}

TEST_F(KnownNamesTest, WhoAskedGoesAwayThenTheOthersAreAnsweredAllTheSame) {
  slow_.takes["good.test"] = 2s;
  boost::asio::cancellation_signal gone;
  auto left = std::make_shared<Asked>();
  boost::asio::co_spawn(loop_.context, keep(names_.resolve("good.test"), left),
                        boost::asio::bind_cancellation_slot(gone.slot(), [](std::exception_ptr) {}));
  loop_.clock.settle();
  const auto other = ask("good.test");
  gone.emit(boost::asio::cancellation_type::terminal);
  loop_.clock.run_for(2s);
  EXPECT_FALSE(left->found);
  EXPECT_THAT(*other->found, SizeIs(1));
  EXPECT_THAT(slow_.asked, SizeIs(1));
}

}  // namespace
}  // namespace tuanyuan::push
