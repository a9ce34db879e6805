#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lernd::embedded {

/// What a cell of SQLite holds: null, integer, real, text or bytes.
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, ValueBytes>;

/// Bytes as people can read them: text where they are UTF-8, a blob where they are not.
SqlValue text_or_bytes(std::string_view bytes);
SqlValue text_or_bytes(const std::optional<std::string>& bytes);

class SqliteConnection;

/// The rows of one statement, read once from front to back. The statement goes back to its connection with the cursor; while a cursor lives, the same SQL text
/// must not be run again on that connection.
class SqlCursor {
 public:
  SqlCursor(SqliteConnection& connection, sqlite3_stmt* statement, int code) : connection_(&connection), statement_(statement), code_(code) {}
  SqlCursor(SqlCursor&& other) noexcept;
  SqlCursor& operator=(SqlCursor&&) = delete;
  ~SqlCursor();

  void bind(std::int64_t value);
  void bind(int value) { bind(std::int64_t{value}); }
  void bind(std::size_t value) { bind(static_cast<std::int64_t>(value)); }
  void bind(double value);
  void bind(std::string_view text);
  void bind(const std::string& text) { bind(std::string_view(text)); }
  void bind(const SqlValue& value);
  void bind(std::span<const SqlValue> values);

  /// Goes to the next row. False at the end, and when something failed: `end` tells which.
  bool next();
  Result<void> end() const;

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  /// Text or bytes of the cell; valid until the next call of `next`.
  std::string_view view(int column) const;
  std::string text(int column) const { return std::string(view(column)); }
  std::optional<std::string> optional_text(int column) const { return is_null(column) ? std::nullopt : std::optional(text(column)); }
  SqlValue value(int column) const;

 private:
  void note(int code);

  SqliteConnection* connection_;
  sqlite3_stmt* statement_;
  int code_;
  int bound_ = 0;
};

/// One connection to one file: prepared statements, the open transaction, and errors with their treatment.
///
/// A transaction that is open belongs to everything written through this connection, whoever wrote it. When it is lost to a fault (full disk), the connection
/// keeps refusing writes with that fault, so that nobody commits positions whose writes are gone. One thread at a time.
///
/// Errors  `fatal`/`disk_full` (disk full or not writable), `retry`/`unavailable` (another connection writes for longer than the busy time-out),
///         `fatal`/`corrupt`, `fatal`/`not_found`, `fatal`/`invalid_option`. Every text names the file.
class SqliteConnection {
 public:
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path);

  const std::string& path() const { return path_; }

  template <class... Args>
  SqlCursor select(std::string_view sql, const Args&... args) {
    SqlCursor cursor = prepare(sql);
    (cursor.bind(args), ...);
    return cursor;
  }

  /// Runs a statement that gives no rows. Returns how many rows it changed. It does not open a transaction by itself.
  template <class... Args>
  Result<std::int64_t> change(std::string_view sql, const Args&... args) {
    SqlCursor cursor = prepare(sql);
    (cursor.bind(args), ...);
    return finish_change(cursor);
  }

  /// The first column of the only row; absent when there is no row or it is null.
  template <class... Args>
  Result<std::optional<std::int64_t>> number(std::string_view sql, const Args&... args) {
    SqlCursor cursor = select(sql, args...);
    std::optional<std::int64_t> found;
    if (cursor.next() && !cursor.is_null(0)) found = cursor.integer(0);
    if (const auto ended = cursor.end(); !ended) return std::unexpected(ended.error());
    return found;
  }

  Result<void> script(const char* sql);

  bool in_transaction() const;
  /// Opens a transaction for writing unless one is open.
  Result<void> begin();
  /// Commits what is open. When that fails, all of it is rolled back.
  Result<void> commit();
  void rollback();
  /// Rolls back what is open because of a fault, and refuses writes from now on.
  void abandon(const Error& fault);

  /// Does `work` as one: all of it or nothing. Inside an open transaction it becomes a part of that; otherwise it is committed at once.
  /// `work` takes nothing and returns a Result.
  template <class Work>
  std::invoke_result_t<Work> atomically(Work&& work) {
    const bool nested = in_transaction();
    if (const auto begun = nested ? script("SAVEPOINT lernd_part") : begin(); !begun) return std::unexpected(begun.error());
    auto result = work();
    if (!result) {
      undo_part(nested, result.error());
      return result;
    }
    if (const auto ended = nested ? script("RELEASE lernd_part") : commit(); !ended) {
      undo_part(nested, ended.error());
      return std::unexpected(ended.error());
    }
    return result;
  }

  Error failure(int code) const;

 private:
  struct CloseConnection {
    void operator()(sqlite3* handle) const;
  };
  struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

  SqliteConnection(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}
  SqlCursor prepare(std::string_view sql);
  Result<std::int64_t> finish_change(SqlCursor& cursor);
  void undo_part(bool nested, const Error& cause);

  std::string path_;
  std::unique_ptr<sqlite3, CloseConnection> handle_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
  std::optional<Error> broken_;
};

}  // namespace lernd::embedded
