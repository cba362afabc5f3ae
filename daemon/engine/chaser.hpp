#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "engine/documents.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How many recipients are followed up in one commit: each is a row in the outbox.
inline constexpr std::size_t chased_recipients_max = 1'000;
/// After a case could not be opened.
inline constexpr core::Duration reopen_pause = std::chrono::seconds(5);

/// Follows up silence: asks core/chase what is due, and commits it with the rows that do it. What was due while
/// the daemon was away is done one step at a time, like everything else.
class Chaser {
 public:
  explicit Chaser(World& world) : world_(world), documents_(world) {}

  /// Takes the steps that are due for one alert. Answers when the next is, if nobody answers; where the case
  /// cannot be opened now, when to try again.
  boost::asio::awaitable<std::optional<core::Instant>> chase(core::AlertId alert);

 private:
  std::optional<core::Instant> grace() const;
  boost::asio::awaitable<bool> take(CaseFile& file, ports::DataKey key, core::Audience audience,
                                    core::Chase::Order order);
  /// Whom a step tells: all who were ever told with them, from whom it is taken, and who shows it from now on.
  struct Telling {
    core::RecipientSet addressed;
    GatewaySets told_by;
    core::RecipientSet withdrawn;
    core::RecipientSet shown;
  };
  Telling add_rows(const CaseFile& file, core::Audience audience, const core::Chase::Order& order,
                   ports::Commit& commit) const;
  std::optional<core::Delivery> row(const CaseFile& file, core::Audience audience, const core::Chase::Order& order,
                                    core::Ordinal silent) const;

  World& world_;
  Documents documents_;
};

}  // namespace tuanyuan::engine
