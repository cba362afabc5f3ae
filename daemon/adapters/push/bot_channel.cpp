#include "adapters/push/bot_channel.hpp"

#include <utility>
#include <variant>

namespace tuanyuan::push {
namespace {

constexpr std::size_t number_chars = 8;

/// Below the text, so that people see what they have read already.
std::string number_line(const ports::Dispatch& dispatch, bool is_chinese) {
  const std::string number = message_id(dispatch).substr(0, number_chars);
  return (is_chinese ? "\n消息编号：" : "\nMessage number: ") + number;
}

/// Where the group answers. On a line of its own: programs that make a link of an address take what touches it for
/// a part of it. Unverified: that each vendor's does.
std::string link_lines(const std::string& url, bool is_recall, bool is_chinese) {
  if (is_chinese) {
    return (is_recall ? "\n撤下后请点击确认：\n" : "\n值班人员阅后请点击确认：\n") + url;
  }
  return (is_recall ? "\nOnce it is taken down, confirm here:\n"
                    : "\nOnce somebody on duty has read it, confirm here:\n") +
         url;
}

}  // namespace

BotChannel::BotChannel(const BotDialect& dialect, const RestTools& tools, RestSettings settings,
                       const Words& words, const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)), dialect_(dialect), words_(words), links_(links) {}

std::string BotChannel::answer_url(const ports::Dispatch& dispatch, const core::Notice& notice) const {
  return wants_answer(notice) ? links_.url(link_of(dispatch, notice)) : std::string();
}

std::string BotChannel::text_above(const std::string& tail, const ports::Dispatch& dispatch,
                                   const core::Notice& notice) const {
  const core::Fits beside = [&](std::string_view text) { return fits(std::string(text) + tail); };
  return words_.bodies(notice, dispatch.languages, beside) + tail;
}

core::Result<HttpRequest> BotChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  const core::Endpoint& bot = dispatch.endpoint;
  const bool is_url = bot.address.find("://") != std::string::npos;
  const std::string url = is_url ? bot.address : settings().base + std::string(dialect_.path) + bot.address;
  const bool is_chinese = words_.language(dispatch.languages).starts_with("zh");
  const bool rings = !core::is_recall(notice.kind);
  const std::string number = number_line(dispatch, is_chinese);
  const std::string link = answer_url(dispatch, notice);
  std::string text =
      text_above((link.empty() ? link : link_lines(link, !rings, is_chinese)) + number, dispatch, notice);
  if (!fits(text)) {
    text = text_above(number, dispatch, notice);  // a link that leaves no room for the news is worth nothing
  }
  if (!fits(text)) {
    return core::Refusal(core::Errc::too_large);
  }
  return json_post(dialect_.url(url, bot.secret, now()), dialect_.body(text, rings, bot.secret, now()));
}

Verdict BotChannel::judge(const HttpResult& result) {
  return judge_by_code(result, number_in(result.body, {"errcode", "code", "StatusCode"}), dialect_.codes, now());
}

}  // namespace tuanyuan::push
