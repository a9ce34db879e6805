#include "jobs/course_progress/course_tree.h"

#include <algorithm>
#include <iterator>

#include "jobs/course_progress/counters.h"

namespace lernd::course_progress {
namespace {

/// Queries for sets of one course. One is made over and over in the same place: an event looks up dozens of sets, in every round again.
class SetQueries {
 public:
  SetQueries(const RelationCache& relation, std::string_view course_id) : course_id_(course_id), query_{.cache = relation.cache, .kind = CacheKind::set} {}

  /// Valid until the next call.
  const CacheQuery& of(std::string_view node_id, std::string_view kind, int attempt = 0) {
    query_.key.assign(course_id_).append(1, ':').append(node_id).append(1, ':').append(kind);
    query_.attempt = attempt;
    return query_;
  }

 private:
  std::string_view course_id_;
  CacheQuery query_;
};

void count_look_up(const CacheValue& found, Counts& counts) {
  counts.add(counter::kCacheHits);
  if (found.members.empty()) counts.add(counter::kCacheMisses);
}

}  // namespace

std::optional<LeafSet> leaf_set(std::string_view course_id, std::string_view collection_id, bool reread, const RelationCache& cache, const Facts& facts,
                                Ask& ask, Counts& counts) {
  SetQueries sets(cache, course_id);
  const CacheValue* leaf = facts.cache(sets.of(collection_id, "leafnodes"), ask);
  const CacheValue* optional = cache.optional_nodes ? facts.cache(sets.of(collection_id, "optionalnodes"), ask) : nullptr;
  if (leaf == nullptr || (cache.optional_nodes && optional == nullptr)) return std::nullopt;
  if (leaf->members.empty() && reread) {
    leaf = facts.cache(sets.of(collection_id, "leafnodes", 1), ask);
    if (leaf == nullptr) return std::nullopt;
  }

  count_look_up(*leaf, counts);
  LeafSet set{.missing = leaf->members.empty()};
  if (optional == nullptr || (set.missing && course_id == collection_id)) {
    set.required = leaf->members;
    return set;
  }
  count_look_up(*optional, counts);
  std::ranges::set_difference(leaf->members, optional->members, std::back_inserter(set.required));
  return set;
}

std::optional<IdSet> units_above(std::string_view course_id, const std::vector<std::string_view>& contents, const RelationCache& cache, const Facts& facts,
                                 Ask& ask, Counts& counts) {
  IdSet units;
  Counts look_ups;
  SetQueries sets(cache, course_id);
  bool known = true;
  for (const std::string_view content : contents) {
    const CacheValue* above = facts.cache(sets.of(content, "ancestors"), ask);
    if (above == nullptr) {
      known = false;
      continue;
    }
    count_look_up(*above, look_ups);
    for (const std::string& unit : above->members) {
      if (unit == course_id) continue;
      if (const auto place = std::ranges::lower_bound(units, unit); place == units.end() || *place != unit) units.insert(place, unit);
    }
  }
  if (!known) return std::nullopt;
  counts.add(look_ups);
  return units;
}

std::size_t count_common(const IdSet& required, const std::vector<std::string_view>& done) {
  return static_cast<std::size_t>(std::ranges::count_if(done, [&](std::string_view content) { return std::ranges::binary_search(required, content); }));
}

}  // namespace lernd::course_progress
