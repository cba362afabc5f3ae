#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <unordered_map>

#include "engine/documents.hpp"
#include "engine/telling.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How many recipients are followed up in one commit: each is a row in the outbox.
inline constexpr std::size_t chased_recipients_max = 1'000;
/// How soon it is looked again whether what waits for a gateway will be in time.
inline constexpr core::Duration forecast_look = std::chrono::seconds(15);
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
  /// When those to whom the alert will be sent late will have been sent to.
  struct SentLate {
    bool waits = false;  ///< something waits for a gateway
    std::unordered_map<core::Ordinal, core::Instant> sent;
  };
  boost::asio::awaitable<SentLate> sent_late(const CaseFile& file);
  bool is_wanted(const CaseFile& file, const SentLate& late, const core::Chase::Place& place,
                 core::Ordinal silent) const;
  std::optional<core::Chase::Order> hurry(const CaseFile& file, const core::Chase::Asked& asked,
                                          const SentLate& late) const;
  Telling add_rows(const CaseFile& file, core::Audience audience, const core::Chase::Order& order,
                   ports::Commit& commit) const;
  std::optional<core::Delivery> row(const CaseFile& file, core::Audience audience, const core::Chase::Order& order,
                                    core::Ordinal silent) const;

  World& world_;
  Documents documents_;
};

}  // namespace tuanyuan::engine
