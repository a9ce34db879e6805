#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/http/curl_client.h"
#include "core/ask.h"
#include "core/error.h"

namespace lernd {

/// The host of a URL as it may be shown: `host` or `host:port`, without user, password, path and query.
///
/// Errors  `fatal` (no http or https URL).
Result<std::string> host_of(const HttpQuery& query);

/// Header lines as the library takes them: the query's own, and those that switch off what it would add by itself.
///
/// Errors  `fatal` (a method that is no word; a line break or another control character in a name or value, which would change the request).
Result<std::vector<std::string>> header_lines(const HttpQuery& query);

/// What a failed transfer stands for. `whom` says which service at which host.
Error transfer_error(CURLcode code, const std::string& whom, const HttpOptions& options);

}  // namespace lernd
