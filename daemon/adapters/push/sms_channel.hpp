#pragma once

#include <cstddef>
#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {

struct SmsSettings {
  std::string username;       ///< of Kannel's sendsms-user
  std::string from;           ///< the sender's number; empty: Kannel's own default
  std::size_t parts_max = 4;  ///< of one message
};

/// Text messages through Kannel's `sendsms` (POST with X-Kannel fields, so that neither password nor text stands
/// in an access log), in UCS-2. Kannel parts long ones; the text is composed so that it takes at most `parts_max`.
/// What Kannel accepts is on its way: the delivery report says RECEIVED, a reply with the four digits below the
/// text CONFIRMED (or, of a recall, REMOVED). The endpoint's address is a telephone number.
class SmsChannel final : public RestChannel {
 public:
  SmsChannel(const RestTools& tools, RestSettings settings, SmsSettings sms, const Words& words,
             const Credentials& secrets, const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::sms; }
  bool accepted_is_received() const override { return false; }

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  SmsSettings sms_;
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
};

}  // namespace tuanyuan::push
