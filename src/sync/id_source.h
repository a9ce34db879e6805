#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "bulk/id_file.h"
#include "bulk/pace.h"
#include "core/error.h"
#include "ports/clock.h"
#include "ports/table_scan.h"
#include "sync/options.h"
#include "sync/rejected_ids.h"

namespace lernd::sync {

/// The ids of the file that the options name, in a list without a name in the folder of the logs. Errors: as `bulk::read_id_file`.
Result<bulk::IdList> file_ids(const Options& options, RejectedIds& rejected, const std::stop_token& stop);

/// What the reading of a table needs from outside.
struct TableSource {
  TableScan& scan;
  bulk::Waiter& waiter;
  Clock& clock;
  std::function<void(std::int64_t ids)> on_page;
  std::stop_token stop;
};

/// The ids of the table that the options name, in the file `path`. Errors: as `bulk::read_table_ids`.
Result<bulk::IdList> table_ids(const Options& options, const TableSource& source, RejectedIds& rejected, const std::string& path);

}  // namespace lernd::sync
