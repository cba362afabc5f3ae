#include "engine/walk.hpp"

#include <algorithm>
#include <vector>

#include "core/limits.hpp"

namespace tuanyuan::engine {
namespace {

bool was_told(const CaseFile& file, core::Ordinal listener, core::Way way) {
  return way.channel == core::ChannelKind::mqtt ? file.addressed.contains(listener)
                                                : file.told_by.contains({listener, way});
}

}  // namespace

std::optional<core::Way> further_way(const World& world, const CaseFile& file, core::Ordinal listener,
                                     std::uint32_t taken) {
  const Endpoints::Shut is_paused = [&world](core::ChannelKind channel) {
    return world.pauses.of(channel) != nullptr;
  };
  if (taken >= core::endpoints_max) {
    return std::nullopt;  // whatever became of its entry: then its unit has to hear of it
  }
  const core::Way usual = world.endpoints.usual(listener);
  // It has another usual way since. Who hears by MQTT is told on its division's topic, where nobody is named.
  if (usual.channel != core::ChannelKind::mqtt && !was_told(file, listener, usual) && !is_paused(usual.channel)) {
    return usual;
  }
  const std::vector<core::Way> further = world.endpoints.further(listener, is_paused);
  if (taken < further.size()) {
    return further[taken];
  }
  const auto untold =
      std::find_if(further.begin(), further.end(), [&](core::Way way) { return !was_told(file, listener, way); });
  return untold == further.end() ? std::nullopt : std::optional(*untold);
}

std::function<core::RecipientSet(const core::RecipientSet&, std::uint32_t)> further_of(const World& world,
                                                                                       const CaseFile& file) {
  return [&world, &file](const core::RecipientSet& recipients, std::uint32_t taken) {
    core::RecipientSet found;
    const core::RecipientSet& walked = world.endpoints.walked();
    if (walked.isEmpty()) {
      return found;  // as it is for almost all, at each look
    }
    for (const core::Ordinal ordinal : recipients&(walked | world.directory.behind(walked))) {
      const core::Ordinal listener = world.directory.at(ordinal).via.value_or(ordinal);
      if (further_way(world, file, listener, taken)) {
        found.add(ordinal);
      }
    }
    return found;
  };
}

}  // namespace tuanyuan::engine
