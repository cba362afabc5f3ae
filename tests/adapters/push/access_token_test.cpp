#include "adapters/push/access_token.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "runtime/loop.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;

class Tokens : public testing::Test {
 protected:
  boost::asio::awaitable<AccessTokens::Asked> answer() {
    ++asked_;
    const AccessTokens::Asked now = next_;
    if (slow_ > 0s) {
      co_await loop_.clock.sleep_until(loop_.clock.steady_now() + slow_);
    }
    co_return now;
  }
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<bool> asking, std::optional<bool>& result) {
    result = co_await std::move(asking);
  }
  std::optional<bool> ready(std::string account = "a") {
    std::optional<bool>& result = results_.emplace_back();
    loop_.start(keep(tokens_.ready(std::move(account), loop_.clock.steady_now() + 15s), result));
    loop_.clock.settle();
    return result;
  }
  static AccessTokens::Asked token(std::string text) {
    AccessTokens::Asked asked;
    asked.token = std::move(text);
    asked.lasts = 3'600s;
    return asked;
  }

  test::Loop loop_;
  int asked_ = 0;
  std::chrono::seconds slow_{0};
  AccessTokens::Asked next_ = token("t1");
  std::deque<std::optional<bool>> results_;
  AccessTokens tokens_{loop_.clock, [this](ports::Clock::Steady) { return answer(); }};
};

TEST_F(Tokens, ManyWantOneThenOneAsksAndAllHaveIt) {
  slow_ = 2s;
  for (int each = 0; each < 20; ++each) {
    EXPECT_FALSE(ready());
  }
  loop_.clock.run_for(2s);
  loop_.clock.settle();
  for (const auto& each : results_) {
    EXPECT_EQ(each, true);
  }
  EXPECT_EQ(asked_, 1);
}

TEST_F(Tokens, BeforeItsEndThenHadAnewWhileTheOldOneGoesOn) {
  ready();
  loop_.clock.run_for(3'299s);
  EXPECT_EQ(ready(), true);
  EXPECT_EQ(asked_, 1);
  next_ = token("t2");
  slow_ = 2s;
  loop_.clock.run_for(2s);
  EXPECT_FALSE(ready()) << "this one asks";
  EXPECT_EQ(ready(), true) << "the others do not wait";
  EXPECT_EQ(tokens_.current(), "t1");
  loop_.clock.run_for(2s);
  loop_.clock.settle();
  EXPECT_EQ(tokens_.current(), "t2");
  EXPECT_EQ(asked_, 2);
}

TEST_F(Tokens, NoNewOneToBeHadThenTheOldOneUntilItsEnd) {
  ready();
  next_ = {};
  loop_.clock.run_for(3'400s);
  EXPECT_EQ(ready(), true);
  EXPECT_EQ(asked_, 2);
  loop_.clock.run_for(201s);
  EXPECT_EQ(ready(), false);
}

TEST_F(Tokens, AnOldOneRefusedLateThenTheNewOneStays) {
  ready();
  tokens_.refuse("t1");
  EXPECT_EQ(ready(), false) << "not oftener than once in the interval";
  loop_.clock.run_for(AccessTokens::ask_interval);
  next_ = token("t2");
  EXPECT_EQ(ready(), true);
  tokens_.refuse("t1");
  EXPECT_EQ(ready(), true);
  EXPECT_EQ(tokens_.current(), "t2");
  EXPECT_EQ(asked_, 2);
}

TEST_F(Tokens, RefusedOrAskedToWaitThenNobodyAsksBefore) {
  next_ = {};
  next_.wait = 60s;
  EXPECT_EQ(ready(), false);
  EXPECT_EQ(tokens_.until_asked(), 60s);
  loop_.clock.run_for(59s);
  EXPECT_EQ(ready(), false);
  EXPECT_EQ(asked_, 1);
  next_ = token("t1");
  loop_.clock.run_for(1s);
  EXPECT_EQ(ready(), true);
}

}  // namespace
}  // namespace tuanyuan::push
