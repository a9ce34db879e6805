#pragma once

#include <memory>

#include "ports/table_store.h"

namespace lernd {

/// The table store of a job that has no tables and no journal: no server is asked for anything.
///
/// Errors  `fatal`/`internal` for every row and table, a programmer's error; there is nothing to drop, and `ping` and `flush` succeed.
std::unique_ptr<TableStore> make_no_tables();

}  // namespace lernd
