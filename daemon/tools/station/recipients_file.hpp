#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/refusal.hpp"
#include "tools/station/member.hpp"

namespace tuanyuan::station {

inline constexpr std::size_t recipients_bytes_max = 1'024ULL * 1'024 * 1'024;

/// A row of a recipients file, as far as a station goes by it.
struct RecipientRow {
  Member member;
  core::RecipientId via;  ///< who answers for it; empty: itself
  bool has_mqtt = true;   ///< no endpoints, or MQTT among them
};

/// WGS84, CGCS2000, GCJ02 or BD09.
std::optional<core::Crs> parse_crs(std::string_view name);

/// Reads recipients as CSV (RFC 4180, a header first; contract, section 5). Columns that a station has no use for
/// are passed over. Refuses (invalid) with paths such as "line 7: division".
core::Result<std::vector<RecipientRow>> read_recipients(std::string_view csv);

/// One connection: a recipient and those it answers for.
struct StationPlan {
  Member self;
  std::vector<Member> members;
};

/// Everybody who has a connection of its own, with its members, in the order of the rows.
std::vector<StationPlan> plan_stations(const std::vector<RecipientRow>& rows);

}  // namespace tuanyuan::station
