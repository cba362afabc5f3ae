#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/mqtt/outlet.hpp"
#include "adapters/mqtt/topics.hpp"
#include "core/notice.hpp"
#include "ports/clock.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::mqtt {

/// Proves that the whole path works: a signed notice goes through the broker to a built-in recipient, which
/// verifies it and acknowledges through the broker, as any station would. It never touches the desk: outside all
/// boards and statistics (contract, section 2). Loop thread.
class Canary {
 public:
  /// Whether this is the notice that was sent, with a good signature. Given a serialised SignedNotice.
  using Verify = std::function<bool(std::string_view signed_notice)>;

  Canary(boost::asio::any_io_executor executor, Outlet& outlet, const Topics& topics, ports::Clock& clock,
         core::RecipientId recipient);

  /// One flight: true when the acknowledgement came back within canary_deadline. One at a time; a second one
  /// beside it is false at once.
  boost::asio::awaitable<bool> fly(core::AlertId alert, std::shared_ptr<const core::SignedCopy> copy,
                                   Verify verify);

  bool is_mine(const core::RecipientId& recipient) const { return !recipient_.empty() && recipient == recipient_; }
  /// What the built-in recipient got. Spawned by whoever gets the message.
  boost::asio::awaitable<void> notice_arrived(core::AlertId alert, std::string payload);
  void acknowledgement_arrived(std::string_view payload);

 private:
  Outlet& outlet_;
  const Topics& topics_;
  ports::Clock& clock_;
  core::RecipientId recipient_;
  std::optional<core::AlertId> flying_;
  Verify verify_;
  runtime::Notifier back_;
};

}  // namespace tuanyuan::mqtt
