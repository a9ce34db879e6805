#include "jobs/relation_cache_updater/rules.h"

#include <fmt/format.h>

#include "jobs/job_request.h"
#include "jobs/relation_cache_updater/hierarchy.h"

namespace lernd::relation_cache_updater {
namespace {

/// Keys replaced in one transaction: few enough that readers of the server do not wait for them.
constexpr std::size_t kGroupKeys = 16;

/// The sets of one kind replace the former ones; of those that are empty now, nothing stays.
void replace_sets(Plan& plan, const std::vector<NodeSet>& sets, std::string_view root_id, std::string_view kind, const Options& options) {
  std::vector<CacheWrite> writes;
  for (const NodeSet& set : sets) {
    CacheWrite write{.cache = options.relation_cache, .key = fmt::format("{}:{}:{}", root_id, set.node_id, kind)};
    if (!set.members.empty()) {
      write.kind = CacheWrite::Kind::put_set;
      write.value.members = set.members;
      plan.counts.add(counter::kWrites);
    }
    writes.push_back(std::move(write));
  }
  append_stage(plan, std::move(writes), kGroupKeys);
}

void put_units(Plan& plan, const std::vector<Unit>& units, const Options& options) {
  std::vector<CacheWrite> writes;
  for (const Unit& unit : units) {
    writes.push_back({.kind = CacheWrite::Kind::put_text, .cache = options.unit_cache, .key = unit.node_id, .value = {.text = unit.json}});
  }
  plan.counts.add(counter::kWrites, writes.size());
  append_stage(plan, std::move(writes), 1);
}

}  // namespace

Step advance(const CollectionPublished& published, const Facts& facts, const Options& options) {
  const std::string& root_id = published.collection_id;
  Ask ask;
  const Rows* rows = facts.rows({options.hierarchies, {"hierarchy"}, {{"identifier", root_id}}}, ask);
  if (rows == nullptr) return ask;

  Plan plan;
  plan.counts.add(counter::kReads);
  const auto skipped = [&] {
    plan.counts.add(counter::kSkipped, published.messages);
    return plan;
  };
  const std::string* text = rows->empty() ? nullptr : (*rows)[0]["hierarchy"].text();
  if (text == nullptr || is_blank(*text)) return skipped();
  const auto document = JsonDocument::parse(*text);
  if (!document || !document->root().is_object()) {
    return Reject{{Treatment::reject, ErrorCode::malformed_row,
                   "the hierarchy of the collection is not a JSON object; publish the collection again so that its row is written anew"},
                  plan.counts};
  }
  if (document->root().members().empty()) return skipped();

  const Relations relations = relations_of(root_id, document->root());
  replace_sets(plan, relations.leaf_nodes, root_id, "leafnodes", options);
  replace_sets(plan, relations.optional_nodes, root_id, "optionalnodes", options);
  replace_sets(plan, relations.ancestors, root_id, "ancestors", options);
  put_units(plan, relations.units, options);
  for (const std::string& id : relations.optional_collections) {
    plan.remarks.push_back({"an optional unit has no effect: readers leave out optional contents alone", fmt::format("collection {}, unit {}", root_id, id)});
  }
  plan.counts.add(counter::kSucceeded, published.messages);
  return plan;
}

Plan parked(const CollectionPublished& published) {
  Plan plan;
  plan.counts.add(counter::kFailed, published.messages);
  return plan;
}

}  // namespace lernd::relation_cache_updater
