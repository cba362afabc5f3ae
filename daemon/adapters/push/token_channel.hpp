#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "adapters/push/access_token.hpp"
#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {

/// A gateway whose requests carry an access token (or, where `needs_token` says no, what stands in its place). A
/// message that meets a token which has run out is sent once more within the same attempt and its deadline, with a
/// new one; each knows which one it carried, so that a late refusal of an old one does not cost the new. Loop
/// thread.
class TokenChannel : public RestChannel {
 protected:
  TokenChannel(const RestTools& tools, RestSettings settings);

  /// Changes when a reload brings another secret: the old one's token is of no use then.
  virtual std::string account_mark() = 0;
  virtual core::Result<HttpRequest> token_request() = 0;
  /// In an answer of 200; without a token where it holds none.
  virtual AccessTokens::Asked token_in(std::string_view body) const = 0;
  virtual bool is_token_refused(const HttpResult& result) const = 0;
  /// Puts the token into a message.
  virtual void authorize(const std::string& token, HttpRequest& request) const = 0;
  virtual bool needs_token() const { return true; }
  /// Asks for one by `token_request`.
  virtual boost::asio::awaitable<AccessTokens::Asked> ask_for_token(ports::Clock::Steady deadline);

  boost::asio::awaitable<ports::SendResult> make_ready(std::string message, ports::Clock::Steady deadline) final;
  boost::asio::awaitable<HttpResult> carry(HttpRequest request) final;

 private:
  bool has_refused(const HttpResult& result) const;

  ports::Log& log_;
  AccessTokens tokens_;
};

}  // namespace tuanyuan::push
