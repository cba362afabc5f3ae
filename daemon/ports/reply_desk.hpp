#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/recipient.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::ports {

/// What somebody at an address was told by a gateway, and may be replying to.
struct Told {
  core::AlertId alert_id;
  core::RecipientId recipient;
  std::uint32_t revision = 0;  ///< the latest of the recipient's audience
  bool is_recall = false;      ///< it is a recall
};

/// What a link that was handed out to answer by is still good for.
enum class LinkStanding : std::uint8_t {
  open,
  answered,  ///< what it asks for has been said, by whomever and whichever way
  over,      ///< the alert has been taken down since: nothing is asked any more
  outdated,  ///< of a recall: the alert is out again since, and nothing is to be taken down
};

/// Whom a reply is from that names nothing but the address it comes from, and who was not reached. Loop thread.
class ReplyDesk {
 public:
  virtual ~ReplyDesk() = default;

  /// Of all alerts that a recipient with this address was told by this gateway. Telephone numbers are compared
  /// without what stands before them (+, 00, 86). Refuses (unavailable) where the ledger cannot be read.
  virtual boost::asio::awaitable<core::Result<std::vector<Told>>> told(core::ChannelKind gateway,
                                                                       std::string address) = 0;
  /// Of the link that came with what somebody was told. What is not known to be otherwise is open.
  virtual LinkStanding standing(const Told& told) const = 0;
  /// A gateway reports that what it had accepted for this recipient has not come through: its next way is tried at
  /// once, unless it has answered or was told by another gateway since.
  virtual void not_reached(const core::AlertId& alert, const core::RecipientId& recipient,
                           core::ChannelKind gateway) = 0;
};

}  // namespace tuanyuan::ports
