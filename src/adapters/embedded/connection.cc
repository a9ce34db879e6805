#include "adapters/embedded/connection.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <utility>

namespace lernd::embedded {
namespace {

constexpr std::chrono::milliseconds kBusyTimeout{5000};

struct Binder {
  sqlite3_stmt* statement;
  int index;

  // SQLITE_TRANSIENT: SQLite copies, so that a cursor may outlive what was bound.
  int text(std::string_view value) const {
    return sqlite3_bind_text64(statement, index, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  int operator()(const std::string& value) const { return text(value); }
  int operator()(const ValueBytes& value) const {
    return sqlite3_bind_blob64(statement, index, value.bytes.empty() ? "" : value.bytes.data(), value.bytes.size(), SQLITE_TRANSIENT);
  }
};

Error cannot_open(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path file(path);
  const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const auto reason = std::filesystem::is_directory(file, ignored) ? "it is a directory; name a file with lernd.embedded.file"
                      : !std::filesystem::is_directory(directory, ignored)
                          ? "its directory is not there; make it, or name another file with lernd.embedded.file"
                          : "no permission, or its directory cannot be written";
  return {Treatment::fatal, ErrorCode::not_found, fmt::format("cannot open the embedded file {}: {}", path, reason)};
}

}  // namespace

SqlValue text_or_bytes(std::string_view bytes) {
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return std::string(bytes);
  return ValueBytes{std::string(bytes)};
}

SqlValue text_or_bytes(const std::optional<std::string>& bytes) { return bytes ? text_or_bytes(std::string_view(*bytes)) : SqlValue(); }

SqlCursor::SqlCursor(SqlCursor&& other) noexcept
    : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)), code_(other.code_), bound_(other.bound_) {}

SqlCursor::~SqlCursor() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void SqlCursor::note(int code) {
  if (code_ == SQLITE_OK) code_ = code;
}

void SqlCursor::bind(std::int64_t value) { note(Binder{statement_, ++bound_}(value)); }
void SqlCursor::bind(double value) { note(Binder{statement_, ++bound_}(value)); }
void SqlCursor::bind(std::string_view text) { note(Binder{statement_, ++bound_}.text(text)); }
void SqlCursor::bind(const SqlValue& value) { note(std::visit(Binder{statement_, ++bound_}, value)); }
void SqlCursor::bind(std::span<const SqlValue> values) {
  for (const SqlValue& value : values) bind(value);
}

bool SqlCursor::next() {
  if (code_ != SQLITE_OK && code_ != SQLITE_ROW) return false;
  code_ = sqlite3_step(statement_);
  return code_ == SQLITE_ROW;
}

Result<void> SqlCursor::end() const {
  if (code_ == SQLITE_OK || code_ == SQLITE_ROW || code_ == SQLITE_DONE) return {};
  return std::unexpected(connection_->failure(code_));
}

bool SqlCursor::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t SqlCursor::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view SqlCursor::view(int column) const {
  // The pointer first: asking for it may convert the cell and so change its length.
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

SqlValue SqlCursor::value(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement_, column);
    case SQLITE_TEXT:
      return text(column);
    case SQLITE_BLOB:
      return ValueBytes{text(column)};
    default:
      return {};
  }
}

void SqliteConnection::CloseConnection::operator()(sqlite3* handle) const { sqlite3_close(handle); }
void SqliteConnection::FinalizeStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path) {
  if (path.empty()) return fail(Treatment::fatal, ErrorCode::invalid_option, "the path of the embedded file is empty; set lernd.embedded.file");
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  // A failed open gives a handle too, and it must be closed.
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, handle));
  if (code != SQLITE_OK) return std::unexpected(connection->failure(code));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(kBusyTimeout.count()));
  if (sqlite3_db_readonly(handle, "main") == 1) {
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("the embedded file {} is read-only; make it writable, or name another file with lernd.embedded.file", path));
  }
  return connection;
}

SqlCursor SqliteConnection::prepare(std::string_view sql) {
  if (const auto known = statements_.find(sql); known != statements_.end()) return {*this, known->second.get(), SQLITE_OK};
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return {*this, nullptr, code};
  return {*this, statements_.emplace(sql, statement).first->second.get(), SQLITE_OK};
}

Result<std::int64_t> SqliteConnection::finish_change(SqlCursor& cursor) {
  while (cursor.next()) {
  }
  if (const auto ended = cursor.end(); !ended) return std::unexpected(ended.error());
  return sqlite3_changes64(handle_.get());
}

Result<void> SqliteConnection::script(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(failure(code));
  return {};
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

Result<void> SqliteConnection::begin() {
  if (broken_) return std::unexpected(*broken_);
  if (in_transaction()) return {};
  return script("BEGIN IMMEDIATE");
}

Result<void> SqliteConnection::commit() {
  if (broken_) return std::unexpected(*broken_);
  if (!in_transaction()) return {};
  auto committed = script("COMMIT");
  if (!committed) abandon(committed.error());
  return committed;
}

void SqliteConnection::rollback() {
  // SQLite may have rolled back by itself, and a failed ROLLBACK leaves nothing open either.
  if (in_transaction()) (void)script("ROLLBACK");
}

void SqliteConnection::abandon(const Error& fault) {
  rollback();
  if (!broken_) broken_ = fault;
}

void SqliteConnection::undo_part(bool nested, const Error& cause) {
  if (!nested) {
    rollback();
  } else if (!in_transaction() || !script("ROLLBACK TO lernd_part; RELEASE lernd_part")) {
    abandon(cause);  // the part took the whole transaction with it
  }
}

Error SqliteConnection::failure(int code) const {
  const auto error = [&](Treatment treatment, ErrorCode kind, std::string_view what) {
    return Error{treatment, kind, fmt::format("the embedded file {} {}", path_, what)};
  };
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return error(
          Treatment::fatal, ErrorCode::disk_full,
          fmt::format(
              "cannot be written ({}): what was not committed is dropped; make room on its disk, or move it and correct lernd.embedded.file, and start again",
              sqlite3_errstr(code)));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error(Treatment::retry, ErrorCode::unavailable, fmt::format("is held by another writer for more than {} s", kBusyTimeout.count() / 1000));
    case SQLITE_CANTOPEN:
      return cannot_open(path_);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return error(Treatment::fatal, ErrorCode::invalid_option,
                   "is read-only, or its directory is; make both writable, or name another file with lernd.embedded.file");
    case SQLITE_NOTADB:
      return error(Treatment::fatal, ErrorCode::invalid_option, "is not a database; name another file with lernd.embedded.file");
    case SQLITE_CORRUPT:
      return error(Treatment::fatal, ErrorCode::corrupt, fmt::format("is damaged ({}); restore it from a copy", sqlite3_errstr(code)));
    default:
      return error(Treatment::fatal, ErrorCode::internal, fmt::format("refused a statement: {}", sqlite3_errmsg(handle_.get())));
  }
}

}  // namespace lernd::embedded
