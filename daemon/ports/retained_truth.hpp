#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "core/delivery.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::ports {

/// What was seen retained on one of our own topics. No version: the topic was emptied.
struct RetainedSeen {
  core::AlertId alert_id;
  core::Audience audience = core::Audience::police;
  core::Target target;
  core::Parcel parcel = core::Parcel::notice;
  std::optional<core::Version> version;  ///< of a notice

  RetainedSeen() = default;
};

enum class RetainedVerdict {
  in_order,  ///< what the ledger says, or newer and on its way
  behind,    ///< older, or missing: to be published again
  stranger,  ///< of no alert that the ledger knows on this topic: to be emptied
};

/// What has to be retained, most urgent first: recalls within their retention, alerts in force with their photos.
/// Copies are shared, not repeated.
struct RetainedInForce {
  std::vector<Dispatch> dispatches;
  bool complete = true;  ///< false: some could not be read now

  RetainedInForce() = default;
};

/// The ledger is the truth, a broker's retained messages its shadow: what should be retained, for whoever
/// keeps the shadow in order. Loop thread.
class RetainedTruth {
 public:
  virtual ~RetainedTruth() = default;

  virtual RetainedVerdict judge(const RetainedSeen& seen) = 0;
  virtual boost::asio::awaitable<RetainedInForce> in_force() = 0;
  /// Whether what in_force gave is in force still: a list of thousands takes its time, and meanwhile officers
  /// decide.
  virtual bool still_in_force(const core::Delivery& given) const = 0;
  /// The one that belongs where this was seen, if any. Refused (unavailable): it could not be read now.
  virtual boost::asio::awaitable<core::Result<std::optional<Dispatch>>> in_force_at(RetainedSeen seen) = 0;
};

}  // namespace tuanyuan::ports
