// Recipients as rows: a recipient comes back as it was put; and a row that somebody damaged is read as some
// recipient or refused as corrupt, nothing else.
#include <string>

#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/recipient_row.hpp"
#include "adapters/ledger/sqlite/schema.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/recipient_codec.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;
using namespace tuanyuan::ledger;

namespace {

Connection empty_ledger() {
  OpenMode mode;
  mode.create = true;
  Connection database(":memory:", mode);
  migrate(database, ":memory:");
  return database;
}

ports::DirectoryEntry only_row(Connection& database) {
  Rows rows = database.query("SELECT " TUANYUAN_RECIPIENT_COLUMNS " FROM recipients");
  require(rows.next());
  return read_recipient(rows.row());
}

void there_and_back(Connection& database, std::string_view json) {
  v1::Recipient message;
  if (!wire::decode_json(json, message)) {
    return;
  }
  const auto recipient = wire::from_proto(message);
  if (!recipient) {
    return;
  }
  insert_recipient(database, *recipient);
  const ports::DirectoryEntry entry = only_row(database);
  require(!entry.deleted && entry.recipient == *recipient);
  update_recipient(database, entry.ordinal, {*recipient, false});
  require(only_row(database).recipient == *recipient);
}

void damaged(Connection& database, std::string_view text) {
  core::Recipient recipient;
  recipient.id = core::RecipientId("r");
  insert_recipient(database, recipient);
  database.execute(
      "UPDATE recipients SET coverage = ?, languages = ?, endpoints = ?, secrets = ?, former = ?, category = ?",
      text, text, text, text, text, static_cast<std::int64_t>(text.size()));
  try {
    require(only_row(database).recipient.id == recipient.id);
  } catch (const SqliteError& error) {
    require(error.code() == SQLITE_CORRUPT);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Connection database = empty_ledger();
  const std::string_view text = fuzz::text_of(data, size);
  there_and_back(database, text);
  database.execute("DELETE FROM recipients");
  damaged(database, text);
  database.execute("DELETE FROM recipients");
  return 0;
}
