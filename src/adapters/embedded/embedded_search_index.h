#pragma once

#include <memory>

#include "adapters/embedded/database.h"
#include "ports/search_index.h"

namespace lernd {

/// Search indices in the file: the indices in `lernd_index`, their documents in `lernd_document`.
///
/// Updates go into the open transaction of the database object and become durable with it; a fault of the file rolls that back and is reported for every
/// element of the call. Searches see what reads see, so `refresh` has nothing to do. A document is kept as JSON without blanks.
///
/// Difference from Elasticsearch  fields have no types, so no document is refused for one; a search looks at every document of the index.
std::unique_ptr<SearchIndex> make_embedded_search_index(std::shared_ptr<EmbeddedDatabase> database);

}  // namespace lernd
