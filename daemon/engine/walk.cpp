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

/// Told once is enough for all of them.
core::Ordinal missed_by(const World& world, const CaseFile& file, core::Ordinal told) {
  const core::RecipientSet& expected = file.tally.expected();
  const core::RecipientSet behind = world.directory.behind(core::RecipientSet(1, &told)) & expected;
  return expected.contains(told) || behind.isEmpty() ? told : behind.minimum();
}

}  // namespace

bool is_last_tried(const World& world, const CaseFile& file, core::Ordinal silent, core::Way way) {
  const core::Directory::Entry entry = world.directory.at(silent);
  const std::uint32_t revision = file.state.copy(entry.audience).content.revision;
  const bool has_received = file.tally.is_settled(revision, core::AnswerKind::received, silent);
  const std::uint32_t taken = file.chase.direct_steps(
      revision, has_received ? core::AnswerKind::confirmed : core::AnswerKind::received, silent);
  if (taken == 0) {
    return true;
  }
  const std::optional<core::Way> last = further_way(world, file, entry.via.value_or(silent), taken - 1);
  return last && last->channel == way.channel && (way.endpoint == 0 || way.endpoint == last->endpoint);
}

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

void way_failed(World& world, CaseFile& file, core::Ordinal told, core::Way way) {
  const core::Ordinal missed = missed_by(world, file, told);
  if (!is_last_tried(world, file, missed, way)) {
    return;
  }
  file.hurried.add(missed, way);
  ++file.answers;
  world.clock_changed.notify();
}

}  // namespace tuanyuan::engine
