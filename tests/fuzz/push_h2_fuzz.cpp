// What an HTTP/2 server, which may be anybody, says to a client that has requests under way.
#include <algorithm>
#include <map>
#include <string>

#include "adapters/push/h2_session.hpp"
#include "adapters/push/limits.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

using How = push::H2Session::How;
constexpr std::size_t requests_max = 8;
const push::H2SessionLimits limits{.streams_max = 4, .answer_head_bytes_max = 512, .answer_body_bytes_max = 64};

push::HttpRequest request() {
  push::HttpRequest made;
  made.url = push::parse_url("https://gateway.example/3/device/ab").value();
  made.fields = {{"authorization", "bearer x"}, {"apns-id", "1"}};
  made.body = "hello";
  return made;
}

/// A session, and what became of each of its requests: none may end twice, none may be lost.
class Run {
 public:
  void feed(std::string_view text, std::size_t piece_bytes) {
    bool goes_on = true;
    for (std::size_t at = 0; at < text.size() && goes_on; at += piece_bytes) {
      submit();
      goes_on = session_.receive(text.substr(at, piece_bytes));
      note(session_.take_ended());
      static_cast<void>(session_.take_output());
    }
    note(session_.abandon());
    for (const auto& [stream, times] : ended_) {
      require(times == 1);
    }
  }

 private:
  void submit() {
    while (session_.room() > 0 && ended_.size() < requests_max) {
      const auto stream = session_.submit(std::make_shared<push::HttpRequest>(request()));
      require(session_.streams() <= limits.streams_max);
      if (stream != 0) {
        require(ended_.emplace(stream, 0).second);
      }
    }
  }
  void note(const std::vector<push::H2Session::Ended>& ended) {
    for (const auto& end : ended) {
      require(ended_.contains(end.stream) && ++ended_[end.stream] == 1);
      if (end.how == How::answered) {
        require(end.answer.status >= 200 && end.answer.status <= 999);
        require(end.answer.body.size() <= limits.answer_body_bytes_max);
        require(end.answer.retry_after.size() <= limits.answer_head_bytes_max);
      }
    }
  }

  push::H2Session session_{limits};
  std::map<push::H2Session::StreamId, int> ended_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  Run().feed(text, std::max<std::size_t>(size, 1));
  Run().feed(text, 9);  // a frame's head
  Run().feed(text, 1);
  const std::string reason = push::goaway_reason(text);
  require(reason.size() <= push::goaway_reason_bytes_max);
  require(std::all_of(reason.begin(), reason.end(), [](unsigned char c) { return std::isalnum(c) != 0; }));
  return 0;
}
