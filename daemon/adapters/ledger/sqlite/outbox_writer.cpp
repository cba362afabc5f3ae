#include "adapters/ledger/sqlite/outbox_writer.hpp"

#include <algorithm>
#include <tuple>

#include "adapters/ledger/sqlite/outbox_row.hpp"

namespace tuanyuan::ledger {
namespace {

// The table's statements and partial indexes speak of states by number.
static_assert(static_cast<int>(core::DeliveryState::queued) == 0);
static_assert(static_cast<int>(core::DeliveryState::rejected) == 3);
static_assert(static_cast<int>(core::DeliveryState::superseded) == 4);
static_assert(static_cast<int>(core::DeliveryState::expired) == 5);

/// But for the rows that they are of.
bool say_the_same(const ports::DeliveryUpdate& one, const ports::DeliveryUpdate& other) {
  const auto said = [](const ports::DeliveryUpdate& update) {
    return std::tie(update.state, update.attempts, update.maybe_sent, update.not_before, update.settled_at);
  };
  return said(one) == said(other);
}

}  // namespace

void OutboxWriter::write(const ports::Commit& commit, ports::Committed& committed) {
  for (const ports::Supersede& older : commit.supersede) {
    supersede(older);
  }
  update(commit.delivery_updates);
  for (const ports::Requeue& again : commit.requeued) {
    requeue(again);
  }
  committed.delivery_ids.reserve(commit.deliveries.size());
  for (const core::Delivery& delivery : commit.deliveries) {
    committed.delivery_ids.push_back(insert(delivery));
  }
}

void OutboxWriter::supersede(const ports::Supersede& supersede) {
  // One in flight keeps its place until its outcome is known, but is not given again.
  constexpr std::int64_t however_long_ago = 0;
  database_.execute(
      "UPDATE outbox SET outdated = leased(id, ?5), state = CASE leased(id, ?5) WHEN 0 THEN 4 ELSE state END "
      "WHERE alert = ?1 AND audience = ?2 AND state < 2 AND (revision, step) < (?3, ?4)",
      numbering_.alert(supersede.alert_id), number(supersede.audience), number(supersede.before.revision),
      number(supersede.before.step), however_long_ago);
}

/// Rows that go out together mostly lie together and fare alike, and to begin a statement costs as much as to
/// change a row: one is begun for each run of them.
void OutboxWriter::update(std::vector<ports::DeliveryUpdate> updates) {
  std::stable_sort(updates.begin(), updates.end(),
                   [](const auto& left, const auto& right) { return left.id < right.id; });
  for (auto first = updates.begin(); first != updates.end();) {
    auto last = first;
    for (auto next = first + 1;
         next != updates.end() && next->id == last->id + 1 && say_the_same(*first, *next);) {
      last = next++;
    }
    update_run(*first, last->id);
    first = last + 1;
  }
}

void OutboxWriter::update_run(const ports::DeliveryUpdate& first, std::uint64_t last) {
  for (std::uint64_t id = first.id; id <= last; ++id) {
    claims_.give_back(id);
  }
  if (first.maybe_sent) {
    database_.execute("UPDATE outbox SET maybe_sent = 1 WHERE id BETWEEN ? AND ?", number(first.id), number(last));
  }
  database_.execute(
      "UPDATE outbox SET attempts = ?2, not_before = ?3, settled_at = ?5, deferred = (?4 = 0), "
      "state = CASE WHEN outdated AND ?4 = 0 THEN 4 ELSE ?4 END "
      "WHERE id BETWEEN ?1 AND ?6 AND state < 2",
      number(first.id), number(first.attempts), core::to_epoch_ms(first.not_before), number(first.state),
      core::to_epoch_ms(first.settled_at), number(last));
}

void OutboxWriter::requeue(const ports::Requeue& requeue) {
  database_.execute(
      "UPDATE outbox SET state = 0, outdated = 0, not_before = ?2, committed_due = ?2, deferred = 1, "
      "settled_at = 0 WHERE id = ?1 AND state IN (3, 5)",
      number(requeue.id), core::to_epoch_ms(requeue.not_before));
}

std::uint64_t OutboxWriter::insert(const core::Delivery& delivery) {
  const auto* division = std::get_if<core::Division>(&delivery.target);
  const auto* recipient = std::get_if<core::RecipientId>(&delivery.target);
  database_.execute(
      "INSERT INTO outbox(alert, revision, step, kind, status, audience, parcel, channel, division, recipient, "
      "urgency, not_before, expires_at, attempts, maybe_sent, state, committed_due, concerns, awaits, "
      "endpoint) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?12,?17,?18,?19)",
      numbering_.alert(delivery.alert_id), number(delivery.version.revision), number(delivery.version.step),
      number(delivery.kind), number(delivery.status), number(delivery.audience), number(delivery.parcel),
      number(delivery.channel), division ? std::optional(number(division->code)) : std::nullopt,
      recipient ? std::optional(std::string_view(recipient->value)) : std::nullopt, delivery.urgency,
      core::to_epoch_ms(delivery.not_before), core::to_epoch_ms(delivery.expires_at), number(delivery.attempts),
      number(delivery.maybe_sent), number(delivery.state), std::string_view(delivery.concerns.value),
      number(delivery.awaits), number(delivery.endpoint));
  return static_cast<std::uint64_t>(database_.last_insert_id());
}

std::vector<core::Delivery> OutboxWriter::claim(core::ChannelKind channel, core::Instant now,
                                                core::Instant lease_until, std::size_t limit) {
  put_back_what_is_due(channel, now);
  std::vector<core::Delivery> claimed;
  std::vector<std::uint64_t> ids;
  std::vector<std::uint64_t> early;
  std::vector<std::uint64_t> outdated;
  {
    Rows rows = database_.query(
        "SELECT " TUANYUAN_OUTBOX_COLUMNS
        " FROM outbox o INDEXED BY outbox_unsettled JOIN alerts a ON a.number = o.alert "
        "WHERE channel = ?1 AND deferred = 0 AND state < 2 AND NOT leased(o.id, ?2) ORDER BY urgency, o.id",
        number(channel), core::to_epoch_ms(now));
    while (claimed.size() < limit && early.size() < early_rows_max && rows.next()) {
      OutboxRow row = read_outbox_row(rows.row());
      if (row.outdated) {
        outdated.push_back(row.delivery.id);
      } else if (row.delivery.not_before > now) {
        early.push_back(row.delivery.id);
      } else {
        ids.push_back(row.delivery.id);
        claimed.push_back(std::move(row.delivery));
      }
    }
  }
  for (core::Delivery& delivery : claimed) {
    if (claims_.lease(delivery.id, now) == Claims::Lease::ran_out && !delivery.maybe_sent) {
      delivery.maybe_sent = true;
      database_.execute("UPDATE outbox SET maybe_sent = 1 WHERE id = ?", number(delivery.id));
    }
  }
  for (const std::uint64_t id : early) {
    database_.execute("UPDATE outbox SET deferred = 1 WHERE id = ?", number(id));
  }
  settle_outdated(outdated);
  claims_.lease_out(ids, lease_until);
  return claimed;
}

void OutboxWriter::put_back_what_is_due(core::ChannelKind channel, core::Instant now) {
  database_.execute(
      "UPDATE outbox SET deferred = 0 WHERE id IN (SELECT id FROM outbox INDEXED BY outbox_deferred "
      "WHERE channel = ?1 AND deferred = 1 AND state < 2 AND not_before <= ?2 ORDER BY not_before LIMIT ?3)",
      number(channel), core::to_epoch_ms(now), due_again_max);
}

/// Superseded while it was in flight, and its outcome never came.
void OutboxWriter::settle_outdated(const std::vector<std::uint64_t>& ids) {
  for (const std::uint64_t id : ids) {
    claims_.give_back(id);
    database_.execute("UPDATE outbox SET state = 4, maybe_sent = 1 WHERE id = ?", number(id));
  }
}

void OutboxWriter::begin_anew() {
  database_.execute("BEGIN IMMEDIATE");
  for (const auto& [first, last] : claims_.void_all()) {
    // What was put back since waits for its time.
    database_.execute("UPDATE outbox SET maybe_sent = 1 WHERE id BETWEEN ? AND ? AND state < 2 AND deferred = 0",
                      number(first), number(last));
  }
  database_.execute("UPDATE outbox SET not_before = 0 WHERE state < 2 AND deferred = 0 AND not_before <> 0");
  database_.execute("UPDATE outbox SET not_before = 0, deferred = 0 WHERE state < 2 AND deferred = 1");
  database_.execute("COMMIT");
}

}  // namespace tuanyuan::ledger
