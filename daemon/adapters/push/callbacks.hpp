#pragma once

#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/answer_page.hpp"
#include "adapters/push/credentials.hpp"
#include "ports/answer_desk.hpp"
#include "ports/callback_desk.hpp"
#include "ports/log.hpp"
#include "ports/reply_desk.hpp"

namespace tuanyuan::push {

/// What gateways call back with, and what it means: a delivery report of Kannel's (RECEIVED, or that the next way
/// has to be tried), a reply to a text message (CONFIRMED, or REMOVED of a recall), a key pressed on the telephone
/// (likewise) or a call that nobody took (the next way), and whatever the link says that came with a webhook:
/// `kind`, with a `reason`, and likewise where it says nothing. A link that is only looked at answers nothing: it
/// shows a page, with a button while its answer is still asked for. Loop thread. All it is given outlives it.
class Callbacks final : public ports::CallbackDesk {
 public:
  /// `sms`: with `inbound_token`, by which Kannel hands over replies; none: it hands over none.
  Callbacks(const AnswerLinks& links, const Credentials& sms, ports::AnswerDesk& answers,
            ports::ReplyDesk& replies, ports::Log& log)
      : links_(links), sms_(sms), answers_(answers), replies_(replies), log_(log) {}

  boost::asio::awaitable<core::Result<ports::CallbackAnswer>> called(ports::Callback callback) override;

 private:
  boost::asio::awaitable<core::Result<std::string>> reported_back(Link link, ports::Callback callback);
  boost::asio::awaitable<core::Result<ports::CallbackAnswer>> clicked(Link link, ports::Callback callback);
  AnswerPage page_of(const Link& link) const;
  boost::asio::awaitable<core::Result<std::string>> reported(Link link, std::string status);
  boost::asio::awaitable<core::Result<std::string>> telephoned(Link link, bool is_pressed, std::string status);
  void missed(const Link& link);
  boost::asio::awaitable<core::Result<std::string>> replied(std::string from, std::string text);
  boost::asio::awaitable<core::Result<std::string>> answer(Link link, core::AnswerKind kind);
  boost::asio::awaitable<core::Result<core::Receipt>> record(core::Acknowledgement acknowledgement,
                                                             core::ChannelKind channel);

  const AnswerLinks& links_;
  const Credentials& sms_;
  ports::AnswerDesk& answers_;
  ports::ReplyDesk& replies_;
  ports::Log& log_;
};

}  // namespace tuanyuan::push
