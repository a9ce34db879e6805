#pragma once

#include <memory>

#include "adapters/embedded/database.h"
#include "ports/cache.h"

namespace lernd {

/// Cache keys in the file, in `lernd_cache`: a text as it is, a set as a JSON array, a hash as a JSON object.
///
/// All endpoints are one server: only the number of the database counts. Writes go into the open transaction of the database object and become durable with it;
/// a fault of the file rolls that back and is reported for every element of the call. Expiry follows the machine's clock; a write without an
/// expiry takes away the one that the key had.
///
/// Difference from Redis  members and fields are UTF-8 (`reject` otherwise); a negative database number is `fatal`, any other is there.
std::unique_ptr<Cache> make_embedded_cache(std::shared_ptr<EmbeddedDatabase> database);

}  // namespace lernd
