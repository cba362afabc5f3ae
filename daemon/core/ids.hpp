#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace tuanyuan::core {

/// A textual identifier of one kind, so that a report's id cannot be handed over for an alert's. Alerts,
/// reports and sightings carry lower-case UUIDs (RFC 9562); recipients what the directory calls them.
template <class Tag>
struct Id {
  std::string value;

  Id() = default;
  explicit Id(std::string text) : value(std::move(text)) {}

  bool empty() const { return value.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Id& id) { return out << id.value; }
};

using ReportId = Id<struct ReportTag>;
using AlertId = Id<struct AlertTag>;
using SightingId = Id<struct SightingTag>;
using RecipientId = Id<struct RecipientTag>;

/// A recipient's number in bitmaps and tables: dense, allotted once by the ledger, never reused.
using Ordinal = std::uint32_t;

/// Position in the journal: one number line for the whole daemon, growing, starting at 1.
using Sequence = std::uint64_t;

}  // namespace tuanyuan::core

template <class Tag>
struct std::hash<tuanyuan::core::Id<Tag>> {
  std::size_t operator()(const tuanyuan::core::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.value);
  }
};
