#include "adapters/push/http_connection.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <numeric>
#include <string_view>
#include <utility>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

namespace asio = boost::asio;

/// A wait that was cancelled must not look like an answer of the other side's.
void throw_if_aborted(boost::system::error_code error) {
  if (error == asio::error::operation_aborted) {
    throw boost::system::system_error(error);
  }
}

std::size_t size_of(const Wire::Parts& parts) {
  return std::accumulate(parts.begin(), parts.end(), std::size_t{0},
                         [](std::size_t sum, std::string_view part) { return sum + part.size(); });
}

void remove_prefix(Wire::Parts& parts, std::size_t size) {
  for (std::string_view& part : parts) {
    const std::size_t taken = std::min(size, part.size());
    part.remove_prefix(taken);
    size -= taken;
  }
}

}  // namespace

asio::awaitable<bool> HttpConnection::write(Wire::Parts rest) {
  while (size_of(rest) != 0) {
    const bool had_sent = has_sent_;
    has_sent_ = true;  // until the contrary is known: a cancelled write says nothing of what went out
    const Wire::Moved moved = co_await wire_->write_some(rest);
    throw_if_aborted(moved.error);
    if (moved.error) {
      has_sent_ = had_sent || moved.size > 0;  // of a TLS record that is not whole, nothing can be read
      co_return false;
    }
    remove_prefix(rest, moved.size);
  }
  co_return true;
}

asio::awaitable<AnswerReader::State> HttpConnection::read(AnswerReader& reader) {
  auto state = AnswerReader::State::reading;
  std::string received(read_bytes_max, '\0');  // not the connection's: most of them are idle
  while (state == AnswerReader::State::reading) {
    const Wire::Moved moved = co_await wire_->read_some(received);
    throw_if_aborted(moved.error);
    state = reader.put(std::string_view(received).substr(0, moved.size));
    if (moved.error) {
      // A TLS connection that ends without saying so may have been cut by anybody.
      state = reader.end(moved.error == asio::error::eof);
    }
  }
  co_return state;
}

asio::awaitable<HttpConnection::Exchange> HttpConnection::exchange(std::shared_ptr<HttpConnection> self,
                                                                   std::string head,
                                                                   std::shared_ptr<const HttpRequest> request,
                                                                   AnswerReader::Limits limits) {
  Exchange exchange;
  self->has_sent_ = false;
  self->is_reusable_ = false;
  const auto [shared, own] = body_of(*request);
  const bool written = co_await self->write({head, shared, own});
  if (!self->has_sent_) {
    co_return exchange;
  }
  // A server that refuses may answer, and close, before it has read everything.
  AnswerReader reader(limits);
  exchange.state = co_await self->read(reader);
  if (exchange.state == AnswerReader::State::whole) {
    self->is_reusable_ = written && reader.keeps_alive();
    exchange.answer = reader.take();
  }
  co_return exchange;
}

}  // namespace tuanyuan::push
