#pragma once

#include <deque>
#include <map>
#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/rest_channel.hpp"
#include "runtime/turns.hpp"

namespace tuanyuan::push {

struct JpushSettings {
  std::string app_key;
  bool is_production = true;  ///< of Apple's service behind it
};

/// JPush's REST API, v3 (极光推送; its documents of 2019). An endpoint's address is a registration id, or `tag:…`
/// or `alias:…`, by which one request reaches all who have it.
///
/// A repetition with the same cid gets the answer of the first one and pushes nothing again. A cid cannot be
/// reckoned from the delivery: JPush takes those alone that it has handed out (ten at a time, a thousand to who
/// pays), each for a day. So a message keeps its own in this process for as long as it may have been pushed
/// without our knowing: after a refusal the same would be refused for ever. What was unknown before a restart is
/// repeated under another one and may be shown twice (on an iPhone in one place, by the alert's collapse id).
/// Where no cid can be had the message goes without: that it goes out counts for more.
///
/// What JPush has accepted is on its way to handsets and says nothing of them; the app answers by the link in the
/// extras, but for a tag's.
class JpushChannel final : public RestChannel {
 public:
  JpushChannel(const RestTools& tools, RestSettings settings, JpushSettings jpush, const Words& words,
               const Credentials& secrets, const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::jpush; }
  bool accepted_is_received() const override { return false; }

 protected:
  boost::asio::awaitable<ports::SendResult> make_ready(std::string message,
                                                       ports::Clock::Steady deadline) override;
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;
  boost::asio::awaitable<HttpResult> carry(HttpRequest request, const ports::Dispatch& dispatch) override;

 private:
  struct Cid {
    std::string text;
    ports::Clock::Steady until;
  };

  std::string authorization() const;
  boost::asio::awaitable<void> fetch_cids(ports::Clock::Steady deadline);
  void settle_cid(const std::string& message, const HttpResult& result);
  std::string cid_of(const std::string& message);
  void forget_old_cids();

  JpushSettings jpush_;
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
  runtime::Turns turns_;
  std::deque<std::string> free_;
  ports::Clock::Steady free_until_{};       ///< JPush knows a cid for a day
  ports::Clock::Steady no_fetch_before_{};  ///< after one that failed
  std::map<std::string, Cid> in_use_;       ///< by message, until it is settled
};

}  // namespace tuanyuan::push
