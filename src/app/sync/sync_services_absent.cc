#include "app/sync/sync_services.h"

namespace lernd {

std::unique_ptr<HttpClient> make_sync_client(const sync::Options&) { return nullptr; }

Result<std::unique_ptr<TableScan>> open_sync_scan(const sync::Options&) {
  return fail(Treatment::fatal, ErrorCode::invalid_option, "this program was built without the adapters for Cassandra and HTTP (LERND_SERVICES)");
}

bool has_sync_services() { return false; }

}  // namespace lernd
