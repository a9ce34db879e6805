#pragma once

#include <cstdint>
#include <string>

#include "app/cache_tool/run_status.h"
#include "app/cache_tool/world.h"
#include "bulk/id_file.h"
#include "bulk/table_ids.h"
#include "core/error.h"
#include "core/table.h"

namespace lernd::cache_tool {

/// Where the ids of users come from.
struct UserSource {
  std::string id_file;  ///< one id a line, `-` is standard input; empty: all rows of the table
  TableName table{"sunbird", "user"};
  std::string column = "id";

  bool is_file() const { return !id_file.empty(); }
  /// For people: the file, or keyspace.table.column.
  std::string text() const;
  bulk::IdColumn id_column() const;
};

/// The ids of the file, in a list without a name in `folder`. Lines that are no ids are told of by their number, never by what they hold.
///
/// Errors  as `bulk::read_id_file`.
Result<bulk::IdList> listed_users(const UserSource& source, const std::string& folder, const World& world);

/// The ids of the table, in the file `path`; shows how many there are so far. Waits for a database that is away.
///
/// Errors  as `bulk::read_table_ids`.
Result<bulk::IdList> scanned_users(const UserSource& source, const std::string& path, const World& world);

/// A folder for lists that nobody needs afterwards.
std::string scratch_folder();
/// The ids that the source has now, for a command that will not be gone on with: in a list without a name.
Result<bulk::IdList> users_now(const UserSource& source, const World& world);

}  // namespace lernd::cache_tool
