#pragma once

#include <optional>
#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/push/vapid.hpp"

namespace tuanyuan::push {

/// Web Push (RFC 8030), and UnifiedPush, which is the same towards another kind of push service. An endpoint's
/// address is a subscription (parse_push_subscription). The push service sees neither text nor alert: the message
/// is encrypted to the subscriber, and its topic says nothing. It puts the later message about an alert in the
/// place of an earlier one that waits for a device that is away.
class WebPushChannel final : public RestChannel {
 public:
  /// `kind`: web_push or unified_push. `secrets` holds the VAPID key's file as `key`; where that changes, its
  /// tokens are by the new one from then on. Without a key, which only unified_push may be, nothing says who
  /// sends. Throws std::runtime_error where key or subject is none.
  WebPushChannel(core::ChannelKind kind, const RestTools& tools, RestSettings settings, std::string subject,
                 const Words& words, const Credentials& secrets, const AnswerLinks& links);

  core::ChannelKind kind() const override { return kind_; }
  bool accepted_is_received() const override { return false; }
  /// The push service.
  std::string lane(const ports::Dispatch& dispatch) const override;

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  void look_at_key();
  core::Result<std::string> payload(const ports::Dispatch& dispatch, const core::Notice& notice) const;

  core::ChannelKind kind_;
  ports::Log& log_;
  std::string subject_;
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
  std::string key_text_;  ///< what the present key was read from, or could not
  std::optional<Vapid> vapid_;
};

}  // namespace tuanyuan::push
