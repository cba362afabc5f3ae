#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/answer.hpp"
#include "core/forecast.hpp"
#include "core/ids.hpp"
#include "core/notice.hpp"
#include "core/recipient.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// How many were expected, and how many of them answered so (contract, section 3: board).
struct TallyRow {
  std::uint32_t expected = 0;
  std::array<std::uint32_t, answer_kind_count> counts{};  ///< by AnswerKind

  std::uint32_t count(AnswerKind kind) const { return counts[static_cast<std::size_t>(kind)]; }
};

/// How one way to a recipient is now.
enum class EndpointState : std::uint8_t {
  up,
  down,     ///< its gateway cannot be used at all, or its equipment has no connection
  paused,   ///< by an operator
  held,     ///< it failed again and again, and is left alone for a while
  retired,  ///< its gateway said that nobody is there any more
  off,      ///< the configuration does not enable its channel
};
struct EndpointHealth {
  ChannelKind channel = ChannelKind::mqtt;
  EndpointState state = EndpointState::up;
  bool tried = false;  ///< it was told of the alert by it

  friend bool operator==(const EndpointHealth&, const EndpointHealth&) = default;
};

/// One who was expected to answer and has not.
struct SilentRecipient {
  RecipientId recipient_id;
  std::string name;
  Category category = Category::police_station;
  Liaison liaison;
  std::uint32_t revision = 0;                 ///< to which an answer is missing
  AnswerKind awaited = AnswerKind::received;  ///< which one
  UnableReason reason = UnableReason::none;   ///< why it said UNABLE of what it is asked now
  std::vector<ChannelKind> tried;             ///< once for each endpoint by which it was told
  std::vector<EndpointHealth> endpoints;      ///< in its order
  std::string next_step;                      ///< a stable word: what happens next, "await", "telephone", …
  Instant due_at;
  bool unit_vouches = false;  ///< the unit of who asks may answer for it (vouches_for)
};

struct Board {
  AlertId alert_id;
  Version version;
  std::uint32_t unexpected = 0;
  TallyRow total;
  std::map<std::string, TallyRow> by_category;
  std::map<std::string, TallyRow> by_division;
  std::map<std::string, TallyRow> by_ring;
  std::map<std::string, TallyRow> by_channel;
  std::map<std::string, TallyRow> by_revision;
  std::vector<SilentRecipient> silent;  ///< first page
  std::uint32_t silent_total = 0;
  Forecast forecast;
};

inline constexpr std::size_t board_silent_rows_max = 100;

}  // namespace tuanyuan::core
