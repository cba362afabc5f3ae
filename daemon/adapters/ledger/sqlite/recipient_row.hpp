#pragma once

#include "adapters/ledger/sqlite/connection.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// The columns of table recipients in the order of read_recipient. A macro, because statements are literals.
#define TUANYUAN_RECIPIENT_COLUMNS                                                                                \
  "ordinal, id, deleted, name, category, audience, division, latitude, longitude, crs, delivery, coverage, via, " \
  "hours, unit, liaison_post, liaison_telephone, languages, endpoints, secrets, retired, former"

ports::DirectoryEntry read_recipient(const Statement& row);

void insert_recipient(Connection& database, const core::Recipient& recipient);
/// What was retired stays so where its address is the same; what it names no more is kept
/// (ports::RecipientChange).
void update_recipient(Connection& database, core::Ordinal ordinal, const ports::RecipientChange& change);
void retire_endpoint(Connection& database, const ports::RetiredEndpoint& retired);

}  // namespace tuanyuan::ledger
