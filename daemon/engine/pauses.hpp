#pragma once

#include <cstdint>
#include <map>

#include "core/entry.hpp"
#include "ports/channel_desk.hpp"

namespace tuanyuan::engine {

/// Which channels an operator has paused: folded from the journal, so that a pause outlives a restart.
class Pauses {
 public:
  /// Under which the journal has them.
  static constexpr const char* subject = "channel";

  void apply(const core::Entry& entry);
  /// Null: it is not paused.
  const ports::ChannelPause* of(core::ChannelKind channel) const;
  const std::map<core::ChannelKind, ports::ChannelPause>& all() const { return paused_; }
  /// How many entries there were: what a decision on them is made upon.
  std::uint32_t entries() const { return entries_; }

 private:
  std::map<core::ChannelKind, ports::ChannelPause> paused_;
  std::uint32_t entries_ = 0;
};

}  // namespace tuanyuan::engine
