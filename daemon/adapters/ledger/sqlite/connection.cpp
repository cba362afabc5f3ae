#include "adapters/ledger/sqlite/connection.hpp"

#include <utility>

namespace tuanyuan::ledger {
namespace {

constexpr int busy_timeout_ms = 5'000;

/// SQLite's count of its own memory takes a lock at each allocation, for which writer and readers would queue.
/// Only the first connection of a process can do without it; where another program part was first, it is counted.
void count_no_memory() {
  static const int answered = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(answered);
}

sqlite3* open(const std::string& path, const OpenMode& mode) {
  count_no_memory();
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  flags |= mode.create ? SQLITE_OPEN_CREATE : 0;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, mode.vfs.empty() ? nullptr : mode.vfs.c_str());
  if (code != SQLITE_OK) {
    sqlite3_close_v2(database);
    throw SqliteError(code, "opening");
  }
  return database;
}

}  // namespace

SqliteError::SqliteError(int extended_code, const std::string& while_doing)
    : std::runtime_error(std::string(sqlite3_errstr(extended_code)) + " (" + std::to_string(extended_code) +
                         ") while " + while_doing),
      extended_code_(extended_code) {}

Statement::Statement(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) {
    throw SqliteError(code, "preparing: " + std::string(sql));
  }
  statement_.reset(prepared);
}

void Statement::fail(int code) {
  const std::string sql = sqlite3_sql(statement_.get());
  sqlite3_reset(statement_.get());
  throw SqliteError(code, "running: " + sql);
}

// Values are copied: they need not outlive the call. A bind fails only when memory does, or the number is wrong.
void Statement::bind(int parameter, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_.get(), parameter, value); code != SQLITE_OK) {
    fail(code);
  }
}

void Statement::bind(int parameter, double value) {
  if (const int code = sqlite3_bind_double(statement_.get(), parameter, value); code != SQLITE_OK) {
    fail(code);
  }
}

void Statement::bind(int parameter, std::string_view text) {
  const int code = sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(), text.size(),
                                       SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) {
    fail(code);
  }
}

void Statement::bind(int parameter, Blob blob) {
  const int code = sqlite3_bind_blob64(statement_.get(), parameter, blob.bytes.empty() ? "" : blob.bytes.data(),
                                       blob.bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) {
    fail(code);
  }
}

void Statement::bind(int parameter, std::nullptr_t) {
  if (const int code = sqlite3_bind_null(statement_.get(), parameter); code != SQLITE_OK) {
    fail(code);
  }
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code != SQLITE_DONE) {
    fail(code);
  }
  sqlite3_reset(statement_.get());
  return false;
}

void Statement::run() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_DONE && code != SQLITE_ROW) {
    fail(code);
  }
  sqlite3_reset(statement_.get());
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  return std::string(view(column));
}

std::string_view Statement::view(int column) const {
  // The pointer before the length: asking for it is what settles the encoding.
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

Connection::Connection(const std::string& path, const OpenMode& mode) : database_(open(path, mode)) {
  sqlite3_busy_timeout(database_.get(), busy_timeout_ms);
}

Statement& Connection::statement(const char* sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) {
    return found->second;
  }
  return statements_.emplace(sql, Statement(database_.get(), sql)).first->second;
}

void Connection::define(const char* name, std::function<bool(std::int64_t, std::int64_t)> function) {
  using Function = std::function<bool(std::int64_t, std::int64_t)>;
  constexpr int parameters = 2;
  const auto call = [](sqlite3_context* context, int, sqlite3_value** values) {
    const auto& defined = *static_cast<const Function*>(sqlite3_user_data(context));
    sqlite3_result_int(context, defined(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1])) ? 1 : 0);
  };
  const auto destroy = [](void* defined) { std::unique_ptr<Function>(static_cast<Function*>(defined)); };
  // SQLite destroys what it is given, also when it fails.
  const int code = sqlite3_create_function_v2(database_.get(), name, parameters, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                              std::make_unique<Function>(std::move(function)).release(), call,
                                              nullptr, nullptr, destroy);
  if (code != SQLITE_OK) {
    throw SqliteError(code, "defining a function");
  }
}

void Connection::script(const std::string& sql) {
  if (const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK) {
    throw SqliteError(code, "running a script");
  }
}

Snapshot::~Snapshot() {
  try {
    database_.execute("ROLLBACK");
  } catch (const SqliteError&) {
    // It has ended by itself, as it does when a read fails.
  }
}

}  // namespace tuanyuan::ledger
