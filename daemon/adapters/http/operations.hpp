#pragma once

#include "adapters/http/desks.hpp"
#include "adapters/http/message.hpp"

namespace tuanyuan::http {

/// What operations ask over their own plain listener: /healthz, /readyz, /metrics (contract, section 2), and
/// nothing else. Loop thread.
class Operations final : public Service {
 public:
  explicit Operations(const Desks& desks) : desks_(desks) {}

  std::size_t body_bytes_max(const Request& head) const override;
  boost::asio::awaitable<Response> handle(Request request) override;

 private:
  boost::asio::awaitable<Response> answer(std::string path);

  Desks desks_;
};

}  // namespace tuanyuan::http
