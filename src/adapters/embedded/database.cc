#include "adapters/embedded/database.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "adapters/embedded/catalog.h"
#include "adapters/embedded/connection.h"

namespace lernd {
namespace {

using embedded::SqliteConnection;

/// `PRAGMA application_id`: says that the file is ours ("lern").
constexpr std::int64_t kApplicationId = 0x6c65726e;
/// `PRAGMA user_version`: the layout below.
constexpr std::int64_t kLayout = 2;
/// The oldest layout that `kSinceThen` brings up to date.
constexpr std::int64_t kOldestLayout = 1;

constexpr const char* kTables = R"(
CREATE TABLE lernd_schema ("keyspace" TEXT, "table" TEXT, columns TEXT, "key" TEXT, partition_columns INTEGER, PRIMARY KEY ("keyspace", "table")) WITHOUT ROWID;
CREATE TABLE lernd_topic (topic TEXT PRIMARY KEY, partitions INTEGER) WITHOUT ROWID;
CREATE TABLE lernd_record (topic TEXT, partition INTEGER, offset INTEGER, time_ms INTEGER, "key", value, headers TEXT,
  PRIMARY KEY (topic, partition, offset));
CREATE TABLE lernd_offset ("group" TEXT, topic TEXT, partition INTEGER, next INTEGER, PRIMARY KEY ("group", topic, partition)) WITHOUT ROWID;
CREATE TABLE lernd_member ("group" TEXT, topic TEXT, member TEXT, seen_ms INTEGER, PRIMARY KEY ("group", topic, member)) WITHOUT ROWID;
CREATE TABLE lernd_cache (db INTEGER, "key", kind TEXT, value, expires_ms INTEGER, PRIMARY KEY (db, "key")) WITHOUT ROWID;
CREATE INDEX lernd_cache_expiry ON lernd_cache (expires_ms) WHERE expires_ms IS NOT NULL;
CREATE TABLE lernd_http_stub (position INTEGER PRIMARY KEY, method TEXT, path TEXT, query TEXT, body_contains TEXT, remaining INTEGER, status INTEGER, body,
  fault TEXT);
CREATE TABLE lernd_http_call (position INTEGER PRIMARY KEY, method TEXT, path TEXT, query TEXT, body, headers TEXT);
)";

/// What layout 2 has beyond that.
constexpr const char* kSinceThen = R"(
CREATE TABLE lernd_index ("index" TEXT PRIMARY KEY, sequence INTEGER) WITHOUT ROWID;
CREATE TABLE lernd_document ("index" TEXT, id TEXT, source TEXT, sequence INTEGER, PRIMARY KEY ("index", id));
)";

struct Layout {
  std::int64_t application = 0;
  std::int64_t version = 0;

  bool is_ours() const { return application == kApplicationId && version == kLayout; }
};

Result<Layout> layout_of(SqliteConnection& connection) {
  const auto application = connection.number("PRAGMA application_id");
  if (!application) return std::unexpected(application.error());
  const auto version = connection.number("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  return Layout{application->value_or(0), version->value_or(0)};
}

/// Makes the tables of an empty file, or those that an older version did not know. An error when the file is somebody else's.
Result<void> lay_out(SqliteConnection& connection, const Layout& found) {
  if (found.application == kApplicationId && found.version == kOldestLayout) {
    if (const auto made = connection.script(kSinceThen); !made) return made;
    return connection.script(fmt::format("PRAGMA user_version={}", kLayout).c_str());
  }
  if (found.application == kApplicationId) {
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("the embedded file {} has layout {}, this version of lernd knows layout {}; use the version that wrote it, or name another file "
                            "with lernd.embedded.file",
                            connection.path(), found.version, kLayout));
  }
  const auto others = connection.number("SELECT count(*) FROM sqlite_master");
  if (!others) return std::unexpected(others.error());
  if (*others != 0) {
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("the embedded file {} is the database of another program; name another file with lernd.embedded.file", connection.path()));
  }
  for (const auto* tables : {kTables, kSinceThen}) {
    if (const auto made = connection.script(tables); !made) return made;
  }
  return connection.script(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kLayout).c_str());
}

/// A file that is not ours at the first look is judged inside a transaction: another process may be making the tables at this moment, and what several
/// statements say of such a file belongs together only while nobody else writes.
Result<void> ensure_layout(SqliteConnection& connection) {
  const auto first = layout_of(connection);
  if (!first) return std::unexpected(first.error());
  if (first->is_ours()) return {};
  return connection.atomically([&]() -> Result<void> {
    const auto found = layout_of(connection);
    if (!found) return std::unexpected(found.error());
    return found->is_ours() ? Result<void>() : lay_out(connection, *found);
  });
}

/// Two connections that open a new file at the same moment cannot both switch it, and SQLite does not wait for this one lock by itself.
Result<void> use_write_ahead_log(SqliteConnection& connection) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  for (;;) {
    auto switched = connection.script("PRAGMA journal_mode=WAL");
    const bool busy = !switched && switched.error().code == ErrorCode::unavailable;
    if (!busy || std::chrono::steady_clock::now() >= deadline) return switched;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

EmbeddedDatabase::EmbeddedDatabase(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)), catalog_(std::make_unique<embedded::Catalog>(*connection_)) {}

EmbeddedDatabase::~EmbeddedDatabase() { connection_->rollback(); }

const std::string& EmbeddedDatabase::path() const { return connection_->path(); }

Result<std::shared_ptr<EmbeddedDatabase>> EmbeddedDatabase::open(const std::string& path) {
  auto connection = SqliteConnection::open(path);
  if (!connection) return std::unexpected(connection.error());
  if (const auto options = (*connection)->script("PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864"); !options) {
    return std::unexpected(options.error());
  }
  // The layout first: nothing of somebody else's file is changed.
  if (const auto layout = ensure_layout(**connection); !layout) return std::unexpected(layout.error());
  if (const auto log = use_write_ahead_log(**connection); !log) return std::unexpected(log.error());
  return std::shared_ptr<EmbeddedDatabase>(new EmbeddedDatabase(std::move(*connection)));
}

}  // namespace lernd
