#pragma once

#include <memory>
#include <string>

#include "core/error.h"
#include "ports/http_client.h"
#include "ports/table_scan.h"
#include "sync/options.h"

namespace lernd {

/// A client for the endpoint of the Sync API, for one worker. Its errors name the parameters of `lernd sync`.
std::unique_ptr<HttpClient> make_sync_client(const sync::Options& options);

/// Connects to the database that holds the ids. Errors: as TableScan; they name the parameters of `lernd sync`.
Result<std::unique_ptr<TableScan>> open_sync_scan(const sync::Options& options);

/// Whether this program was built with what `lernd sync` needs.
bool has_sync_services();

}  // namespace lernd
