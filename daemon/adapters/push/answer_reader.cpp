#include "adapters/push/answer_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

namespace http = boost::beast::http;

constexpr int switching_protocols = 101;
constexpr int final_status_min = 200;
/// "0\r\n\r\n", by which every chunked body ends.
constexpr std::size_t last_chunk_bytes_min = 5;

}  // namespace

AnswerReader::AnswerReader(Limits limits) : limits_(limits) {
  start_over();
}

void AnswerReader::start_over() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(limits_.head_bytes_max));
  parser_->body_limit(limits_.body_bytes_max);
}

AnswerReader::State AnswerReader::put(std::string_view bytes) {
  unread_ += bytes;
  while (state_ == State::reading && !unread_.empty() && !awaits_last_chunk()) {
    const std::size_t before = unread_.size();
    state_ = advance();
    if (state_ == State::reading && unread_.size() == before) {
      // The parser needs more at once than there is: a head, a chunk's line, a trailer. None may be endless.
      state_ = unread_.size() > limits_.head_bytes_max ? State::bad : State::reading;
      break;
    }
  }
  return state_;
}

/// Boost 1.81 asserts that a last chunk comes at once, or at least five bytes of it (boostorg/beast#2861): a peer
/// that sends it byte by byte would end the process.
bool AnswerReader::awaits_last_chunk() const {
  return parser_->is_header_done() && parser_->chunked() && unread_.size() < last_chunk_bytes_min;
}

AnswerReader::State AnswerReader::advance() {
  boost::system::error_code error;
  const std::size_t used = parser_->put(boost::asio::buffer(unread_), error);
  unread_.erase(0, used);
  if (error == http::error::body_limit) {
    cut_ = true;
    return parser_->get().result_int() >= final_status_min ? State::whole : State::bad;
  }
  if (error && error != http::error::need_more) {
    return State::bad;
  }
  if (!parser_->is_done()) {
    return State::reading;
  }
  if (parser_->get().result_int() >= final_status_min) {
    return State::whole;
  }
  return pass_over_interim() ? State::reading : State::bad;
}

bool AnswerReader::pass_over_interim() {
  if (parser_->get().result_int() == switching_protocols || ++interim_ > interim_answers_max) {
    return false;
  }
  start_over();
  return true;
}

AnswerReader::State AnswerReader::end(bool orderly) {
  if (state_ != State::reading) {
    return state_;
  }
  state_ = State::cut_short;
  has_ended_ = true;
  if (orderly && parser_->got_some()) {
    boost::system::error_code error;
    parser_->put_eof(error);
    if (!error && parser_->is_done() && parser_->get().result_int() >= final_status_min) {
      state_ = State::whole;
    }
  }
  return state_;
}

HttpAnswer AnswerReader::take() {
  auto& message = parser_->get();
  HttpAnswer answer;
  answer.status = static_cast<int>(message.result_int());
  answer.retry_after = std::string(message[http::field::retry_after]);
  answer.body = std::move(message.body());
  answer.body_cut = cut_;
  return answer;
}

bool AnswerReader::keeps_alive() const {
  return state_ == State::whole && !cut_ && !has_ended_ && unread_.empty() && parser_->get().keep_alive();
}

}  // namespace tuanyuan::push
