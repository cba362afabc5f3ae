#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "ports/clock.hpp"
#include "runtime/turns.hpp"

namespace tuanyuan::push {

/// One access token that runs out (RFC 6749, section 5.1), for all requests of one gateway. It is had anew some
/// time before its end, or once the gateway has refused it; one asks, and whoever cannot do without waits for that
/// one, while a token that is still good goes on being used. After a failure nobody asks again at once, and never
/// oftener than `ask_interval`, whatever the gateway refuses. Loop thread.
class AccessTokens {
 public:
  struct Asked {
    std::string token;              ///< empty: there is none to be had
    std::chrono::seconds lasts{0};  ///< from now on
    core::Duration wait{0};         ///< without a token: what the gateway asks for
    bool is_refused = false;        ///< likewise: it answered, and will not give us one
  };
  /// Answers by the deadline.
  using Ask = std::function<boost::asio::awaitable<Asked>(ports::Clock::Steady deadline)>;

  static constexpr std::chrono::seconds ask_interval{1};
  static constexpr std::chrono::seconds failure_pause{5};
  /// So long before its end it is had anew: a tenth of its time, and no more than this.
  static constexpr std::chrono::minutes early_max{5};

  AccessTokens(ports::Clock& clock, Ask ask) : clock_(clock), ask_(std::move(ask)) {}

  /// Whether there is a token now. `account`: what it is had by; a token of another one is forgotten. By the
  /// deadline, or by that of who asks already.
  boost::asio::awaitable<bool> ready(std::string account, ports::Clock::Steady deadline);
  const std::string& current() const { return token_; }
  /// The gateway has refused this one. Where another has taken its place already, nothing.
  void refuse(const std::string& token);
  /// Whether none was given when one was last asked for, and time alone will not change that: the account's secret
  /// is wrong, or it has lost its rights.
  bool is_refused() const { return is_refused_; }
  /// How long nobody asks.
  core::Duration until_asked() const;

 private:
  bool is_good() const;
  bool is_fresh() const;
  void keep(const Asked& asked);

  ports::Clock& clock_;
  Ask ask_;
  runtime::Turns turns_;
  std::weak_ptr<int> asking_;  ///< held by whoever asks
  std::string account_;
  std::string token_;
  bool is_refused_ = false;
  ports::Clock::Steady fresh_until_{};
  ports::Clock::Steady good_until_{};
  ports::Clock::Steady no_ask_before_{};
};

/// The one text there, by the names on the way to it; empty where there is none that may stand in a header field
/// or a form.
std::string token_at(std::string_view body, std::initializer_list<std::string_view> path);
/// What an authorization server grants (RFC 6749, section 5.1). One that does not say for how long means an hour.
AccessTokens::Asked granted(std::string_view body);

}  // namespace tuanyuan::push
