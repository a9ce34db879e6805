#include "core/ask.h"

#include "core/hash.h"

namespace lernd {

std::size_t hash_of(const RowsQuery& query) {
  std::size_t seed = mix(query.key.size(), query.table.table);
  for (const Cell& cell : query.key) seed = mix(seed, hash_of(cell.value));
  return seed;
}

std::size_t hash_of(const CacheQuery& query) {
  const auto place = static_cast<std::size_t>(query.cache.database) * 8 + static_cast<std::size_t>(query.kind);
  return mix(mix(place + query.fields.size(), static_cast<std::size_t>(query.attempt)), query.key);
}

std::size_t hash_of(const HttpQuery& query) { return mix(mix(query.body.size(), query.url), query.body); }

}  // namespace lernd
