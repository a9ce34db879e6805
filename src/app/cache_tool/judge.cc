#include "app/cache_tool/judge.h"

#include <algorithm>

namespace lernd::cache_tool {

Judgement judge(const CacheWrite& write, const CacheValue& stored) {
  if (stored.missing()) return {.kind = Judgement::Kind::missing};
  const std::map<std::string, std::string> there(stored.fields.begin(), stored.fields.end());
  Judgement judgement;
  for (const auto& [field, value] : write.value.fields) {
    const auto found = there.find(field);
    if (found == there.end() || found->second != value) judgement.fields.push_back(field);
  }
  for (const std::string& field : write.drop) {
    if (there.contains(field)) judgement.fields.push_back(field);
  }
  std::ranges::sort(judgement.fields);
  if (!judgement.fields.empty()) judgement.kind = Judgement::Kind::stale;
  return judgement;
}

std::vector<Result<Judgement>> judge(std::span<const Found> found, Cache& cache) {
  std::vector<CacheQuery> whole;
  for (const auto& [user, write] : found) whole.push_back({.cache = write.cache, .kind = CacheKind::hash, .key = write.key});
  const auto entries = cache.read(whole);
  std::vector<Result<Judgement>> judgements;
  for (std::size_t i = 0; i < found.size(); ++i) {
    judgements.push_back(entries[i] ? Result<Judgement>(judge(found[i].write, *entries[i])) : std::unexpected(entries[i].error()));
  }
  return judgements;
}

void JudgementCounts::add(const Judgement& judgement) {
  switch (judgement.kind) {
    case Judgement::Kind::right:
      ++right;
      break;
    case Judgement::Kind::missing:
      ++missing;
      break;
    case Judgement::Kind::stale:
      ++stale;
      break;
  }
  for (const std::string& field : judgement.fields) ++fields[field];
}

}  // namespace lernd::cache_tool
