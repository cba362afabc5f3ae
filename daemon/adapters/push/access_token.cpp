#include "adapters/push/access_token.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::push {

bool AccessTokens::is_good() const {
  return !token_.empty() && clock_.steady_now() < good_until_;
}

bool AccessTokens::is_fresh() const {
  return is_good() && clock_.steady_now() < fresh_until_;
}

core::Duration AccessTokens::until_asked() const {
  const auto left = std::chrono::duration_cast<core::Duration>(no_ask_before_ - clock_.steady_now());
  return std::max<core::Duration>(left, core::Duration(0));
}

void AccessTokens::refuse(const std::string& token) {
  if (token == token_) {
    token_.clear();
  }
}

void AccessTokens::keep(const Asked& asked) {
  const ports::Clock::Steady now = clock_.steady_now();
  if (asked.token.empty()) {
    no_ask_before_ = now + std::max<core::Duration>(failure_pause, asked.wait);
    return;
  }
  const std::chrono::seconds early = std::min<std::chrono::seconds>(asked.lasts / 10, early_max);
  token_ = asked.token;
  good_until_ = now + asked.lasts;
  fresh_until_ = good_until_ - early;
  no_ask_before_ = now + ask_interval;
}

boost::asio::awaitable<bool> AccessTokens::ready(std::string account) {
  if (account != account_) {
    account_ = account;
    token_.clear();
    no_ask_before_ = {};
  }
  if (is_fresh() || (is_good() && !asking_.expired())) {
    co_return true;
  }
  const runtime::Turns::Turn turn = co_await turns_.take("token");
  if (is_fresh() || clock_.steady_now() < no_ask_before_) {
    co_return is_good();
  }
  const auto mark = std::make_shared<int>();
  asking_ = mark;
  auto asking = ask_();
  const Asked asked = co_await std::move(asking);
  if (account == account_) {
    keep(asked);
  }
  co_return is_good();
}

}  // namespace tuanyuan::push
