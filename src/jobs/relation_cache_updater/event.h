#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "core/job.h"

namespace lernd::relation_cache_updater {

/// The news that a collection was published. Source: relation-cache-updater.md section 2.
struct CollectionPublished : Event {
  std::string collection_id;
  std::size_t messages = 1;  ///< how many records told so, folded into one
};

/// Reads a record. Skips what is not JSON (as a dead letter), what carries another action or mime type, and what has no identifier.
std::expected<CollectionPublished, Skip> read(const Record& record);

}  // namespace lernd::relation_cache_updater
