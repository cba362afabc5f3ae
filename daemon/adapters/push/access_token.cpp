#include "adapters/push/access_token.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "adapters/push/answer_code.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::chrono::seconds lasts_min{60};
constexpr std::chrono::seconds lasts_default{3'600};
constexpr std::chrono::seconds lasts_max{24 * 3'600};

}  // namespace

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
  is_refused_ = asked.is_refused;
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

boost::asio::awaitable<bool> AccessTokens::ready(std::string account, ports::Clock::Steady deadline) {
  if (account != account_) {
    account_ = account;
    token_.clear();
    is_refused_ = false;
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
  auto asking = ask_(deadline);
  const Asked asked = co_await std::move(asking);
  if (account == account_) {
    keep(asked);
  }
  co_return is_good();
}

std::string token_at(std::string_view body, std::initializer_list<std::string_view> path) {
  const std::vector<std::string> tokens = texts_in(body, path);
  const bool is_one = tokens.size() == 1 && std::all_of(tokens[0].begin(), tokens[0].end(),
                                                        [](char c) { return c > ' ' && c < '\x7F'; });
  return is_one ? tokens[0] : std::string();
}

AccessTokens::Asked granted(std::string_view body) {
  AccessTokens::Asked asked;
  asked.token = token_at(body, {"access_token"});
  const std::chrono::seconds lasts(number_in(body, {"expires_in"}).value_or(lasts_default.count()));
  asked.lasts = std::clamp(lasts, lasts_min, lasts_max);
  return asked;
}

}  // namespace tuanyuan::push
