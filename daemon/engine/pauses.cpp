#include "engine/pauses.hpp"

namespace tuanyuan::engine {

void Pauses::apply(const core::Entry& entry) {
  if (entry.subject != subject) {
    return;
  }
  ++entries_;
  if (const auto* paused = std::get_if<core::ChannelPaused>(&entry.body)) {
    paused_[paused->channel] = ports::ChannelPause{entry.actor, entry.time, paused->reason};
  } else if (const auto* resumed = std::get_if<core::ChannelResumed>(&entry.body)) {
    paused_.erase(resumed->channel);
  }
}

const ports::ChannelPause* Pauses::of(core::ChannelKind channel) const {
  const auto found = paused_.find(channel);
  return found == paused_.end() ? nullptr : &found->second;
}

}  // namespace tuanyuan::engine
