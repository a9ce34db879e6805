#pragma once

#include <memory>

#include "adapters/embedded/database.h"
#include "ports/http_client.h"

namespace lernd {

/// HTTP services played from documents in the file (`put_http_stubs`). Only the path of a URL counts, whatever host it names.
///
/// Every call is noted, also one that is answered by a fault or by nobody (404). Notes are committed at once, unless a transaction of the database object is
/// open: then they become part of that. Errors  `retry`/`unavailable` for the faults `refused` and `reset`, `retry`/`timed_out` at once for `timeout`; else as
/// HttpClient says.
std::unique_ptr<HttpClient> make_embedded_http_client(std::shared_ptr<EmbeddedDatabase> database);

}  // namespace lernd
