#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/cache_tool/user_rounds.h"
#include "core/ask.h"
#include "core/plan.h"
#include "ports/cache.h"

namespace lernd::cache_tool {

/// How an entry stands to what the job would make of it now.
struct Judgement {
  enum class Kind : std::uint8_t {
    right,    ///< the job would change nothing
    missing,  ///< there is none
    stale,
  };
  Kind kind = Kind::right;
  std::vector<std::string> fields;  ///< names of those that are stale: another value, not there, or to be removed; sorted
  bool operator==(const Judgement&) const = default;
};

/// Compares an entry with what the job would write. Fields that the write does not touch do not matter. Pure.
Judgement judge(const CacheWrite& write, const CacheValue& stored);

/// The same of the entries as they are in the cache now. Errors: those of its reads, one by one.
std::vector<Result<Judgement>> judge(std::span<const Found> found, Cache& cache);

/// Judgements added up.
struct JudgementCounts {
  std::int64_t right = 0;
  std::int64_t missing = 0;
  std::int64_t stale = 0;
  std::map<std::string, std::int64_t> fields;  ///< in how many entries each is stale

  void add(const Judgement& judgement);
};

}  // namespace lernd::cache_tool
