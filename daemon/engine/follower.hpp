#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/documents.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How many are told anew in one commit: each is a row in the outbox.
inline constexpr std::size_t followed_recipients_max = 1'000;

/// Goes after whoever was told by the topics of its division and has moved, in the directory, to one that the
/// alert never used: from then on it is told on its own topic, of what is new as of the end. At once, and whatever
/// its hours: this is the notice itself and no reminder.
class Follower {
 public:
  explicit Follower(World& world) : world_(world), documents_(world) {}

  /// False: some are still to be told, or could not be now.
  boost::asio::awaitable<bool> follow(core::AlertId alert);

 private:
  core::RecipientSet out_of_reach(const CaseFile& file) const;
  boost::asio::awaitable<bool> tell(CaseFile& file, ports::DataKey key, core::RecipientSet recipients);

  World& world_;
  Documents documents_;
};

}  // namespace tuanyuan::engine
