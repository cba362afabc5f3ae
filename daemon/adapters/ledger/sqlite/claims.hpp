#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/ledger/sqlite/connection.hpp"
#include "core/time.hpp"

namespace tuanyuan::ledger {

/// Row ids as they were handed out together: first and last of each run without a gap.
using IdRuns = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
IdRuns runs_of(std::vector<std::uint64_t> ids);
std::string to_bytes(const IdRuns& runs);
/// What is cut short ends with the last whole run.
IdRuns from_bytes(std::string_view bytes);

/// Who holds which row of the outbox, and until when. One process holds all leases, so they stand in memory; the
/// table has one row for each claim, by which it is known after a crash what may have been sent. A mark in every
/// row would cost as much as its outcome. The writer's thread.
class Claims {
 public:
  /// Makes the SQL function leased(id, now_ms) known to the connection.
  explicit Claims(Connection& database);
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;

  enum class Lease : std::uint8_t { none, running, ran_out };
  Lease lease(std::uint64_t id, core::Instant now) const;
  /// Notes the claim in the table.
  void lease_out(const std::vector<std::uint64_t>& ids, core::Instant until);
  /// Its outcome is known. With the last of a claim the table's row goes.
  void give_back(std::uint64_t id);
  /// The transaction is committed, or rolled back: then who holds what is as it was before it.
  void keep() { undo_.clear(); }
  void roll_back();
  /// At a start: the rows that the former process held, in runs. They are nobody's any more.
  IdRuns void_all();

 private:
  struct Held {
    core::Instant until;
    std::int64_t claim = 0;
  };

  void set(std::uint64_t id, std::optional<Held> held);

  Connection& database_;
  std::unordered_map<std::uint64_t, Held> held_;
  std::unordered_map<std::int64_t, std::size_t> open_;               ///< how many of each claim are still held
  std::vector<std::pair<std::uint64_t, std::optional<Held>>> undo_;  ///< of the transaction, oldest first
};

}  // namespace tuanyuan::ledger
