#pragma once

#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {

/// A platform that dials, by HTTP. There is no standard for it, so this is a plain form of our own, which a
/// platform's own interface is fitted to: POST to the base address, with the token as a bearer,
///
///     {"id":…,"to":…,"language":"zh-CN","speech":…,"repeat":2,"callbackUrl":…}
///
/// 2xx: it will dial. To `callbackUrl` (GET, with the parameters in the query, or POST, as a form or JSON) it says
/// `status=answered` when somebody has heard it to its end (RECEIVED), and `key=1` when that key was pressed
/// (CONFIRMED; of a recall, REMOVED); `status=no-answer`, `busy` or `failed`, once it dials no more: nobody has
/// heard it, and the recipient's next way is tried at once. 410: the number does not exist any more. The
/// endpoint's address is a telephone number.
class VoiceChannel final : public RestChannel {
 public:
  VoiceChannel(const RestTools& tools, RestSettings settings, const Words& words, const Credentials& secrets,
               const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::voice; }
  bool accepted_is_received() const override { return false; }

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
};

}  // namespace tuanyuan::push
