#pragma once

#include <stdexcept>
#include <string>

#include "adapters/ledger/sqlite/connection.hpp"

namespace tuanyuan::ledger {

/// Why a ledger cannot be opened; the text is for the operator and names the file.
class LedgerUnusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The schema this program reads and writes: the number of its last migration.
int schema_version();

struct Migrated {
  int from = 0;
  int to = 0;
};

/// Brings the schema up to this program's, each migration in a transaction of its own, and makes it in an
/// empty file. Throws LedgerUnusable for a schema newer than this program's, and for what is no ledger.
Migrated migrate(Connection& database, const std::string& path);

/// Throws LedgerUnusable unless the schema is exactly this program's.
void require_current_schema(Connection& database, const std::string& path);

}  // namespace tuanyuan::ledger
