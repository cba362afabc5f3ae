#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {

/// What tells one vendor's group bots from another's. Pure.
struct BotDialect {
  core::ChannelKind kind;
  std::size_t text_bytes_max;      ///< of one message
  std::string_view path;           ///< behind the base address; what follows it is the bot's key
  std::span<const CodeRow> codes;  ///< what its answers mean
  /// The signed address and the body. `secret` is the endpoint's; empty: the bot asks for no signature.
  std::string (*url)(std::string_view url, std::string_view secret, core::Instant now);
  std::string (*body)(std::string_view text, bool rings, std::string_view secret, core::Instant now);
};

BotDialect wecom_dialect();
BotDialect dingtalk_dialect();
BotDialect feishu_dialect();

/// Bots in group chats of WeCom, DingTalk and Feishu: an endpoint's address is the bot's whole webhook URL, as the
/// group's settings show it, or its key alone, which is then put behind the configured base address (the
/// government editions have their own). They cannot take back what they have said: a recall is a message that says
/// so. Each ends with the link by which the group answers, where there is room for it, and with a number by which
/// people know a repetition.
class BotChannel final : public RestChannel {
 public:
  BotChannel(const BotDialect& dialect, const RestTools& tools, RestSettings settings, const Words& words,
             const AnswerLinks& links);

  core::ChannelKind kind() const override { return dialect_.kind; }
  /// One bot: its vendor counts by bot, and blocks by bot.
  std::string lane(const ports::Dispatch& dispatch) const override { return dispatch.endpoint.address; }

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  bool fits(std::string_view text) const { return text.size() <= dialect_.text_bytes_max; }
  std::string text_above(const std::string& tail, const ports::Dispatch& dispatch,
                         const core::Notice& notice) const;
  /// Empty: nobody is asked.
  std::string answer_url(const ports::Dispatch& dispatch, const core::Notice& notice) const;

  BotDialect dialect_;
  const Words& words_;
  const AnswerLinks& links_;
};

}  // namespace tuanyuan::push
