#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/recently_shared.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

namespace tuanyuan::push {

/// How the body is wrapped (README).
enum class WebhookFormat {
  plain,               ///< not at all
  cloudevents,         ///< as a CloudEvent in structured mode
  cloudevents_binary,  ///< as plain, with the event's context in header fields
};

struct WebhookSettings {
  std::chrono::milliseconds deadline_ms{15'000};  ///< of one attempt; Standard Webhooks: 15 to 30 s
  std::size_t in_flight_max = 64;
  std::string user_agent = "tuanyuan";
  WebhookFormat format = WebhookFormat::plain;
  std::string source;  ///< of CloudEvents: a URL that no other deployment has
};

/// Webhooks by Standard Webhooks (contract, section 5): one POST to the endpoint's URL, signed where the endpoint
/// has a secret, whatever its format.
///
/// Handed over are notices and recalls to one recipient, and what takes an alert down for whom the circle has left
/// behind (`Parcel::notice`, `notice_clear`): a photo is fetched by its URL in the notice. Other parcels,
/// dispatches to a division, and those that have expired are rejected; so are URLs, secrets and addresses that can
/// never do. The log holds the recipient's id and the reason of what did not arrive, never URL, secret, request or
/// answer.
///
/// Loop thread. What it is given outlives it.
class WebhookChannel final : public ports::Channel {
 public:
  /// `links`: makes the `acknowledgeUrl` of each request; null: they have none.
  WebhookChannel(Http& http, ports::Clock& clock, ports::Log& log, WebhookSettings settings = {},
                 const AnswerLinks* links = nullptr);

  core::ChannelKind kind() const override { return core::ChannelKind::webhook; }
  std::size_t in_flight_max() const override { return settings_.in_flight_max; }
  bool is_up() const override { return true; }
  /// A receiver that is slow or dead shares its fate with nobody at another origin.
  std::string lane(const ports::Dispatch& dispatch) const override;
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

 private:
  std::string acknowledge_url(const core::RecipientId& recipient, const core::Delivery& delivery) const;
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch);
  /// Content type and body, as the format has them. `ending`: what comes after what is shared.
  core::Result<void> put_content(const ports::Dispatch& dispatch, const std::string& id, std::string ending,
                                 HttpRequest& request);
  core::Result<std::shared_ptr<const HttpShared>> shared_by(const ports::Dispatch& dispatch);
  void note(const core::RecipientId& recipient, const ports::SendResult& sent, std::string reason);

  Http& http_;
  ports::Clock& clock_;
  ports::Log& log_;
  WebhookSettings settings_;
  const AnswerLinks* links_;

  /// Those who get the same of the same copy get the same body, up to their link.
  struct Source {
    std::shared_ptr<const core::SignedCopy> copy;
    core::AlertId alert_id;
    core::Version version;
    core::NoticeKind kind;
  };
  RecentlyShared<Source> shared_;
};

}  // namespace tuanyuan::push
