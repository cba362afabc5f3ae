#include "adapters/push/bot_channel.hpp"

#include <utility>

namespace tuanyuan::push {
namespace {

constexpr std::size_t number_chars = 8;

/// Below the text, so that people see what they have read already.
std::string tail_of(const ports::Dispatch& dispatch, std::string_view language) {
  const std::string number = message_id(dispatch).substr(0, number_chars);
  return (language.starts_with("zh") ? "\n消息编号：" : "\nMessage number: ") + number;
}

}  // namespace

BotChannel::BotChannel(const BotDialect& dialect, const RestTools& tools, RestSettings settings,
                       const Words& words)
    : RestChannel(tools, std::move(settings)), dialect_(dialect), words_(words) {}

core::Result<HttpRequest> BotChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  const core::Endpoint& bot = dispatch.endpoint;
  const bool is_url = bot.address.find("://") != std::string::npos;
  const std::string url = is_url ? bot.address : settings().base + std::string(dialect_.path) + bot.address;
  const std::string tail = tail_of(dispatch, words_.language(dispatch.languages));
  const core::Fits fits = [&](std::string_view text) {
    return text.size() + tail.size() <= dialect_.text_bytes_max;
  };
  const std::string text = words_.bodies(notice, dispatch.languages, fits) + tail;
  if (text.size() > dialect_.text_bytes_max) {
    return core::Refusal(core::Errc::too_large);
  }
  const bool rings = !core::is_recall(notice.kind);
  return json_post(dialect_.url(url, bot.secret, now()), dialect_.body(text, rings, bot.secret, now()));
}

Verdict BotChannel::judge(const HttpResult& result) {
  return judge_by_code(result, number_in(result.body, {"errcode", "code", "StatusCode"}), dialect_.codes, now());
}

}  // namespace tuanyuan::push
