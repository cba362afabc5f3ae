#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <sstream>
#include <string>

#include "core/identifiers.hpp"
#include "fuzz/property.hpp"
#include "runtime/virtual_clock.hpp"
#include "tools/station/screen_service.hpp"

using tuanyuan::fuzz::require;

namespace {

using namespace tuanyuan;
using namespace tuanyuan::station;

/// What is taken of a page is well formed; what a person's answer may not say, none says.
void bodies(std::string_view text) {
  if (const auto account = parse_account(text)) {
    require(core::is_recipient_id(account->page) && account->holds.size() <= held_notices_max);
    for (const Held& held : account->holds) {
      require(core::is_recipient_id(held.alert_id.value));
    }
  }
  if (const auto answer = parse_answer(text)) {
    const bool is_unable = answer->kind == core::AnswerKind::unable;
    require(is_unable || answer->kind == core::AnswerKind::confirmed || answer->kind == core::AnswerKind::acting);
    require(is_unable == (answer->reason != core::UnableReason::none));
  }
}

/// Whatever is asked for, under whatever name: an answer, and never one under a stranger's name.
void requests(std::string_view text) {
  boost::asio::io_context loop(1);
  runtime::VirtualClock clock(loop);
  std::ostringstream printed;
  JournalLines lines(printed);
  StationPlan plan;
  plan.self.id = core::RecipientId("s");
  Screens screens(lines, clock, plan);
  ScreenService service(screens, clock, loop.get_executor(), {}, {});
  const std::size_t end = text.find('\n');
  http::Request request;
  request.method = text.size() % 2 == 0 ? "GET" : "POST";
  request.target = std::string(text.substr(0, end));
  request.host = end == std::string_view::npos ? std::string("127.0.0.1") : std::string(text.substr(end + 1));
  request.content_type = "application/json";
  request.body = std::string(text);
  const bool is_ours = is_our_host(*request.host, {});
  int status = 0;
  boost::asio::co_spawn(loop, service.handle(std::move(request)),
                        [&](std::exception_ptr failure, const http::Response& response) {
                          require(failure == nullptr);
                          status = response.status;
                        });
  clock.settle();
  require(status != 0 && (is_ours || status == 403));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  bodies(text);
  requests(text);
  return 0;
}
