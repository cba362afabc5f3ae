// What a webhook's receiver, which may be anybody, answers.
#include <algorithm>
#include <string>

#include "adapters/push/answer_reader.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/retry_after.hpp"
#include "adapters/push/webhook_message.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

using State = push::AnswerReader::State;
constexpr push::AnswerReader::Limits limits{512, 128};
const core::Instant now{std::chrono::hours(24 * 365 * 50)};

struct Reading {
  State state = State::reading;
  push::HttpAnswer answer;
};

Reading read(std::string_view text, std::size_t piece_bytes) {
  push::AnswerReader reader(limits);
  Reading reading;
  for (std::size_t at = 0; at < text.size() && reading.state == State::reading; at += piece_bytes) {
    reading.state = reader.put(text.substr(at, piece_bytes));
  }
  if (reading.state == State::reading) {
    reading.state = reader.end(true);
  }
  if (reading.state == State::whole) {
    static_cast<void>(reader.keeps_alive());
    reading.answer = reader.take();
  }
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const Reading whole = read(text, std::max<std::size_t>(size, 1));
  const Reading pieces = read(text, 1);
  require(whole.state != State::reading && pieces.state != State::reading);
  if (whole.state == State::whole && pieces.state == State::whole) {
    require(whole.answer.status == pieces.answer.status && whole.answer.status >= 200);
    require(whole.answer.body_cut || whole.answer.body == pieces.answer.body);
  }
  require(whole.answer.body.size() <= limits.body_bytes_max && pieces.answer.body.size() <= limits.body_bytes_max);
  for (const std::string& field : {whole.answer.retry_after, std::string(text)}) {
    const core::Duration asked = push::parse_retry_after(field, now);
    require(asked >= core::Duration(0) && asked <= push::retry_after_max);
  }
  return 0;
}
