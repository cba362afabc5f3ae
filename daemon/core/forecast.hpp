#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/rate_budget.hpp"
#include "core/recipient.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// How one channel goes now.
struct ChannelFlow {
  bool open = true;                   ///< it is there, and nobody has paused it
  std::optional<Instant> not_before;  ///< all of it is held back until then
  bool some_held = false;             ///< some of its receivers are left alone for a while, and not all
  RatePolicy quota;
  bool has_lanes = false;   ///< some of its receivers have quotas of their own, or are left alone: see LaneFlow
  std::size_t at_once = 1;  ///< how many sends it keeps under way
  Duration each{0};         ///< how long one took lately; 0: none was measured yet
};

/// How one receiver of a channel goes now, beside what holds for all of them.
struct LaneFlow {
  Instant free_from{};           ///< when its next one may be sent; in the past: now
  std::size_t free_at_once = 1;  ///< so many of its quota then, and the others after them
  RatePolicy quota;              ///< its own
};

/// When what stands at this place of the receiver's own queue (from 1) may be sent, by its quota alone.
Instant lane_sent_by(const LaneFlow& lane, std::uint64_t place, Instant now);

/// What a send is taken to last where none was measured.
inline constexpr Duration send_duration_guess{500};

/// How many it gets rid of in a second: what it manages at once, within its quota.
double sends_per_second(const ChannelFlow& flow);

/// When what stands at this place of its queue (from 1) will have been sent. Nothing: nobody can say, since
/// nothing goes out.
std::optional<Instant> sent_by(const ChannelFlow& flow, std::uint64_t place, Instant now);

/// The last place that will have been sent by then; 0: none.
std::uint64_t places_sent_by(const ChannelFlow& flow, Instant deadline, Instant now);

/// When the last recipient of what is on its way now will have been sent to, if all goes on as it does.
struct Forecast {
  struct Line {
    ChannelKind channel = ChannelKind::mqtt;
    std::uint64_t waiting = 0;  ///< rows of this alert that are still to be sent
    std::uint64_t ahead = 0;    ///< rows of others that go before the last of them
    std::optional<Instant> sent_by;
  };
  std::uint64_t waiting = 0;
  std::optional<Instant> sent_by;  ///< nothing: nothing waits, or a channel that something waits for is shut
  std::vector<Line> channels;      ///< those that anything waits for
};
/// Of its lines, one for each channel that anything waits for.
Forecast forecast_of(std::vector<Forecast::Line> lines);

}  // namespace tuanyuan::core
