#pragma once

#include <string>
#include <string_view>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/rest_channel.hpp"

namespace tuanyuan::push {

/// Where a message for an ntfy topic is posted to.
struct NtfyTopic {
  Url server;  ///< ntfy takes messages in JSON at its root
  std::string name;
};
/// Reads a topic's URL, or its name alone, which is then one of the server at `base`. Refuses (invalid) what is
/// none, without repeating it: whoever knows a topic can read it.
core::Result<NtfyTopic> parse_ntfy_topic(std::string_view address, std::string_view base);

/// ntfy, by its interface for JSON. An endpoint's address is the topic's URL or its name, its secret an access
/// token (tk_…), where the server wants one. A touch opens the page that takes the recipient's answer. All notices
/// of one alert have one sequence id, by which newer servers (2.16 and on) put the later in the place of the
/// earlier (unverified); others ignore it. That the server has a message does not mean that a device has.
class NtfyChannel final : public RestChannel {
 public:
  NtfyChannel(const RestTools& tools, RestSettings settings, const Words& words, const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::ntfy; }
  bool accepted_is_received() const override { return false; }
  /// The server: it counts by who sends.
  std::string lane(const ports::Dispatch& dispatch) const override;

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  const Words& words_;
  const AnswerLinks& links_;
};

}  // namespace tuanyuan::push
