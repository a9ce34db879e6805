#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/facts.h"
#include "core/plan.h"

namespace lernd::course_progress {

/// A sorted set of content or unit ids, compared byte by byte.
using IdSet = std::vector<std::string>;

/// Where the relation cache is and how its sets are read.
///
/// Source: enrolment-reconciliation.md section 5.
struct RelationCache {
  CacheId cache;
  bool optional_nodes = true;  ///< take optional contents out of the leaf sets
};

/// The leaf contents of a course or unit that count: its leaf set without its optional set.
struct LeafSet {
  IdSet required;
  bool missing = false;  ///< there is no leaf set under this id
};

/// The leaf set of one collection of a course, or null while it is still asked for. Look-ups are counted in `counts` once the set is known:
/// `cache-hit-count` for each, `cache-miss-count` for each that finds nothing; the optional set is not looked up where `course` is missing its leaf set.
///
/// `reread` asks a second time, after a pause, for a leaf set that was missing: its filler may be replacing it just now.
std::optional<LeafSet> leaf_set(std::string_view course_id, std::string_view collection_id, bool reread, const RelationCache& cache, const Facts& facts,
                                Ask& ask, Counts& counts);

/// The units above any of the contents, the course itself left out; null while an ancestor set is still asked for. Counted as `leaf_set` counts.
std::optional<IdSet> units_above(std::string_view course_id, const std::vector<std::string_view>& contents, const RelationCache& cache, const Facts& facts,
                                 Ask& ask, Counts& counts);

/// What to remark on when an enrolment is completed because no content of the course is required.
inline constexpr const char* kNothingRequired = "a course of optional contents alone is completed by any event";

/// How many of `done` (each once) are in `required`.
std::size_t count_common(const IdSet& required, const std::vector<std::string_view>& done);

}  // namespace lernd::course_progress
