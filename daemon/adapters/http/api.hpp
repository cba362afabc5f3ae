#pragma once

#include <memory>
#include <string>

#include "adapters/http/answer_memo.hpp"
#include "adapters/http/desks.hpp"
#include "adapters/http/event_source.hpp"
#include "adapters/http/exchange.hpp"
#include "adapters/http/limits.hpp"
#include "adapters/http/message.hpp"
#include "adapters/http/route.hpp"
#include "pages/site.hpp"
#include "runtime/turns.hpp"

namespace tuanyuan::http {

/// The contract's calls (section 2): routes a request, admits its caller by role, lets the handler answer, and
/// counts and logs it. Beside them stands the officer's desk, below /desk/: files for everybody, which know nothing
/// that the calls do not tell. Knows nothing of connections. Loop thread.
class Api final : public Service {
 public:
  Api(const Desks& desks, const Limits& limits, pages::Site desk = {});

  std::size_t body_bytes_max(const Request& head) const override;
  boost::asio::awaitable<Response> handle(Request request) override;

  const Desks& desks() const { return desks_; }
  const Limits& limits() const { return limits_; }
  EventPlaces& event_places() { return event_places_; }
  const std::string& openapi() const { return openapi_; }

 private:
  boost::asio::awaitable<Response> answer(Request request);
  std::optional<Response> page(const Request& request) const;
  boost::asio::awaitable<Response> answer_once(Exchange exchange);
  std::optional<Problem> not_admitted(const Request& request, const Routed& routed) const;
  void record(const Request& head, const Response& response, ports::Clock::Steady started);

  Desks desks_;
  Limits limits_;
  pages::Site desk_;
  AnswerMemo memo_;
  runtime::Turns turns_;
  EventPlaces event_places_;
  std::string openapi_;
};

}  // namespace tuanyuan::http
