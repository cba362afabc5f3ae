#include "adapters/ledger/sqlite/schema.hpp"

#include <iterator>

namespace tuanyuan::ledger {
namespace {

// Numbered from 1 in this order. A migration that has been released is never changed.
constexpr const char* migrations[] = {
#include "adapters/ledger/sqlite/migrations/001_initial.sql"
    ,
#include "adapters/ledger/sqlite/migrations/002_verdicts.sql"
    ,
#include "adapters/ledger/sqlite/migrations/003_clock.sql"
    ,
#include "adapters/ledger/sqlite/migrations/004_channels.sql"
    ,
#include "adapters/ledger/sqlite/migrations/005_endpoints.sql"
    ,
#include "adapters/ledger/sqlite/migrations/006_presence.sql"
    ,
#include "adapters/ledger/sqlite/migrations/007_hurried.sql"
    ,
#include "adapters/ledger/sqlite/migrations/008_claims.sql"
    ,
#include "adapters/ledger/sqlite/migrations/009_answer_channels.sql"
};

/// "TYLG" in the file's header, by which file(1) and we know a ledger.
constexpr std::int64_t application_id = 0x54594C47;

bool is_empty(Connection& database) {
  return database.number("SELECT count(*) FROM sqlite_schema").value_or(0) == 0;
}

int version_of(Connection& database, const std::string& path) {
  const auto application = database.number("PRAGMA application_id").value_or(0);
  if (application != application_id && !is_empty(database)) {
    throw LedgerUnusable(path + " is a database, but not a ledger of tuanyuan");
  }
  const auto version = static_cast<int>(database.number("PRAGMA user_version").value_or(0));
  if (version > schema_version()) {
    throw LedgerUnusable(path + " has schema " + std::to_string(version) +
                         ", made by a newer program; this one knows " + std::to_string(schema_version()));
  }
  return version;
}

}  // namespace

int schema_version() {
  return static_cast<int>(std::size(migrations));
}

Migrated migrate(Connection& database, const std::string& path) {
  const int from = version_of(database, path);
  for (int version = from; version < schema_version(); ++version) {
    database.script("BEGIN IMMEDIATE;" + std::string(migrations[version]) +
                    "PRAGMA application_id = " + std::to_string(application_id) +
                    ";PRAGMA user_version = " + std::to_string(version + 1) + ";COMMIT;");
  }
  return {from, schema_version()};
}

void require_current_schema(Connection& database, const std::string& path) {
  const int version = version_of(database, path);
  if (version < schema_version()) {
    throw LedgerUnusable(path + " has schema " + std::to_string(version) + ", this program needs " +
                         std::to_string(schema_version()) + ": back it up and run tuanyuand --migrate");
  }
}

}  // namespace tuanyuan::ledger
