#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "adapters/ledger/sqlite/claims.hpp"
#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/numbering.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// How many rows that have come to be due one claim puts among the others, those first that were due first. What
/// is fresh, as a recall is, does not wait for them; one that has failed before does, for a claim or two.
inline constexpr std::int64_t due_again_max = 10'000;
/// How many rows that were written by a clock that ran ahead one claim puts aside.
inline constexpr std::size_t early_rows_max = 10'000;

/// The outbox part of a transaction.
class OutboxWriter {
 public:
  OutboxWriter(Connection& database, Numbering& numbering)
      : database_(database), numbering_(numbering), claims_(database) {}

  /// Supersedes, updates, queues again, then inserts, so that what is new is never superseded by its own commit.
  void write(const ports::Commit& commit, ports::Committed& committed);

  /// Rows come back in state queued, ready for core::advance. Those that wait for their time are not looked at, or
  /// a receiver that is dead for an hour would slow down everybody's commits.
  std::vector<core::Delivery> claim(core::ChannelKind channel, core::Instant now, core::Instant lease_until,
                                    std::size_t limit);

  /// As at a start: nobody holds a lease any more, for whoever did is gone; and whatever is queued is due, for the
  /// clock that said when may have run ahead, and at worst something is tried a few minutes early.
  void begin_anew();
  /// The transaction is committed, or rolled back.
  void keep() { claims_.keep(); }
  void roll_back() { claims_.roll_back(); }

 private:
  void put_back_what_is_due(core::ChannelKind channel, core::Instant now);
  void settle_outdated(const std::vector<std::uint64_t>& ids);
  void supersede(const ports::Supersede& supersede);
  void update(std::vector<ports::DeliveryUpdate> updates);
  /// Of all rows from that of `first` to that with id `last`.
  void update_run(const ports::DeliveryUpdate& first, std::uint64_t last);
  void requeue(const ports::Requeue& requeue);
  std::uint64_t insert(const core::Delivery& delivery);

  Connection& database_;
  Numbering& numbering_;
  Claims claims_;
};

}  // namespace tuanyuan::ledger
