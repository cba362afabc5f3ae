#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tuanyuan::ledger {

/// What SQLite answered when it was not what was asked for. Thrown inside the ledger's own threads and caught
/// at the top of each piece of work there. Its text holds no value of any row.
class SqliteError : public std::runtime_error {
 public:
  SqliteError(int extended_code, const std::string& while_doing);

  int code() const { return extended_code_ & 0xFF; }
  int extended_code() const { return extended_code_; }

 private:
  int extended_code_;
};

/// Any number or enumeration as SQLite stores it.
constexpr std::int64_t number(auto value) {
  return static_cast<std::int64_t>(value);
}

/// Bytes, to be told from text when they are bound.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement. Columns are counted from 0, parameters from 1, as SQLite has it.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view text);
  void bind(int parameter, Blob blob);
  void bind(int parameter, std::nullptr_t);
  template <class T>
  void bind(int parameter, const std::optional<T>& value) {
    value ? bind(parameter, *value) : bind(parameter, nullptr);
  }

  template <class... Values>
  void bind_all(const Values&... values) {
    int parameter = 0;
    (bind(++parameter, values), ...);
  }

  /// True: there is a row. False: there are no more, and the statement is ready to be used again.
  bool step();
  /// Steps a statement that gives no rows, and makes it ready again. For the innermost loops.
  void run();
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  /// Valid until the next step or reset.
  std::string_view view(int column) const;

 private:
  [[noreturn]] void fail(int code);

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// The rows of a query; ends the read when it goes, so that no snapshot stays open.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(statement) {}
  ~Rows() { statement_.reset(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next() { return statement_.step(); }
  Statement* operator->() { return &statement_; }
  Statement& row() { return statement_; }

 private:
  Statement& statement_;
};

struct OpenMode {
  bool create = false;
  bool read_only = false;
  std::string vfs;  ///< empty: the system's
};

/// One connection with its prepared statements. Used by one thread at a time.
class Connection {
 public:
  Connection(const std::string& path, const OpenMode& mode);

  /// Prepared once for each text, which has to be a literal: it is the key.
  Statement& statement(const char* sql);

  /// Runs one that gives no rows.
  template <class... Values>
  void execute(const char* sql, const Values&... values) {
    Statement& prepared = statement(sql);
    prepared.bind_all(values...);
    prepared.run();
  }

  template <class... Values>
  Rows query(const char* sql, const Values&... values) {
    Statement& prepared = statement(sql);
    prepared.bind_all(values...);
    return Rows(prepared);
  }

  /// The first column of the first row, as a number; nothing when there is no row.
  template <class... Values>
  std::optional<std::int64_t> number(const char* sql, const Values&... values) {
    Rows rows = query(sql, values...);
    return rows.next() ? std::optional(rows->integer(0)) : std::nullopt;
  }

  /// Makes a function of two numbers known, for the statements that are prepared after it.
  void define(const char* name, std::function<bool(std::int64_t, std::int64_t)> function);

  /// Several statements, not kept: pragmas and migrations.
  void script(const std::string& sql);

  /// Rows changed by the last statement.
  int changes() const { return sqlite3_changes(database_.get()); }
  std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(database_.get()); }
  bool in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }
  sqlite3* handle() { return database_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::unordered_map<const char*, Statement> statements_;
};

/// One state of the ledger for several queries, looked up once. Every one of them has to have ended before it
/// goes.
class Snapshot {
 public:
  explicit Snapshot(Connection& database) : database_(database) { database_.execute("BEGIN"); }
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& database_;
};

}  // namespace tuanyuan::ledger
