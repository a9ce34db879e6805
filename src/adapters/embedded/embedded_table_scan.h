#pragma once

#include <memory>

#include "adapters/embedded/database.h"
#include "ports/table_scan.h"

namespace lernd {

/// Scans the tables of the file, in the order of their keys. Rows have no tokens here: the partitioner has no name, and a range is `fatal`/`internal`.
///
/// Threads  any number at once, as long as no other port uses the database object meanwhile.
std::unique_ptr<TableScan> make_embedded_table_scan(std::shared_ptr<EmbeddedDatabase> database);

}  // namespace lernd
