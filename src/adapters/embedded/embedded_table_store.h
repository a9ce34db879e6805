#pragma once

#include <memory>

#include "adapters/embedded/database.h"
#include "ports/table_store.h"

namespace lernd {

/// Tables in the file: one SQLite table `keyspace.table` for each CQL table, readable with the sqlite3 shell.
///
/// Writes go into the open transaction of the database. When the file refuses one, the whole transaction is rolled back and every element of the call gets that
/// error; a group that does not fit its table (`reject`, `fatal`/`schema_mismatch`) is answered by itself and the others are written.
/// Rows of any query come in the order of the primary key, texts by their bytes.
///
/// Difference from Cassandra  write times are not kept, the later call wins; a row that was only updated stays when all its columns become null; names of
/// tables and
///                            columns that differ only in case are the same; NaN and infinities are refused; times outside the years 0 to 9999 are refused.
std::unique_ptr<TableStore> make_embedded_table_store(std::shared_ptr<EmbeddedDatabase> database);

}  // namespace lernd
