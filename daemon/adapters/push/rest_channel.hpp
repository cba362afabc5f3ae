#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/push/answer_code.hpp"
#include "adapters/push/answer_links.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/words.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

namespace tuanyuan::push {

struct RestSettings {
  std::chrono::milliseconds deadline_ms{15'000};  ///< of one attempt, whatever it has to ask for
  std::size_t in_flight_max = 16;
  std::string base;  ///< where the gateway stands, a URL with or without a path, without a slash at its end
};

/// What a channel is given; outlives it.
struct RestTools {
  Http& http;
  ports::Clock& clock;
  ports::Log& log;
};

/// What gateways have in common that take one request for one recipient and say in the answer's body what became
/// of it: each has its own `compose` and `judge`, both without I/O. Rejected here are dispatches that have
/// expired, are to nobody in particular, or cannot be composed. The log holds the recipient's id and the vendor's
/// code of what did not arrive, never address, secret, text, request or answer. Loop thread.
class RestChannel : public ports::Channel {
 public:
  std::size_t in_flight_max() const override { return settings_.in_flight_max; }
  bool is_up() const override { return true; }
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

 protected:
  RestChannel(const RestTools& tools, RestSettings settings);

  /// Before a message that will be sent: what the gateway wants to have first. Anything but accepted is what
  /// becomes of the message. `deadline`: of the whole attempt.
  virtual boost::asio::awaitable<ports::SendResult> make_ready(std::string message, ports::Clock::Steady deadline);
  /// `notice`: what the dispatch holds. Deadline and identity are filled in afterwards.
  virtual core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) = 0;
  virtual Verdict judge(const HttpResult& result) = 0;
  /// Asks; a gateway whose requests carry what can run out adds that here, and may ask once more: the request is
  /// not made where it is not due any more. The dispatch is the caller's, and stays as long.
  virtual boost::asio::awaitable<HttpResult> carry(HttpRequest request, const ports::Dispatch& dispatch);

  /// Another request of this channel's own, beside the one that delivers (a token, a batch of ids). It has half of
  /// what is left until the attempt's deadline: the message still has to go out.
  boost::asio::awaitable<HttpResult> ask(HttpRequest request, ports::Clock::Steady deadline);
  /// By which its recipient answers. The dispatch is to one.
  Link link_of(const ports::Dispatch& dispatch, const core::Notice& notice) const;
  const RestSettings& settings() const { return settings_; }
  core::Instant now() const { return tools_.clock.wall_now(); }
  ports::Clock::Steady steady_now() const { return tools_.clock.steady_now(); }

 private:
  core::Result<core::Notice> admit(const ports::Dispatch& dispatch) const;
  core::Result<HttpRequest> prepare(const ports::Dispatch& dispatch, const core::Notice& notice,
                                    ports::Clock::Steady deadline);
  ports::SendResult refuse(const ports::Dispatch& dispatch);
  void note(const ports::Dispatch& dispatch, const Verdict& verdict);

  RestTools tools_;
  RestSettings settings_;
};

/// A POST of JSON.
core::Result<HttpRequest> json_post(std::string_view url, std::string body);
/// What an app is told beside the words, as an object of JSON. `link`: by which it answers; empty: it cannot (a
/// tag's phones cannot answer for all).
std::string app_extras(const ports::Dispatch& dispatch, const core::Notice& notice, std::string_view link);
/// One number for all that is said of an alert, by which the later takes the earlier's place: 31 bits of the
/// alert's id, and never 0, which vendors take for none.
std::uint32_t place_of(const core::AlertId& alert);
/// Appends `"name":"text"`, with a comma before it unless it is the first of an object.
void append_member(std::string_view name, std::string_view text, std::string& json);

}  // namespace tuanyuan::push
