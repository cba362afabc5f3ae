#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "core/caller.hpp"
#include "core/recipient.hpp"
#include "core/refusal.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::ports {

/// The directory of recipients, as operators keep it. Endpoint secrets are write-only: reads leave them
/// empty, and a put or an import without one keeps what was there. A change that is repeated with its key is not
/// made again. Loop thread.
class RecipientDesk {
 public:
  virtual ~RecipientDesk() = default;

  virtual boost::asio::awaitable<core::Result<Listed<core::Recipient>>> list(core::Caller caller, Page page) = 0;
  virtual boost::asio::awaitable<core::Result<core::Recipient>> get(core::Caller caller, core::RecipientId id) = 0;
  /// The recipient has passed core::validate already.
  virtual boost::asio::awaitable<core::Result<core::Recipient>> put(core::Caller caller, core::Recipient recipient,
                                                                    Idempotency once) = 0;
  virtual boost::asio::awaitable<core::Result<bool>> remove(core::Caller caller, core::RecipientId id,
                                                            Idempotency once) = 0;
  /// All or nothing; answers how many. What is not in the list stays as it is.
  virtual boost::asio::awaitable<core::Result<std::uint32_t>> import(core::Caller caller,
                                                                     std::vector<core::Recipient> recipients,
                                                                     Idempotency once) = 0;
};

}  // namespace tuanyuan::ports
